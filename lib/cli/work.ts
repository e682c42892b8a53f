import { type Job, jobTallies, orchestrate } from "../phases/orchestrate.ts";
import { makeReport } from "../phases/report.ts";
import { openWorkshop } from "../phases/workshop.ts";
import { parseMounts, type workFlags } from "./flags.ts";
import { libraryOptions } from "./job-options.ts";
import { showProgress } from "./progress.ts";
import { printReport } from "./report.ts";
import type { ScriptContext, Values } from "./script.ts";

type WorkValues = Values<typeof workFlags>;

/** Opens the library, does the job with progress on stderr, closes, and prints the report on stdout. */
export async function work(command: string, values: WorkValues, context: ScriptContext, job: Job): Promise<undefined> {
  const { log, stop } = context;
  const startedMs = performance.now();
  const shop = await openWorkshop({
    command,
    ...libraryOptions(values),
    workers: values.workers,
    stop,
    mounts: parseMounts(values.root),
    itemTimeoutMs: values.fileTimeout * 1000,
    warn: (line) => log.warn(line),
    ...(values.verbose && { log: (line: string) => log.log(line) }),
  });
  try {
    const tallies = jobTallies(job);
    const end = showProgress(shop, tallies, values.quiet || values.json ? "none" : undefined);
    await orchestrate(shop, job, tallies).finally(end);
    printReport(makeReport(shop, command, tallies, startedMs), values.json);
    const failure = tallies.find((tally) => tally.error !== null)?.error;
    if (failure) throw failure;
  } finally {
    await shop.close();
  }
}
