// What the connection pool costs and what it is worth:
//   bun scripts/bench/pool.ts [--workers 8] [--items 1603] [--rounds 15] [--database URL] [--json]
//   bun scripts/bench/pool.ts --faults [--seconds 8] [--workers 8] [--json]
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createPool } from "../../lib/pool.ts";
import { TestServer } from "../../test/pool/server.ts";
import { costTables, measureCosts } from "./pool-costs.ts";
import { faultRows, faultTable } from "./pool-faults.ts";

/** Runs the bench its arguments ask for; the table, or with --json one object, goes to stdout. */
async function runPoolBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const workers = Number(values.workers);
  const server = values.database === undefined || values.faults ? await TestServer.start() : undefined;
  try {
    const url = server?.url() ?? values.database ?? "";
    const machine = await describeMachine(url);
    if (values.faults) {
      const rows = await faultRows(server!, workers, Number(values.seconds));
      print(values.json, { machine, rows }, () => faultTable(rows));
    } else {
      const costs = await measureCosts(url, workers, Number(values.items), Number(values.rounds));
      print(values.json, { machine, ...costs }, () => costTables(costs));
    }
  } finally {
    await server?.close();
  }
}

const OPTIONS = {
  faults: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  workers: { type: "string", default: "8" },
  items: { type: "string", default: "1603" },
  rounds: { type: "string", default: "15" },
  seconds: { type: "string", default: "8" },
  database: { type: "string" },
} as const;

function print<T extends { machine: string }>(json: boolean, result: T, table: () => string): void {
  console.log(json ? JSON.stringify(result, null, 2) : `${result.machine}\n\n${table()}`);
}

/** The machine and every version that has a part in the figures, in one line. */
async function describeMachine(url: string): Promise<string> {
  const pool = await createPool({ url, workers: 1 });
  const [row] = await pool.run((sql) => sql<{ version: string }[]>`select split_part(version(), ' on ', 1) as version`);
  await pool.close();
  const [cpu] = cpus();
  const versions = `${row?.version}, Bun ${Bun.version}, postgres.js ${await driverVersion()}`;
  return `${cpus().length} × ${cpu?.model ?? process.arch}, ${process.platform} ${process.arch}; ${versions}`;
}

async function driverVersion(): Promise<string> {
  const manifest = Bun.file(new URL("../package.json", import.meta.resolve("postgres")));
  return ((await manifest.json()) as { version: string }).version;
}

if (import.meta.main) await runPoolBench(process.argv.slice(2));
