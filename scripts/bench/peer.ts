#!/usr/bin/env bun
/**
 * The same files into the same server, by midiworks (import and analysis) and by the Python script that one would write
 * instead: peer.py, with mido, numpy and psycopg in a process a core. It takes the first tempo, the key of a histogram, notes,
 * length and programs; the whole analysis here is many times that. Where music21 is installed, its key finding on a few
 * of the files.
 *
 *     bun scripts/bench.ts peer [--source DIR | --files 1000] [--rounds 3] [--python python3] [--json]
 *
 * Turn by turn, every run a process of its own on a database of its own; seconds from the start of the process to its end.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../../lib/cli/script.ts";
import { LIBRARY_SETTINGS } from "../../lib/database/embedded/settings.ts";
import { ownDatabase } from "./database.ts";
import { generateLibrary } from "./generate.ts";
import { describeMachine, serverVersion } from "./machine.ts";
import { scratchFolder } from "./scratch.ts";
import { midiPaths, sourceFlag } from "./source.ts";
import { pairedRatio, type Spread, secondsText, spread, takeTurns } from "./spread.ts";
import { outputOf, unlessStopped } from "./stop.ts";
import { TestServer } from "./support/private-server.ts";

const SCRIPT = new URL("./peer.py", import.meta.url).pathname;
const PACKAGES = "mido numpy 'psycopg[binary]'";
const MUSIC21_FILES = 20;
const OURS = "midiworks, import and analysis";
const PEER = "Python, mido and psycopg";
/** What the system this pool's settings come from published for import and analysis, on 16 cores. */
const PUBLISHED = { filesPerSecond: 344, cores: 16 };

interface Result {
  readonly files: number;
  readonly rows: readonly { readonly name: string; readonly seconds: Spread; readonly filesPerSecond: number }[];
  /** How many times as long the peer takes, round by round. */
  readonly ratio: Spread;
  readonly music21: { readonly files: number; readonly filesPerSecond: number } | null;
}

export const script = defineScript({
  name: "bench/peer",
  description: "Import and analysis beside the Python script one would write instead",
  flags: {
    ...sourceFlag,
    files: { type: "number", valueHint: "N", default: 1000, least: 1, description: "Generated songs without --source" },
    rounds: { type: "number", valueHint: "N", default: 3, least: 1, description: "Runs of each" },
    python: { type: "string", valueHint: "PROGRAM", default: "python3", description: "The Python to run" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ source, files, rounds, python, json }, { stop }) {
    const versions = pythonVersions(python);
    if (source) midiPaths(source);
    const folder = scratchFolder();
    const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", autovacuum: "on" };
    const server = await TestServer.start({ settings: { ...LIBRARY_SETTINGS, ...durable } });
    try {
      const songs = source ?? join(folder, "songs");
      if (!source) await unlessStopped(stop, generateLibrary(songs, files));
      const machine = describeMachine(await serverVersion(server.url()), ...versions.named);
      const place = { folder, source: songs, url: server.url(), python };
      const result = await unlessStopped(stop, measure(place, rounds, versions.music21, stop));
      if (result) process.stdout.write(json ? `${JSON.stringify({ machine, ...result })}\n` : text(machine, result));
    } finally {
      await server.close();
    }
  },
});

/** Names and versions of what the script needs. */
function pythonVersions(python: string): { named: string[]; music21: boolean } {
  const version = (name: string) => {
    const code = `import ${name}, importlib.metadata as m; print("${name}", m.version("${name}"))`;
    const run = spawnSync(python, ["-W", "ignore", "-c", code], { encoding: "utf8" });
    if (run.error) throw new UsageError(`--python is "${python}", expected a program: ${run.error.message}`);
    return run.status === 0 ? run.stdout.trim() : null;
  };
  const needed = ["mido", "numpy", "psycopg"].map(version);
  if (needed.includes(null)) throw new UsageError(`${python} lacks packages: ${python} -m pip install ${PACKAGES}`);
  const { stdout } = spawnSync(python, ["--version"], { encoding: "utf8" });
  const music21 = version("music21");
  return { named: [stdout.trim(), ...(needed as string[]), ...(music21 ? [music21] : [])], music21: music21 !== null };
}

interface Place {
  readonly folder: string;
  readonly source: string;
  readonly url: string;
  readonly python: string;
}

async function measure(
  { folder, source, url, python }: Place,
  rounds: number,
  withMusic21: boolean,
  stop: AbortSignal,
): Promise<Result> {
  const orchestrate = ["scripts/orchestrate.ts", "--skip-split", "--json", "--source", source, "--data-dir", folder];
  const commands: Readonly<Record<string, (database: string) => string[]>> = {
    [OURS]: (database) => [process.execPath, ...orchestrate, "--database", database],
    [PEER]: (database) => [python, SCRIPT, source, database],
  };
  const seconds: Record<string, number[]> = { [OURS]: [], [PEER]: [] };
  let files = 0;
  await takeTurns(Object.keys(commands), rounds, async (name) => {
    const own = await ownDatabase(url);
    const began = performance.now();
    const { out } = await outputOf(stop, commands[name]!(own.url));
    seconds[name]!.push((performance.now() - began) / 1000);
    if (name === PEER) files = (JSON.parse(out) as { files: number }).files;
    await own.drop();
  });
  const rows = Object.entries(seconds).map(([name, each]) => {
    const of = spread(each);
    return { name, seconds: of, filesPerSecond: files / of.median };
  });
  const over = pairedRatio(seconds[PEER]!, seconds[OURS]!);
  const ratio = { median: 1 + over.median, least: 1 + over.least, most: 1 + over.most };
  return { files, rows, ratio, music21: withMusic21 ? await music21([python, SCRIPT, source], stop) : null };
}

async function music21(command: readonly string[], stop: AbortSignal): Promise<NonNullable<Result["music21"]>> {
  const { out } = await outputOf(stop, [...command, "--music21", String(MUSIC21_FILES)]);
  const { files, seconds } = JSON.parse(out) as { files: number; seconds: number };
  return { files, filesPerSecond: files / seconds };
}

function text(machine: string, { files, rows, ratio, music21 }: Result): string {
  const lines = rows.map(
    ({ name, seconds, filesPerSecond }) =>
      `${name.padEnd(32)} ${secondsText(seconds)}  ${Math.round(filesPerSecond)} files/s`,
  );
  const { median, least, most } = ratio;
  return [
    machine,
    `${files} files`,
    "",
    ...lines,
    `the script takes ${median.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)}) times as long`,
    ...(music21
      ? [`music21, the key alone, ${music21.files} files: ${music21.filesPerSecond.toFixed(2)} files/s`]
      : []),
    `published for import and analysis on ${PUBLISHED.cores} cores, by the system the pool's settings come from: ${PUBLISHED.filesPerSecond} files/s`,
    "",
  ].join("\n");
}

if (import.meta.main) await runScript(script);
