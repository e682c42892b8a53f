import { readFile, UnreadableFile } from "../files/read-file.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";
import { REPAIRS, type RepairCode } from "../midi/read/repairs.ts";
import { mendScore } from "../midi/write/mend-score.ts";
import { SmfWriter } from "../midi/write/smf-writer.ts";

/** A file that was mended: its new bytes, which hold until the next one; or that it needs none; or why it can't be. */
export type Mended =
  | { readonly bytes: Uint8Array; readonly repairs: readonly MendedRepair[] }
  | { readonly whole: true }
  | { readonly error: string };

/** What was changed, and how often. */
export interface MendedRepair {
  readonly code: string;
  readonly count: number;
  /** What was done about it, in words. */
  readonly about: string;
}

/** A file asked for by name may be large. */
const MOST_BYTES = 256 * 1024 * 1024;

const reader = createReader({ events: true });
const writer = new SmfWriter();

/** Reads a file and writes it anew, whole and well-formed. */
export function mendFile(path: string): Mended {
  try {
    const score = reader.read(readFile(path, MOST_BYTES).bytes);
    if (score.status === "ok") return { whole: true };
    const repairs = score.repairs.map((repair) => ({ ...repair, about: REPAIRS[repair.code as RepairCode] }));
    return { bytes: mendScore(score, writer), repairs };
  } catch (error) {
    if (error instanceof BadMidi || error instanceof UnreadableFile) return { error: error.message };
    throw error;
  }
}
