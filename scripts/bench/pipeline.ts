#!/usr/bin/env bun
/**
 * What the whole job takes: each phase alone, the three side by side, the pool plain (the "rollback" of the system its
 * settings come from: N + 2 connections and nothing else), 1 to 32 workers, small and large batches, a server by URL.
 *
 *     bun scripts/bench.ts pipeline [--source DIR | --files 2000] [--rounds 3] [--only PATTERN]
 *                                   [--database URL] [--delay MS] [--json]
 *
 * Every run is a process of its own on a new library. Variants take turns, each round beginning with another; a row
 * gives the median of the rounds and their spread. The server is a new embedded one for each run, made before the clock
 * starts, and one of our own with its settings for the row "by URL". With --database every run has a database of its own
 * there; with --delay it is so many milliseconds away in each direction.
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../../lib/cli/script.ts";
import { LIBRARY_SETTINGS } from "../../lib/database/embedded/settings.ts";
import { ownDatabase } from "./database.ts";
import { generateLibrary } from "./generate.ts";
import { describeMachine, serverVersion } from "./machine.ts";
import { pipelineTables } from "./pipeline-tables.ts";
import { type Run, VARIANTS, type Variant } from "./pipeline-variants.ts";
import { scratchFolder } from "./scratch.ts";
import { midiPaths, sourceFlag } from "./source.ts";
import { takeTurns } from "./spread.ts";
import { outputOf, unlessStopped } from "./stop.ts";
import { TestServer } from "./support/private-server.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

export const script = defineScript({
  name: "bench/pipeline",
  description: "What the whole job takes: phases, pool, workers, batches, servers",
  flags: {
    ...sourceFlag,
    files: { type: "number", valueHint: "N", default: 2000, least: 1, description: "Generated songs without --source" },
    rounds: { type: "number", valueHint: "N", default: 3, least: 1, description: "Runs of each variant" },
    only: { type: "string", valueHint: "PATTERN", description: "Only the variants whose name matches" },
    database: { type: "string", valueHint: "URL", description: "PostgreSQL to use; by default an embedded one a run" },
    delay: { type: "number", valueHint: "MS", description: "A server that far away, in each direction" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ source, files, rounds, only, database, delay, json }, { stop }) {
    const always = database !== undefined || delay !== undefined;
    const variants = chosen(only).filter(({ byUrl }) => !(byUrl && always));
    if (variants.length === 0) throw new UsageError(`--only is "${only}", expected what matches a variant's name`);
    if (source) midiPaths(source);
    const folder = scratchFolder();
    const server = database ? undefined : await ownServer();
    const proxy = delay === undefined ? undefined : await faraway(database ?? server!.url(), delay);
    try {
      const songs = source ?? join(folder, "songs");
      if (!source) await unlessStopped(stop, generateLibrary(songs, files));
      const url = proxy?.url ?? database ?? server!.url();
      const machine = describeMachine(await serverVersion(url));
      const place = { folder, source: songs, url, always };
      const runs = await unlessStopped(stop, measureAll(variants, rounds, place, stop));
      if (runs) process.stdout.write(pipelineTables(machine, runs, json));
    } finally {
      await proxy?.close();
      await server?.close();
    }
  },
});

function chosen(only = ""): readonly Variant[] {
  try {
    const pattern = new RegExp(only);
    return VARIANTS.filter(({ name }) => pattern.test(name));
  } catch {
    throw new UsageError(`--only is "${only}", expected a regular expression`);
  }
}

interface Place {
  readonly folder: string;
  readonly source: string;
  /** The server for variants that want one, or for all. */
  readonly url: string;
  readonly always: boolean;
}

async function measureAll(
  variants: readonly Variant[],
  rounds: number,
  place: Place,
  stop: AbortSignal,
): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(variants.map(({ name }) => [name, []]));
  // The first run of all finds nothing in the system's caches; it does not count.
  await measure(variants[0]!, place, stop);
  await takeTurns(variants, rounds, async (variant) => {
    if (!stop.aborted) runs.get(variant.name)!.push(await measure(variant, place, stop));
  });
  return runs;
}

async function measure(variant: Variant, place: Place, stop: AbortSignal): Promise<Run> {
  const own = variant.byUrl || place.always ? await ownDatabase(place.url) : undefined;
  try {
    const dataDir = mkdtempSync(join(place.folder, "library-"));
    const task = { variant, source: place.source, dataDir, database: own?.url };
    const command = [process.execPath, new URL("./pipeline-run.ts", import.meta.url).pathname];
    const { out } = await outputOf(stop, command, { stdin: new Blob([JSON.stringify(task)]) });
    return JSON.parse(out) as Run;
  } finally {
    await own?.drop();
  }
}

/** A server on a TCP port that is set as the embedded one is. */
function ownServer(): Promise<TestServer> {
  const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on", autovacuum: "on" };
  return TestServer.start({ settings: { ...LIBRARY_SETTINGS, ...durable } });
}

/** The same server through a proxy that holds every byte back. */
async function faraway(url: string, delayMs: number) {
  const at = new URL(url);
  const proxy = await TcpProxy.open({ host: at.hostname, port: Number(at.port || 5432) }, { delayMs });
  at.host = `127.0.0.1:${proxy.port}`;
  return { url: at.href, close: () => proxy.close() };
}

if (import.meta.main) await runScript(script);
