import { type Job, jobTallies, orchestrate, tallyList } from "../phases/orchestrate.ts";
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

/** The exit code for a run that is done and in which files failed, where it is asked for. */
const FILES_FAILED = 3;

/** Opens the library, does the job with progress on stderr, closes, and prints the report on stdout. Answers with the exit code. */
export async function work(command: string, values: WorkValues, context: ScriptContext, job: Job): Promise<number> {
  const { log, stop } = context;
  const startedMs = performance.now();
  const session = await openSession({
    command,
    ...libraryOptions(values),
    workers: values.workers,
    create: values.create,
    stop,
    mounts: parseMounts(values.root),
    itemTimeoutMs: values.fileTimeout * 1000,
    memoryBytes: values.memory === undefined ? undefined : values.memory * 2 ** 20,
    warn: (line) => log.warn(printable(line)),
    ...(values.verbose && {
      onEvent: (event) => log.log(printable(typeof event === "string" ? event : eventLine(event))),
    }),
  });
  try {
    const byPhase = jobTallies(job);
    const tallies = tallyList(byPhase);
    const end = showProgress(session, tallies, values.quiet || values.json ? "none" : undefined);
    await orchestrate(session, job, byPhase).finally(end);
    const hadWork = tallies.some((tally) => tally.done + tally.failed > 0 || tally.error !== null);
    if (hadWork || !values.quiet) printReport(makeReport(session, command, tallies, startedMs), values.json);
    const failure = tallies.find((tally) => tally.error !== null)?.error;
    if (failure) throw failure;
    return values.failOn === "failed" && tallies.some((tally) => tally.failed > 0) ? FILES_FAILED : 0;
  } finally {
    await session.close();
  }
}
