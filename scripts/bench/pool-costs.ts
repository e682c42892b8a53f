import postgres from "postgres";
import { createPool, type Pool, type PoolOptions, type PoolSql } from "../../lib/pool.ts";

/** Seconds of each round of one way to do the work. */
export interface Measured {
  readonly way: string;
  readonly seconds: readonly number[];
}

export interface Costs {
  readonly items: number;
  readonly workers: number;
  /** Ways measured in turn, round by round, against each other. */
  readonly interleaved: readonly Measured[];
  /** Ways too slow, or too different, for that. */
  readonly alone: readonly Measured[];
  /** Seconds for {@link DELAY_ITEMS} items with a round trip made longer by so many milliseconds. */
  readonly delayed: readonly { readonly way: string; readonly addedMs: number; readonly seconds: number }[];
}

type Work = (from: number, to: number) => Promise<void>;
type Contender = { readonly way: string; readonly work: Work; close(): Promise<void> };

/** The reference of all ratios, and the two figures the pool has to meet. */
const OURS = "this pool (ping after 500 ms idle)";
const NO_PING = "this pool, never a ping";
const RESERVE = "bare postgres.js, warm, reserve()";
const DELAY_ITEMS = 200;
const DELAYS_MS = [0, 1, 5, 20];
/** Items for the ways that connect anew for every one; their seconds are scaled up. */
const RECONNECT_ITEMS = 200;

/** The same work, one indexed upsert and one select an item, done in every way. */
export async function measureCosts(url: string, workers: number, items: number, rounds: number): Promise<Costs> {
  const setup = await createPool({ url, workers: 1 });
  await setup.run((sql) => sql`create table if not exists bench_items (path text primary key, size int8 not null)`);
  await setup.run((sql) => sql`truncate bench_items`);
  try {
    const interleaved = await interleave(await warmContenders(url, workers), items, rounds);
    const alone = await measureAlone(url, workers, items);
    return { items, workers, interleaved, alone, delayed: await measureDelayed(url, workers) };
  } finally {
    await setup.run((sql) => sql`drop table bench_items`);
    await setup.close();
  }
}

async function warmContenders(url: string, workers: number): Promise<Contender[]> {
  const reserving = postgres(url, { max: workers + 2, idle_timeout: 0, max_lifetime: null, onnotice: () => {} });
  const held = await Promise.all(Array.from({ length: workers + 2 }, () => reserving.reserve()));
  for (const sql of held) sql.release();
  return [
    await pooled(OURS, { url, workers }),
    await pooled(NO_PING, { url, workers, bypassMs: Number.POSITIVE_INFINITY }),
    await pooled("this pool, a ping at every checkout", { url, workers, bypassMs: 0 }),
    {
      way: RESERVE,
      work: side(workers, (i) => reservedItem(reserving, i)),
      close: () => reserving.end({ timeout: 1 }),
    },
    { way: "bare postgres.js, warm, no lease", work: side(workers, (i) => item(reserving, i)), close: async () => {} },
  ];
}

async function pooled(way: string, options: PoolOptions): Promise<Contender> {
  const pool = await createPool(options);
  const work = side(options.workers, (i) => pool.run((sql) => item(sql, i)));
  return { way, work, close: () => pool.close() };
}

/** Every contender does every round, each round beginning with another, so that noise falls on all alike. */
async function interleave(contenders: Contender[], items: number, rounds: number): Promise<Measured[]> {
  const seconds = contenders.map((): number[] => []);
  for (const { work } of contenders) await work(0, items);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      seconds[index]!.push(await timed(() => contenders[index]!.work(0, items)));
    }
  }
  for (const contender of contenders) await contender.close();
  return contenders.map(({ way }, index) => ({ way, seconds: seconds[index]! }));
}

