import postgres from "postgres";
import { createPool, type Pool, type PoolOptions, type PoolSql } from "../../lib/pool.ts";
import { median, pairedRatio, percent, type Spread, secondsText, spread, takeTurns } from "./spread.ts";

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
  /** {@link DELAY_ITEMS} items with a round trip made longer by so many milliseconds, ways in turn. */
  readonly delayed: readonly (Measured & { readonly addedMs: number })[];
}

type Work = (from: number, to: number) => Promise<void>;
type Contender = { readonly way: string; readonly work: Work; close(): Promise<void> };

/** The reference of all ratios, and the two figures the pool has to meet. */
const OURS = "this pool (ping after 500 ms idle)";
const NO_PING = "this pool, never a ping";
const EVERY_PING = "this pool, a ping at every checkout";
const BATCHED = "this pool, 8 unnest statements";
const RESERVE = "bare postgres.js, warm, reserve()";
const DELAYS_MS = [0, 1, 5, 20];
const DELAY_ROUNDS = 3;
/** 1,603 items with 20 ms more take 10 s, each way and round. */
const DELAY_ITEMS = 400;
/** Items for the ways that connect anew for every one; their seconds are scaled up. */
const RECONNECT_ITEMS = 200;

/** The same work, one indexed upsert and one select an item, done in every way. */
export async function measureCosts(url: string, workers: number, items: number, rounds: number): Promise<Costs> {
  const setup = await createPool({ url, workers: 1 });
  await setup.run((sql) => sql`create table bench_items (path text primary key, size int8 not null)`);
  await setup.close();
  const interleaved = await interleave(await warmContenders(url, workers), items, rounds);
  const alone = await measureAlone(url, workers, items);
  return { items, workers, interleaved, alone, delayed: await measureDelayed(url, workers, items) };
}

