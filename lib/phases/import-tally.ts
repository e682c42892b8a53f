import { PassedOver } from "../files/passed-over.ts";
import type { ReadPlace } from "./import-places.ts";
import { createTally, type Tally } from "./tally.ts";

const COUNTS = [
  "unchanged",
  "new",
  "duplicates",
  "refreshed",
  "repaired",
  "unreadable",
  "gone",
  "returned",
  "archives",
  "parts",
  "problems",
] as const;

export type ImportCount = (typeof COUNTS)[number];

export interface ImportTally extends Tally<ImportCount> {
  /** What is neither a MIDI file nor an archive, in folders and in archives that were read. */
  readonly passedOver: PassedOver;
}

export function importTally(): ImportTally {
  return { ...createTally("import", COUNTS), passedOver: new PassedOver() };
}

/** What new contents there are to do: how many to analyse, how many to split. */
export interface NewWork {
  readonly analyse: number;
  readonly split: number;
}

/** Counts places that were stored. `fresh` are the hashes of the contents that are new in the library. */
export function countPlaces(tally: ImportTally, places: readonly ReadPlace[], fresh: ReadonlySet<string>): NewWork {
  const { counts } = tally;
  const left = new Set(fresh);
  let analyse = 0;
  let split = 0;
  for (const { seen, checked } of places) {
    if (!checked.sha256) counts.unreadable++;
    else if (left.delete(checked.sha256)) {
      counts.new++;
      if (checked.status !== "rejected") analyse++;
      if ((checked.voiceCount ?? 0) > 1) split++;
    } else if (seen.known?.contentId) counts.refreshed++;
    else counts.duplicates++;
    if (checked.status === "repaired") counts.repaired++;
    if (!checked.sha256 || checked.status === "rejected") tally.failed++;
    else tally.done++;
  }
  return { analyse, split };
}
