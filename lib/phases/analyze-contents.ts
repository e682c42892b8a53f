import { reopenAnalyses, storeAnalyses } from "../database/analyses.ts";
import { retryFailed } from "../database/claims.ts";
import { ANALYZER_VERSION } from "../jobs/analyze-content.ts";
import { claimLoop, type Feed } from "./claim-loop.ts";
import { contentItem, judgeMissing } from "./content-item.ts";
import { groupPieces } from "./group-pieces.ts";
import type { Session } from "./session.ts";
import { createTally, type Tally } from "./tally.ts";

export interface AnalyzeOptions {
  /** Work on everything again, not only on what is pending or stale. */
  readonly force: boolean;
  readonly retryFailed: boolean;
  readonly maxBytes: number;
  /** Contents claimed at once, for measuring what a batch is worth. */
  readonly batch?: number;
}

/** Contents in hand per lane: two round trips are paid once for this many. */
const BATCH = 64;

export function analysisTally(): Tally<never> {
  return createTally("analysis", []);
}

/** Analyses every content that is pending or was judged by an older analyser, then finds the same pieces in other hands. */
export async function analyzeContents(
  session: Session,
  options: AnalyzeOptions,
  tally: Tally<never>,
  feed: Feed,
): Promise<void> {
  await session.query((sql) => reopenAnalyses(sql, options.force ? "all" : ANALYZER_VERSION));
  if (options.retryFailed) await session.query((sql) => retryFailed(sql, "analysis"));
  await claimLoop(
    session,
    {
      phase: "analysis",
      batch: options.batch ?? BATCH,
      lanes: session.workers,
      job: "analyze",
      context: { maxBytes: options.maxBytes, dataDir: session.dataDir },
      item: (content) => contentItem(session, content),
      judge: (content, result) => ("row" in result ? { keep: result } : judgeMissing(session, content, result)),
      idOf: ({ id }) => id,
      store: storeAnalyses,
    },
    tally,
    feed,
  );
  await groupPieces(session);
}
