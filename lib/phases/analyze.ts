import { reopenAnalyses, storeAnalyses } from "../database/analyses.ts";
import { retryFailed } from "../database/claims.ts";
import { ANALYZER_VERSION, type Analysed } from "../threads/analyze.ts";
import { claimLoop, type Feed } from "./claim-loop.ts";
import { contentItem, judgeMissing } from "./content-item.ts";
import { createTally, type Tally } from "./tally.ts";
import type { Workshop } from "./workshop.ts";

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

export function analysisTally(): Tally {
  return createTally("analysis");
}

/** Analyses every content that is pending or was judged by an older analyser. */
export async function analyzeContents(
  shop: Workshop,
  options: AnalyzeOptions,
  tally: Tally,
  feed: Feed,
): Promise<void> {
  await shop.query((sql) => reopenAnalyses(sql, options.force ? "all" : ANALYZER_VERSION));
  if (options.retryFailed) await shop.query((sql) => retryFailed(sql, "analysis"));
  await claimLoop<Analysed>(
    shop,
    {
      phase: "analysis",
      batch: options.batch ?? BATCH,
      lanes: shop.workers,
      job: "analyze",
      context: { maxBytes: options.maxBytes, dataDir: shop.dataDir },
      item: (content) => contentItem(shop, content),
      judge: (content, result) => ("row" in result ? { keep: result } : judgeMissing(shop, content, result)),
      store: (sql, run, results) =>
        storeAnalyses(
          sql,
          run,
          results.filter((result) => "row" in result),
        ),
    },
    tally,
    feed,
  );
}
