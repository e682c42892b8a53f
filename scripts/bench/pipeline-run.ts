/** One run of `pipeline.ts`: reads what to do from stdin, prints how long it took as JSON. */
import { type Job, jobTallies, orchestrate, tallyList } from "../../lib/phases/orchestrate.ts";
import { makeReport, type Report } from "../../lib/phases/report.ts";
import { openSession } from "../../lib/phases/session.ts";
import type { Phase, Variant } from "./pipeline-variants.ts";

interface Task {
  readonly variant: Variant;
  readonly source: string;
  readonly dataDir: string;
  readonly database?: string;
}

const PLAIN_POOL = { min: 0, bypassMs: Infinity, keepaliveMs: Infinity };
const MAX_BYTES = 64 << 20;
const { variant, source, dataDir, database } = (await Bun.stdin.json()) as Task;
const session = await openSession({
  command: "bench",
  database,
  dataDir,
  workers: variant.workers,
  stop: new AbortController().signal,
  ...(variant.plainPool && { poolSettings: PLAIN_POOL }),
});
const reports: Report[] = [];
const started = performance.now();
for (const phases of variant.steps) reports.push(await runStep(phases));
const seconds = (performance.now() - started) / 1000;
await session.close();
process.stdout.write(JSON.stringify({ seconds, reports }), () => process.exit());

async function runStep(phases: readonly Phase[]): Promise<Report> {
  const job = jobOf(phases);
  const tallies = jobTallies(job);
  const begun = performance.now();
  await orchestrate(session, job, tallies);
  for (const { error } of tallyList(tallies)) if (error) throw error;
  return makeReport(session, "bench", tallyList(tallies), begun);
}

function jobOf(phases: readonly Phase[]): Job {
  const size = { maxBytes: MAX_BYTES, ...(variant.batch !== undefined && { batch: variant.batch }) };
  const common = { ...size, force: false, retryFailed: false };
  const out = `${dataDir}/parts`;
  return {
    ...(phases.includes("import") && { import: { ...size, source } }),
    ...(phases.includes("analysis") && { analysis: common }),
    ...(phases.includes("split") && { split: { ...common, out, by: "auto" as const, drumsByNote: false } }),
  };
}
