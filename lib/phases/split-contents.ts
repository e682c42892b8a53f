import { retryFailed } from "../database/claims.ts";
import { reopenSplits, storeParts } from "../database/parts.ts";
import { claimLoop, type Feed } from "./claim-loop.ts";
import { contentItem, judgeMissing } from "./content-item.ts";
import type { Session } from "./session.ts";
import { createTally, type Tally } from "./tally.ts";

export interface SplitOptions {
  /** The folder of parts; by default in the data directory. */
  readonly out?: string;
  readonly by: "auto" | "track" | "channel";
  readonly drumsByNote: boolean;
  readonly force: boolean;
  readonly retryFailed: boolean;
  readonly maxBytes: number;
  /** Contents claimed at once, for measuring what a batch is worth. */
  readonly batch?: number;
}

const BATCH = 64;

export type SplitTally = Tally<"parts">;

export function splitTally(): SplitTally {
  return createTally("split", ["parts"]);
}

/** Cuts every pending content with several voices into files under `out`. */
export async function splitContents(
  session: Session,
  options: SplitOptions,
  tally: SplitTally,
  feed: Feed,
): Promise<void> {
  const { out = `${session.dataDir}/parts`, by, drumsByNote, maxBytes } = options;
  const mode = drumsByNote ? `${by}, drums by note` : by;
  await session.query((sql) => reopenSplits(sql, { by: mode, all: options.force, singles: drumsByNote }));
  if (options.retryFailed) await session.query((sql) => retryFailed(sql, "split"));
  await claimLoop(
    session,
    {
      phase: "split",
      batch: options.batch ?? BATCH,
      lanes: session.workers,
      job: "split",
      context: { out, by, drumsByNote, maxBytes, dataDir: session.dataDir },
      item: (content) => contentItem(session, content),
      judge: (content, result) =>
        "parts" in result
          ? { keep: { contentId: result.id, parts: result.parts } }
          : judgeMissing(session, content, result),
      idOf: ({ contentId }) => contentId,
      store: async (sql, run, cuts) => {
        const stored = await storeParts(sql, run, mode, cuts);
        tally.counts.parts += cuts.reduce((sum, cut) => sum + cut.parts.length, 0);
        return stored;
      },
    },
    tally,
    feed,
  );
  await session.crew.run("tidyParts", [{ out }], null, session.stop);
}
