import { CONTENDERS, type ContenderReport } from "./pool-contender.ts";
import { repeat, until } from "./support/load.ts";
import type { TestServer } from "./support/private-server.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

export interface FaultRow {
  readonly fault: string;
  readonly contender: string;
  /** Nothing when the process died or had to be killed. */
  readonly report: ContenderReport | undefined;
  readonly kills: number;
  readonly seconds: number;
}

/** What is done to the server while they work, and what the work is. */
interface Fault {
  readonly name: string;
  readonly kind: "statement" | "transaction";
  /** The contender works through `proxy`. */
  run(server: TestServer, seconds: number, proxy: TcpProxy): Promise<number>;
}

const FAULTS: readonly Fault[] = [
  { name: "backend killed every 100 ms, statements", kind: "statement", run: kill },
  { name: "backend killed every 100 ms, transactions", kind: "transaction", run: kill },
  { name: "restart -m fast, statements", kind: "statement", run: (server, s) => restart(server, s, "fast") },
  { name: "restart -m immediate, statements", kind: "statement", run: (server, s) => restart(server, s, "immediate") },
  { name: "a connection reset every 50 ms, statements", kind: "statement", run: reset },
  { name: "restart -m fast, transactions", kind: "transaction", run: (server, s) => restart(server, s, "fast") },
];

/** How long each is watched after the server is left alone, in seconds; what works then has survived. */
const AFTER_S = 2;
/** How long a contender may take to end, in milliseconds. */
const END_MS = 12_000;

/** The same faults for every contender, each in a process of its own. */
export async function faultRows(server: TestServer, workers: number, seconds: number): Promise<FaultRow[]> {
  const rows: FaultRow[] = [];
  for (const fault of FAULTS) {
    for (const contender of CONTENDERS) rows.push(await contend(server, fault, contender, workers, seconds));
  }
  return rows;
}

async function contend(
  server: TestServer,
  fault: Fault,
  contender: string,
  workers: number,
  seconds: number,
): Promise<FaultRow> {
  await server.admin("drop table if exists bench_faults");
  await server.admin("create table bench_faults (id int, half int, primary key (id, half))");
  const script = new URL("./pool-contender.ts", import.meta.url).pathname;
  const proxy = await TcpProxy.open(server.target);
  const url = server.url().replace(`:${server.port}/`, `:${proxy.port}/`);
  const child = Bun.spawn([process.execPath, script, contender, url, String(workers), fault.kind], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const output = new Response(child.stdout).text();
  const busy = "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
  await until(`${contender} is at work`, async () => (await server.admin(busy)).length > 1);
  const kills = await fault.run(server, seconds, proxy);
  const say = (word: string) => {
    child.stdin.write(`${word}\n`);
    child.stdin.flush();
  };
  say("after");
  await Bun.sleep(1000 * AFTER_S);
  say("over");
  const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await child.exited;
  clearTimeout(timer);
  await proxy.close();
  const last = (await output).trim().split("\n").at(-1) ?? "";
  const report = last.startsWith("{") ? (JSON.parse(last) as ContenderReport) : undefined;
  return { fault: fault.name, contender, report, kills, seconds };
}

async function kill(server: TestServer, seconds: number): Promise<number> {
  const one = `select pg_terminate_backend(pid) from (
    select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
    order by random() limit 1) as victim`;
  const killer = repeat(100, async () => (await server.admin(one)).length);
  await Bun.sleep(1000 * seconds);
  return killer.stop();
}

async function reset(_: TestServer, seconds: number, proxy: TcpProxy): Promise<number> {
  const resetter = repeat(50, async () => proxy.resetOne());
  await Bun.sleep(1000 * seconds);
  return resetter.stop();
}

/** One restart in the middle of `seconds`. */
async function restart(server: TestServer, seconds: number, mode: "fast" | "immediate"): Promise<number> {
  await Bun.sleep(500 * seconds);
  await server.stop(mode);
  await server.start();
  await Bun.sleep(500 * seconds);
  return 1;
}

/** The table a person reads: failures, hangs and throughput side by side. */
export function faultTable(rows: readonly FaultRow[]): string {
  const lines = [["fault", "contender", "faults", "failed", "hung", "uncaught", "done/s", "done/s after"]];
  for (const { fault, contender, report, kills, seconds } of rows) {
    const counts = report
      ? [
          report.failed,
          report.hung,
          report.uncaught,
          perSecond(report.done, seconds + AFTER_S),
          perSecond(report.doneAfter, AFTER_S),
        ]
      : ["did not end", "", "", "", ""];
    lines.push([fault, contender, kills, ...counts].map(String));
  }
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const row = (line: string[]) =>
    line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  return lines.map(row).join("\n");
}

function perSecond(count: number, seconds: number): number {
  return Math.round(count / seconds);
}
