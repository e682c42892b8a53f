#!/usr/bin/env bun
/**
 * Whether a file costs the same in a large library as in a small one, in time and memory.
 *
 *     bun scripts/bench/scale.ts [--files 1000,10000] [--seed 1] [--database URL] [--json]
 *
 * Makes libraries of so many distinct songs from seeds, no real data needed, and runs the whole job on each, then runs
 * it again (nothing to do), as processes of their own.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Report } from "../../lib/phases/report.ts";
import { generateLibrary } from "./generate.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "1000,10000" },
    seed: { type: "string", default: "1" },
    database: { type: "string" },
    json: { type: "boolean" },
  },
});

const project = new URL("../..", import.meta.url).pathname;
const base = mkdtempSync(join(tmpdir(), "midiworks-scale-"));
const rows: object[] = [];
try {
  for (const files of values.files.split(",").map(Number)) {
    const source = join(base, `songs-${files}`);
    const bytes = await generateLibrary(source, files, Number(values.seed));
    const dataDir = join(base, `library-${files}`);
    const first = await job(source, dataDir);
    const again = await job(source, dataDir);
    const row = {
      files,
      megabytes: Math.round(bytes / 1e6),
      seconds: first.seconds,
      microsecondsPerFile: Math.round((first.seconds / files) * 1e6),
      filesPerSecond: Math.round(files / first.seconds),
      memoryMegabytes: first.memory,
      againSeconds: again.seconds,
      againMemoryMegabytes: again.memory,
    };
    rows.push(row);
    if (!values.json) process.stdout.write(`${JSON.stringify(row)}\n`);
  }
  const machine = `${cpus()[0]!.model.trim()}, ${cpus().length} cores, Bun ${Bun.version}`;
  process.stdout.write(`${values.json ? JSON.stringify({ machine, rows }) : machine}\n`);
} finally {
  rmSync(base, { recursive: true, force: true });
}

async function job(source: string, dataDir: string): Promise<{ seconds: number; memory: number }> {
  const database = values.database ? ["--database", values.database] : [];
  const command = ["scripts/orchestrate.ts", "--source", source, "--data-dir", dataDir, "--json", ...database];
  const child = Bun.spawn([process.execPath, ...command], { cwd: project, stdout: "pipe", stderr: "inherit" });
  const out = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error("the job failed");
  const report = JSON.parse(out) as Report;
  return { seconds: report.seconds, memory: Math.round(child.resourceUsage()!.maxRSS / 1e6) };
}
