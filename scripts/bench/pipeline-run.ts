/** One run of `pipeline.ts`: reads what to do from stdin, prints how long it took as JSON. */
import { jobTallies, orchestrate } from "../../lib/phases/orchestrate.ts";
import { makeReport, type Report } from "../../lib/phases/report.ts";
import { openWorkshop } from "../../lib/phases/workshop.ts";
import { createPool } from "../../lib/pool.ts";
import type { Variant } from "./pipeline.ts";

interface Task {
  readonly variant: Variant;
  readonly source: string;
  readonly dataDir: string;
  readonly database?: string;
}

const MAX_BYTES = 64 << 20;
const { variant, source, dataDir, database } = (await Bun.stdin.json()) as Task;
const reports: Report[] = [];
const fresh = database ? await freshDatabase(database) : null;
const shop = await openWorkshop({
  command: "bench",
  database: fresh?.url,
  dataDir,
  workers: variant.workers,
  stop: new AbortController().signal,
  ...(variant.plainPool && { poolSettings: { min: 0, bypassMs: Infinity, keepaliveMs: Infinity } }),
});
const started = performance.now();
for (const phases of variant.steps) {
  const common = { force: false, retryFailed: false, maxBytes: MAX_BYTES };
  const job = {
    ...(phases.includes("import") && { import: { source, maxBytes: MAX_BYTES } }),
    ...(phases.includes("analysis") && { analysis: common }),
    ...(phases.includes("split") && {
      split: { ...common, out: `${dataDir}/parts`, by: "auto" as const, drumsByNote: false },
    }),
  };
  const tallies = jobTallies(job);
  const begun = performance.now();
  await orchestrate(shop, job, tallies);
  for (const { error } of tallies) if (error) throw error;
  reports.push(makeReport(shop, "bench", tallies, begun));
}
const seconds = (performance.now() - started) / 1000;
await shop.close();
await fresh?.drop();
process.stdout.write(JSON.stringify({ seconds, reports }), () => process.exit());

/** A new database on the server of `url`. */
async function freshDatabase(url: string) {
  const name = `midiworks_bench_${process.pid}`;
  const pool = await createPool({ url, workers: 1 });
  await pool.run((sql) => sql.unsafe(`create database ${name}`));
  const at = new URL(url);
  at.pathname = `/${name}`;
  return {
    url: at.href,
    async drop() {
      await pool.run((sql) => sql.unsafe(`drop database ${name}`));
      await pool.close();
    },
  };
}