async function measureAlone(url: string, workers: number, items: number): Promise<Measured[]> {
  const scale = Math.max(1, items / RECONNECT_ITEMS);
  const few = Math.min(items, RECONNECT_ITEMS);
  const perStatement = side(workers, (i) => eachStatementConnected(url, i));
  const perItem = side(workers, (i) => eachItemConnected(url, i));
  const times = async (count: number, run: () => Promise<number>) => {
    const seconds: number[] = [];
    for (let i = 0; i < count; i++) seconds.push(await run());
    return seconds;
  };
  const part = (work: Work) => async () => scale * (await timed(() => work(0, few)));
  return [
    { way: "connection per statement", seconds: await times(3, part(perStatement)) },
    { way: "connection per item", seconds: await times(3, part(perItem)) },
    { way: "postgres.js defaults, cold", seconds: await times(5, () => cold(url, workers, items)) },
    { way: "postgres.js, 1 s idle timeout, 3 gaps of 1.5 s", seconds: await times(3, () => gaps(url, workers, items)) },
    { way: "this pool, cold, opening it included", seconds: await times(5, () => coldPool(url, workers, items)) },
    { way: "this pool, 8 unnest statements", seconds: await times(5, () => batched(url, workers, items)) },
  ];
}

async function cold(url: string, workers: number, items: number): Promise<number> {
  const sql = postgres(url, { onnotice: () => {} });
  const seconds = await timed(() => side(workers, (i) => item(sql, i))(0, items));
  await sql.end();
  return seconds;
}

/** The work in four parts with gaps longer than the idle timeout between them, which are not counted. */
async function gaps(url: string, workers: number, items: number): Promise<number> {
  const sql = postgres(url, { idle_timeout: 1, max: workers + 2, onnotice: () => {} });
  const work = side(workers, (i) => item(sql, i));
  let seconds = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0) await Bun.sleep(1500);
    seconds += await timed(() => work(Math.floor((part * items) / 4), Math.floor(((part + 1) * items) / 4)));
  }
  await sql.end();
  return seconds;
}

async function coldPool(url: string, workers: number, items: number): Promise<number> {
  const began = performance.now();
  const { work, close } = await pooled("", { url, workers });
  await work(0, items);
  const seconds = (performance.now() - began) / 1000;
  await close();
  return seconds;
}

async function batched(url: string, workers: number, items: number): Promise<number> {
  const pool = await createPool({ url, workers });
  const seconds = await timed(() => batches(pool, items));
  await pool.close();
  return seconds;
}

/** The same work as `items` single ones, in 8 statements of each kind. */
async function batches(pool: Pool, items: number): Promise<void> {
  const batch = async (sql: PoolSql, from: number, to: number) => {
    const paths = Array.from({ length: to - from }, (_, k) => path(from + k));
    const sizes = Array.from({ length: to - from }, (_, k) => from + k);
    await sql`
      insert into bench_items (path, size) select * from unnest(${paths}::text[], ${sizes}::int8[])
      on conflict (path) do update set size = excluded.size`;
    await sql`select path, size from bench_items where path = any(${paths}::text[])`;
  };
  const bound = (part: number) => Math.floor((part * items) / 8);
  await Promise.all(
    Array.from({ length: 8 }, (_, part) => pool.run((sql) => batch(sql, bound(part), bound(part + 1)))),
  );
}

async function measureDelayed(url: string, workers: number): Promise<Costs["delayed"]> {
  const rows: { way: string; addedMs: number; seconds: number }[] = [];
  for (const addedMs of DELAYS_MS) {
    const proxy = await delayProxy(url, addedMs);
    const add = (way: string, seconds: number) => rows.push({ way, addedMs, seconds });
    add(
      "connection per item",
      await timed(() => side(workers, (i) => eachItemConnected(proxy.url, i))(0, DELAY_ITEMS)),
    );
    for (const [way, bypassMs] of [
      ["this pool, a ping at every checkout", 0],
      [OURS, 500],
    ] as const) {
      const { work, close } = await pooled(way, { url: proxy.url, workers, bypassMs });
      await work(0, DELAY_ITEMS);
      add(way, await timed(() => work(0, DELAY_ITEMS)));
      await close();
    }
    const pool = await createPool({ url: proxy.url, workers });
    await batches(pool, DELAY_ITEMS);
    add("this pool, 8 unnest statements", await timed(() => batches(pool, DELAY_ITEMS)));
    await pool.close();
    proxy.close();
  }
  return rows;
}

