// One contender of the fault bench, alone in a process: works until told to stop, then reports on stdout.
//   bun scripts/bench/pool-contender.ts <name> <url> <workers> <statement|transaction>
import { SQL } from "bun";
import { Pool } from "pg";
import postgres from "postgres";
import { createPool } from "../../lib/pool.ts";

/** What one contender came to. */
export interface ContenderReport {
  readonly done: number;
  readonly failed: number;
  /** Operations without an answer after {@link HANG_MS}. */
  readonly hung: number;
  /** Uncaught exceptions and unhandled rejections. */
  readonly uncaught: number;
  /** Operations done after the server was left alone. */
  readonly doneAfter: number;
}

interface Contender {
  statement(id: number): PromiseLike<unknown>;
  transaction(id: number): PromiseLike<unknown>;
}

export const CONTENDERS = ["bare postgres.js", "pg's pool", "Bun.SQL", "this pool"] as const;
const HANG_MS = 4_000;

async function open(name: string, url: string, workers: number): Promise<Contender> {
  const max = workers + 2;
  if (name === "bare postgres.js") {
    const sql = postgres(url, { max, idle_timeout: 0, max_lifetime: null, connect_timeout: 10, onnotice: () => {} });
    return {
      statement: (id) => sql`insert into bench_faults values (${id}, 0) on conflict do nothing`,
      transaction: (id) =>
        sql.begin(async (tx) => {
          await tx`insert into bench_faults values (${id}, 1)`;
          await tx`insert into bench_faults values (${id}, 2)`;
        }),
    };
  }
  if (name === "Bun.SQL") {
    const sql = new SQL(url, { max, idleTimeout: 0, maxLifetime: 0, connectionTimeout: 10 });
    return {
      statement: (id) => sql`insert into bench_faults values (${id}, 0) on conflict do nothing`,
      transaction: (id) =>
        sql.begin(async (tx) => {
          await tx`insert into bench_faults values (${id}, 1)`;
          await tx`insert into bench_faults values (${id}, 2)`;
        }),
    };
  }
  if (name === "pg's pool") return nodePostgres(url, max);
  const pool = await createPool({ url, workers });
  return {
    statement: (id) => pool.run((sql) => sql`insert into bench_faults values (${id}, 0) on conflict do nothing`),
    transaction: (id) =>
      pool.tx(async (tx) => {
        await tx`insert into bench_faults values (${id}, 1)`;
        await tx`insert into bench_faults values (${id}, 2)`;
      }),
  };
}

function nodePostgres(url: string, max: number): Contender {
  const pool = new Pool({ connectionString: url, max });
  pool.on("error", () => {});
  const insert = (id: number, half: number) => ({
    name: "insert",
    text: "insert into bench_faults values ($1, $2) on conflict do nothing",
    values: [id, half],
  });
  return {
    statement: (id) => pool.query(insert(id, 0)),
    async transaction(id) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query(insert(id, 1));
        await client.query(insert(id, 2));
        await client.query("commit");
        client.release();
      } catch (error) {
        client.release(error);
        throw error;
      }
    },
  };
}

async function main([name = "", url = "", workers = "8", kind = "statement"]: string[]): Promise<void> {
  const report = { done: 0, failed: 0, hung: 0, uncaught: 0, doneAfter: 0 };
  process.on("uncaughtException", () => report.uncaught++);
  process.on("unhandledRejection", () => report.uncaught++);
  const contender = await open(name, url, Number(workers));
  const operation = kind === "transaction" ? contender.transaction : contender.statement;
  let phase: "faults" | "after" | "over" = "faults";
  let next = 0;
  const work = async () => {
    while (phase !== "over") {
      const outcome = await bounded(operation(next++));
      if (outcome === "done" && phase === "after") report.doneAfter++;
      report[outcome]++;
      if (outcome === "failed") await Bun.sleep(1); // let the event loop turn: some contenders fail without a pause
    }
  };
  console.log("ready");
  const workersDone = Array.from({ length: Number(workers) }, work);
  for await (const line of console) {
    if (line === "after") phase = "after";
    else break;
  }
  phase = "over";
  await Promise.all(workersDone);
  console.log(JSON.stringify(report));
  process.exit(0);
}

async function bounded(operation: PromiseLike<unknown>): Promise<"done" | "failed" | "hung"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hung = new Promise<"hung">((resolve) => {
    timer = setTimeout(resolve, HANG_MS, "hung");
  });
  const outcome = Promise.resolve(operation).then(
    () => "done" as const,
    () => "failed" as const,
  );
  const first = await Promise.race([outcome, hung]);
  clearTimeout(timer);
  return first;
}

if (import.meta.main) await main(process.argv.slice(2));
