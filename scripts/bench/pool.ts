#!/usr/bin/env bun
/**
 * What the connection pool costs and what it is worth, here and with a longer way to the server; with --faults what
 * becomes of the work when connections are killed, beside bare postgres.js, pg's pool and Bun.SQL.
 *
 *     bun scripts/bench.ts pool [--workers 8] [--items 1603] [--rounds 15] [--database URL] [--json]
 *     bun scripts/bench.ts pool --faults [--seconds 5] [--workers 8] [--json]
 *
 * The server is a private one that writes nothing to disk for safety, unless --database names another.
 */
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript, UsageError } from "../../lib/cli/script.ts";
import { ownDatabase } from "./database.ts";
import { describeMachine, serverVersion } from "./machine.ts";
import { costTables, measureCosts } from "./pool-costs.ts";
import { faultRows, faultTable } from "./pool-faults.ts";
import { unlessStopped } from "./stop.ts";
import { TestServer } from "./support/private-server.ts";

export const script = defineScript({
  name: "bench/pool",
  description: "What the connection pool costs and is worth",
  flags: {
    workers: { type: "number", valueHint: "N", default: 8, least: 1, description: "Callers at once" },
    items: { type: "number", valueHint: "N", default: 1603, least: 8, description: "An upsert and a select each" },
    rounds: {
      type: "number",
      valueHint: "N",
      default: 15,
      least: 1,
      description: "Rounds of the ways that take turns",
    },
    faults: { type: "boolean", description: "Kill connections and restart the server instead, side by side" },
    seconds: { type: "number", valueHint: "S", default: 5, least: 1, description: "With --faults: length of each" },
    database: { type: "string", valueHint: "URL", description: "PostgreSQL to use; by default a private one" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run(values, { stop }) {
    const { workers, items, rounds, seconds, faults, database, json } = values;
    if (faults && database) throw new UsageError("--faults kills connections, so it takes a server of its own");
    const server = database === undefined ? await TestServer.start() : undefined;
    const own = server ? undefined : await ownDatabase(database!);
    try {
      const url = server?.url() ?? own!.url;
      const machine = describeMachine(await serverVersion(url), `postgres.js ${await driverVersion()}`);
      if (faults) {
        const rows = await unlessStopped(stop, faultRows(server!, workers, seconds));
        if (rows) print(json, { machine, rows }, () => faultTable(rows));
      } else {
        const costs = await unlessStopped(stop, measureCosts(url, workers, items, rounds));
        if (costs) print(json, { machine, ...costs }, () => costTables(costs));
      }
    } finally {
      await own?.drop();
      await server?.close();
    }
  },
});

function print<T extends { machine: string }>(json: boolean, result: T, table: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${result.machine}\n\n${table()}\n`);
}

async function driverVersion(): Promise<string> {
  const manifest = Bun.file(new URL("../package.json", import.meta.resolve("postgres")));
  return ((await manifest.json()) as { version: string }).version;
}

if (import.meta.main) await runScript(script);