async function warmContenders(url: string, workers: number): Promise<Contender[]> {
  const reserving = postgres(url, { max: workers + 2, idle_timeout: 0, max_lifetime: null, onnotice: () => {} });
  const held = await Promise.all(Array.from({ length: workers + 2 }, () => reserving.reserve()));
  for (const sql of held) sql.release();
  return [
    await pooled(OURS, { url, workers }),
    await pooled(NO_PING, { url, workers, bypassMs: Number.POSITIVE_INFINITY }),
    await pooled(EVERY_PING, { url, workers, bypassMs: 0 }),
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

async function interleave(contenders: readonly Contender[], items: number, rounds: number): Promise<Measured[]> {
  const seconds = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (const { work } of contenders) await work(0, items);
  await takeTurns(contenders, rounds, async (contender) => {
    seconds.get(contender)!.push(await timed(() => contender.work(0, items)));
  });
  for (const contender of contenders) await contender.close();
  return [...seconds].map(([{ way }, of]) => ({ way, seconds: of }));
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
    {
      way: "postgres.js, 1 s idle timeout, 3 gaps of 1.5 s",
      seconds: await times(3, () => gaps(url, workers, items, 3)),
    },
    { way: "this pool, cold, opening it included", seconds: await times(5, () => coldPool(url, workers, items)) },
    { way: BATCHED, seconds: await times(5, () => batched(url, workers, items)) },
  ];
}

async function cold(url: string, workers: number, items: number): Promise<number> {
  const sql = postgres(url, { onnotice: () => {} });
  const seconds = await timed(() => side(workers, (i) => item(sql, i))(0, items));
  await sql.end();
  return seconds;
}

/** The work in parts with `pauses` longer than the idle timeout between them, which are not counted. */
async function gaps(url: string, workers: number, items: number, pauses: number): Promise<number> {
  const sql = postgres(url, { idle_timeout: 1, max: workers + 2, onnotice: () => {} });
  const work = side(workers, (i) => item(sql, i));
  let seconds = 0;
  const bound = (part: number) => Math.floor((part * items) / (pauses + 1));
  for (let part = 0; part <= pauses; part++) {
    if (part > 0) await Bun.sleep(1500);
    seconds += await timed(() => work(bound(part), bound(part + 1)));
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

async function measureDelayed(url: string, workers: number, items: number): Promise<Costs["delayed"]> {
  const rows: (Measured & { addedMs: number })[] = [];
  for (const addedMs of DELAYS_MS) {
    const proxy = await delayProxy(url, addedMs);
    const ways = delayedWays(proxy.url, workers, Math.min(items, DELAY_ITEMS));
    const seconds = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
    await takeTurns(Object.keys(ways), DELAY_ROUNDS, async (way) => {
      seconds.get(way)!.push(await ways[way]!());
    });
    rows.push(...[...seconds].map(([way, of]) => ({ way, addedMs, seconds: of })));
    proxy.close();
  }
  return rows;
}

/** Seconds of a run by the name of the way; the warm ways have done the work once before. */
function delayedWays(url: string, workers: number, items: number): Record<string, () => Promise<number>> {
  const warm = (bypassMs: number) => async () => {
    const { work, close } = await pooled("", { url, workers, bypassMs });
    await work(0, Math.min(items, 10 * workers));
    const seconds = await timed(() => work(0, items));
    await close();
    return seconds;
  };
  const few = Math.min(items, RECONNECT_ITEMS);
  const reconnecting = side(workers, (i) => eachItemConnected(url, i));
  return {
    "connection per item": async () => (items / few) * (await timed(() => reconnecting(0, few))),
    "postgres.js defaults, cold": () => cold(url, workers, items),
    "postgres.js, 1 s idle timeout, a gap of 1.5 s": () => gaps(url, workers, items, 1),
    [NO_PING]: warm(Number.POSITIVE_INFINITY),
    [EVERY_PING]: warm(0),
    [OURS]: warm(500),
    [BATCHED]: () => batched(url, workers, items),
  };
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
  const reference = costs.interleaved.find(({ way }) => way === OURS)!.seconds;
  const line = ({ way, seconds }: Measured, ratio: string) =>
    `${way.padEnd(48)} ${secondsText(spread(seconds), 3)}, ${seconds.length} rounds  ${ratio}`;
  const paired = (seconds: readonly number[]) => pairedRatio(seconds, reference);
  const find = (way: string) => costs.interleaved.find((measured) => measured.way === way)!.seconds;
  return [
    `${costs.items} items, ${costs.workers} workers, one indexed upsert and one select an item; median (least to most), against ${OURS}`,
    ...costs.interleaved.map((measured) => line(measured, percent(paired(measured.seconds).median))),
    ...costs.alone.map((measured) =>
      line(measured, `${(median(measured.seconds) / median(reference)).toFixed(1)} times`),
    ),
    "",
    `ping before use with bypass, against none:  ${percentText(pairedRatio(reference, find(NO_PING)))}  (to meet: below +2 %)`,
    `the pool, against bare reserve():           ${percentText(pairedRatio(reference, find(RESERVE)))}  (to meet: below +5 %)`,
    "",
    `${Math.min(costs.items, DELAY_ITEMS)} items with a longer round trip, seconds, median of ${DELAY_ROUNDS} rounds`,
    ...delayTable(costs.delayed),
  ].join("\n");
}

function delayTable(delayed: Costs["delayed"]): string[] {
  const line = (way: string, cells: readonly string[]) =>
    `${way.padEnd(48)} ${cells.map((cell) => cell.padStart(8)).join(" ")}`;
  const ways = [...new Set(delayed.map(({ way }) => way))];
  const head = line(
    "added to a round trip",
    DELAYS_MS.map((ms) => `${ms} ms`),
  );
  const rows = ways.map((way) =>
    line(
      way,
      delayed.filter((row) => row.way === way).map(({ seconds }) => median(seconds).toFixed(3)),
    ),
  );
  return [head, ...rows];
}

function percentText({ median, least, most }: Spread): string {
  return `${percent(median)} (${percent(least)} to ${percent(most)})`;
}
