import { type Job, jobTallies, orchestrate } from "../phases/orchestrate.ts";
import { makeReport } from "../phases/report.ts";
import { openSession } from "../phases/session.ts";
import { parseMounts, type workFlags } from "./flags.ts";
import { libraryOptions } from "./job-options.ts";
import type { ScriptContext, Values } from "./script.ts";
import { eventLine } from "./text/pool-lines.ts";
import { printable } from "./text/printable.ts";
import { showProgress } from "./text/progress.ts";
import { printReport } from "./text/report-text.ts";

type WorkValues = Values<typeof workFlags>;

/** Opens the library, does the job with progress on stderr, closes, and prints the report on stdout. */
export async function work(command: string, values: WorkValues, context: ScriptContext, job: Job): Promise<undefined> {
  const { log, stop } = context;
  const startedMs = performance.now();
  const session = await openSession({
    command,
    ...libraryOptions(values),
    workers: values.workers,
    stop,
    mounts: parseMounts(values.root),
    itemTimeoutMs: values.fileTimeout * 1000,
    warn: (line) => log.warn(printable(line)),
    ...(values.verbose && {
      onEvent: (event) => log.log(printable(typeof event === "string" ? event : eventLine(event))),
    }),
  });
  try {
    const tallies = jobTallies(job);
    const end = showProgress(session, tallies, values.quiet || values.json ? "none" : undefined);
    await orchestrate(session, job, tallies).finally(end);
    printReport(makeReport(session, command, tallies, startedMs), values.json);
    const failure = tallies.find((tally) => tally.error !== null)?.error;
    if (failure) throw failure;
  } finally {
    await session.close();
  }
}