/** A proxy in a thread of its own that adds half of `addedMs` to each direction. */
async function delayProxy(url: string, addedMs: number): Promise<{ url: string; close(): void }> {
  const target = new URL(url);
  const worker = new Worker(new URL("./pool-delay-proxy.ts", import.meta.url).href);
  const port = new Promise<number>((done) => {
    worker.onmessage = ({ data }) => done(data);
  });
  worker.postMessage({ host: target.hostname, port: Number(target.port || 5432), delayMs: addedMs / 2 });
  target.port = String(await port);
  target.hostname = "127.0.0.1";
  return { url: target.href, close: () => worker.terminate() };
}

/** `workers` callers that share the items among them, each taking the next. */
function side(workers: number, one: (index: number) => Promise<unknown>): Work {
  return async (from, to) => {
    let next = from;
    const work = async () => {
      while (next < to) await one(next++);
    };
    await Promise.all(Array.from({ length: workers }, work));
  };
}

async function item(sql: PoolSql | postgres.ISql, index: number): Promise<unknown> {
  await (sql as PoolSql)`
    insert into bench_items (path, size) values (${path(index)}, ${index})
    on conflict (path) do update set size = excluded.size`;
  return (sql as PoolSql)`select path, size from bench_items where path = ${path(index)}`;
}

async function reservedItem(sql: postgres.Sql, index: number): Promise<void> {
  const reserved = await sql.reserve();
  await item(reserved, index);
  reserved.release();
}

async function eachItemConnected(url: string, index: number): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  await item(sql, index);
  await sql.end();
}

async function eachStatementConnected(url: string, index: number): Promise<void> {
  const once = async (run: (sql: postgres.Sql) => Promise<unknown>) => {
    const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
    await run(sql);
    await sql.end();
  };
  await once(
    (sql) => sql`
      insert into bench_items (path, size) values (${path(index)}, ${index})
      on conflict (path) do update set size = excluded.size`,
  );
  await once((sql) => sql`select path, size from bench_items where path = ${path(index)}`);
}

function path(index: number): string {
  return `/music/library/${index % 40}/track ${index}.mid`;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
}

/** The tables a person reads. */
export function costTables(costs: Costs): string {
  const reference = costs.interleaved.find(({ way }) => way === OURS)!;
  const line = ({ way, seconds }: Measured, ratio: string) =>
    `${way.padEnd(48)} ${fixed(median(seconds))} s  (${fixed(Math.min(...seconds))} to ${fixed(Math.max(...seconds))}, ${seconds.length} rounds)  ${ratio}`;
  const paired = (measured: Measured) => percent(pairedRatio(measured.seconds, reference.seconds));
  const times = (measured: Measured) => `${(median(measured.seconds) / median(reference.seconds)).toFixed(1)} ×`;
  const find = (way: string) => costs.interleaved.find((measured) => measured.way === way)!.seconds;
  return [
    `${costs.items} items, ${costs.workers} workers, one indexed upsert and one select an item; median (least to most), against ${OURS}`,
    ...costs.interleaved.map((measured) => line(measured, paired(measured))),
    ...costs.alone.map((measured) => line(measured, times(measured))),
    "",
    `ping before use with bypass, against none:  ${percent(pairedRatio(reference.seconds, find(NO_PING)))}  (to meet: below +2 %)`,
    `the pool, against bare reserve():           ${percent(pairedRatio(reference.seconds, find(RESERVE)))}  (to meet: below +5 %)`,
    "",
    `${DELAY_ITEMS} items with a longer round trip, seconds`,
    `${"added to a round trip".padEnd(48)} ${DELAYS_MS.map((ms) => `${ms} ms`.padStart(8)).join(" ")}`,
    ...[...new Set(costs.delayed.map((row) => row.way))].map(
      (way) =>
        `${way.padEnd(48)} ${costs.delayed
          .filter((row) => row.way === way)
          .map((row) => fixed(row.seconds).padStart(8))
          .join(" ")}`,
    ),
  ].join("\n");
}

/** The median over rounds of how much longer `a` took than `b` in the same round. */
function pairedRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((seconds, round) => seconds / b[round]!)) - 1;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function percent(ratio: number): string {
  return `${ratio >= 0 ? "+" : ""}${(100 * ratio).toFixed(1)} %`;
}

function fixed(seconds: number): string {
  return seconds.toFixed(3);
}
