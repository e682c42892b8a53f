#!/usr/bin/env bun
/**
 * What the whole job takes: each phase alone, the three side by side, with 1 to 32 workers, with the plain pool, and on
 * another server.
 *
 *     bun scripts/bench/pipeline.ts [--source DIR | --files 2000] [--rounds 3] [--database URL [--delay MS]] [--json]
 *
 * Every run is a process of its own on a new library. Variants take turns (A B C, A B C, ...); a row gives the median
 * of the rounds and their spread. The default server is the embedded one, a new one for each run, made before the
 * clock starts; with --database each run has a database of its own there, with --delay so many milliseconds away in each direction.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Report } from "../../lib/phases/report.ts";
import { TcpProxy } from "../../test/pool/proxy.ts";
import { generateLibrary } from "./generate.ts";

const { values } = parseArgs({
  options: {
    source: { type: "string" },
    files: { type: "string", default: "2000" },
    rounds: { type: "string", default: "3" },
    database: { type: "string" },
    delay: { type: "string" },
    json: { type: "boolean" },
  },
});

type Phase = "import" | "analysis" | "split";
export interface Variant {
  readonly name: string;
  /** Runs one after the other on the same library; the time is that of all of them. */
  readonly steps: readonly (readonly Phase[])[];
  readonly workers: number;
  /** N + 2 connections and nothing else: no prewarm, no ping, no keepalive. */
  readonly plainPool?: boolean;
}

const all: readonly Phase[] = ["import", "analysis", "split"];
const cores = cpus().length;
const variants: readonly Variant[] = [
  { name: "one phase after the other", steps: all.map((phase) => [phase]), workers: cores },
  { name: "side by side", steps: [all], workers: cores },
  { name: "side by side, plain pool", steps: [all], workers: cores, plainPool: true },
  ...[1, 4, 8, 32]
    .filter((workers) => workers !== cores)
    .map((workers) => ({ name: `side by side, ${workers} workers`, steps: [all], workers })),
];

const database =
  values.database && values.delay ? await faraway(values.database, Number(values.delay)) : values.database;
const base = mkdtempSync(join(tmpdir(), "midiworks-bench-"));
try {
  const source = values.source ?? join(base, "songs");
  if (!values.source) await generateLibrary(source, Number(values.files));
  const runs = new Map<string, { seconds: number; reports: Report[] }[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const variant of variants) runs.get(variant.name)!.push(await measure(variant, source));
  }
  print(runs);
} finally {
  rmSync(base, { recursive: true, force: true });
}
// The proxy of --delay would go on listening.
process.stdout.write("", () => process.exit());

/** The same server through a proxy that holds every byte back. */
async function faraway(url: string, delayMs: number): Promise<string> {
  const at = new URL(url);
  const proxy = await TcpProxy.open({ host: at.hostname, port: Number(at.port || 5432) }, delayMs);
  at.host = `127.0.0.1:${proxy.port}`;
  return at.href;
}

async function measure(variant: Variant, source: string) {
  const dataDir = mkdtempSync(join(base, "library-"));
  const task = { variant, source, dataDir, database };
  const child = Bun.spawn([process.execPath, new URL("./pipeline-run.ts", import.meta.url).pathname], {
    stdin: new Blob([JSON.stringify(task)]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const out = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${variant.name}: the run failed`);
  // What a run leaves stays until the end: ext4 searches long for inodes among those that were freed lately.
  return JSON.parse(out) as { seconds: number; reports: Report[] };
}

function print(runs: ReadonlyMap<string, { seconds: number; reports: Report[] }[]>) {
  const rows = [...runs].map(([name, rounds]) => {
    const seconds = rounds.map((run) => run.seconds).sort((a, b) => a - b);
    const middle = rounds.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(rounds.length / 2)]!;
    const phases = middle.reports.flatMap((report) => report.phases);
    const files = phases[0]!.done + phases[0]!.failed;
    return {
      name,
      seconds: middle.seconds,
      lowest: seconds[0]!,
      highest: seconds.at(-1)!,
      filesPerSecond: files / middle.seconds,
      threadsBusy: Math.max(...middle.reports.map((report) => report.threads.busy)),
      phases: phases.map(({ phase, seconds, filesPerSecond }) => ({ phase, seconds, filesPerSecond })),
    };
  });
  const machine = `${cpus()[0]!.model.trim()}, ${cores} cores, Bun ${Bun.version}`;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ machine, rows })}\n`);
    return;
  }
  process.stdout.write(`${machine}\n`);
  for (const row of rows) {
    const phases = row.phases.map(({ phase, seconds }) => `${phase} ${seconds.toFixed(1)}`).join(", ");
    process.stdout.write(
      `${row.name.padEnd(28)} ${row.seconds.toFixed(2)} s (${row.lowest.toFixed(2)} to ${row.highest.toFixed(2)})  ` +
        `${Math.round(row.filesPerSecond)} files/s  ${Math.round(row.threadsBusy * 100)} % busy  ${phases}\n`,
    );
  }
}
