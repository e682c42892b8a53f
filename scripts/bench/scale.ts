#!/usr/bin/env bun
/**
 * Whether a file costs the same in a large library as in a small one, in time and memory.
 *
 *     bun scripts/bench.ts scale [--files 1000,10000] [--loops] [--seed 1] [--database URL] [--json]
 *
 * Makes libraries of so many distinct contents from seeds, no real data needed, and runs the whole job on each, then
 * runs it again (nothing to do), as processes of their own. Songs are 4 to 30 kB, with --loops 2 or 4 bars of 0.3 to
 * 1 kB, with which 100,000 take minutes.
 */
import { join } from "node:path";
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript } from "../../lib/cli/script.ts";
import { table } from "../../lib/cli/text/table.ts";
import type { Report } from "../../lib/phases/report.ts";
import { ownDatabase } from "./database.ts";
import { generateLibrary } from "./generate.ts";
import { describeMachine } from "./machine.ts";
import { scratchFolder } from "./scratch.ts";
import { wholeNumbers } from "./source.ts";
import { outputOf, unlessStopped } from "./stop.ts";

interface Row {
  readonly files: number;
  readonly megabytes: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  /** What each file beyond those of the row before cost, start and compiling left out; null in the first row. */
  readonly microsecondsPerFurtherFile: number | null;
  /** The most memory the program held; the server's is not in it. */
  readonly memoryMegabytes: number;
  readonly againSeconds: number;
  readonly againMemoryMegabytes: number;
}

export const script = defineScript({
  name: "bench/scale",
  description: "What a file costs in libraries of growing size, in time and memory",
  flags: {
    files: { type: "string", valueHint: "N,N", default: "1000,10000", description: "Sizes of the libraries" },
    loops: { type: "boolean", description: "Loops of 2 or 4 bars instead of songs" },
    seed: { type: "number", valueHint: "N", default: 1, description: "Another seed makes other contents" },
    database: { type: "string", valueHint: "URL", description: "PostgreSQL to use; by default an embedded one a size" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ files, loops, seed, database, json }, { stop }) {
    const sizes = wholeNumbers("files", files);
    const folder = scratchFolder();
    const rows: Row[] = [];
    for (const size of sizes) {
      const source = join(folder, `songs-${size}`);
      const bytes = await unlessStopped(stop, generateLibrary(source, size, seed, loops ? "loop" : "song"));
      const place = { source, dataDir: join(folder, `library-${size}`), database };
      const runs = bytes === undefined ? undefined : await unlessStopped(stop, runTwice(place, stop));
      if (!runs) return;
      rows.push(rowOf(size, bytes!, runs, rows.at(-1)));
    }
    const machine = describeMachine();
    process.stdout.write(json ? `${JSON.stringify({ machine, rows })}\n` : `${machine}\n\n${scaleTable(rows)}\n`);
  },
});

interface Place {
  readonly source: string;
  readonly dataDir: string;
  readonly database: string | undefined;
}

interface JobRun {
  readonly seconds: number;
  readonly memory: number;
}

async function runTwice({ source, dataDir, database }: Place, stop: AbortSignal): Promise<[JobRun, JobRun]> {
  const own = database ? await ownDatabase(database) : undefined;
  const command = [process.execPath, "scripts/orchestrate.ts", "--source", source, "--data-dir", dataDir, "--json"];
  const job = async () => {
    const { out, usage } = await outputOf(stop, [...command, ...(own ? ["--database", own.url] : [])]);
    return { seconds: (JSON.parse(out) as Report).seconds, memory: Math.round(usage.maxRSS / 1e6) };
  };
  try {
    return [await job(), await job()];
  } finally {
    await own?.drop();
  }
}

function rowOf(files: number, bytes: number, [first, again]: readonly [JobRun, JobRun], before: Row | undefined): Row {
  const further = before && (first.seconds - before.seconds) / (files - before.files);
  return {
    files,
    megabytes: Math.round(bytes / 1e5) / 10,
    seconds: first.seconds,
    filesPerSecond: Math.round(files / first.seconds),
    microsecondsPerFurtherFile: further === undefined ? null : Math.round(further * 1e6),
    memoryMegabytes: first.memory,
    againSeconds: again.seconds,
    againMemoryMegabytes: again.memory,
  };
}

function scaleTable(rows: readonly Row[]): string {
  const titles = ["files", "MB", "seconds", "files/s", "µs a further file", "memory MB", "again s", "again MB"];
  const cells = rows.map((row) =>
    [
      row.files,
      row.megabytes,
      row.seconds,
      row.filesPerSecond,
      row.microsecondsPerFurtherFile ?? "",
      row.memoryMegabytes,
      row.againSeconds,
      row.againMemoryMegabytes,
    ].map((cell) => cell.toLocaleString("en-US")),
  );
  return table(
    titles.map((title) => ({ title, right: true })),
    cells,
    Number.POSITIVE_INFINITY,
  );
}

if (import.meta.main) await runScript(script);
