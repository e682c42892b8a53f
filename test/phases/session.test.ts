import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { PoolError, type PoolSql } from "../../lib/pool.ts";
import { openTestSession, type TestSession } from "./open-session.ts";

setDefaultTimeout(60_000);

let t: TestSession;
beforeAll(async () => {
  t = await openTestSession();
});
afterAll(() => t.close());

test("a transaction that loses a deadlock is run again", async () => {
  await t.rows("create table pair (id int primary key, hits int not null)");
  await t.rows("insert into pair values (1, 0), (2, 0)");
  const both = Promise.withResolvers<void>();
  let inside = 0;
  const attempts = [0, 0];
  const meet = (ids: readonly [number, number], one: number) =>
    t.session.transact(async (sql) => {
      await sql`update pair set hits = hits + 1 where id = ${ids[0]}::int`;
      if (attempts[one]!++ === 0 && ++inside === 2) both.resolve();
      if (attempts[one] === 1) await both.promise;
      await sql`update pair set hits = hits + 1 where id = ${ids[1]}::int`;
    });
  await Promise.all([meet([1, 2], 0), meet([2, 1], 1)]);
  expect(Math.max(...attempts)).toBeGreaterThan(1);
  expect(await t.rows("select id, hits from pair order by id")).toEqual([
    { id: 1, hits: 2 },
    { id: 2, hits: 2 },
  ]);
});

test("a transaction whose process is frozen is ended by the server", async () => {
  const limit = (sql: PoolSql) => sql<{ limit: string }[]>`
    select current_setting('idle_in_transaction_session_timeout') as limit`;
  expect(await t.session.transact(async (sql) => [...(await limit(sql))])).toEqual([{ limit: "30s" }]);
});

test("connections lost at once are told in one line, with their number", async () => {
  const session = await t.other();
  const pids = new Set<number>();
  const all = Promise.withResolvers<void>();
  const backend = async (sql: PoolSql) => {
    const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return row!.pid;
  };
  const hold = () =>
    session.query(async (sql) => {
      pids.add(await backend(sql));
      if (pids.size === 3) all.resolve();
      if (pids.size <= 3) await sql`select pg_sleep(60)`;
    });
  const held = [hold(), hold(), hold()];
  await all.promise;
  await t.rows(`select pg_terminate_backend(pid) from unnest(array[${[...pids].join()}]) as pid`);
  await Promise.all(held);
  await session.close();
  expect(t.lines).toEqual([expect.stringMatching(/^database: .*lost.* \(3 times\); trying again$/)]);
});

test("a query that a slow server did not answer in time is done again", async () => {
  let tries = 0;
  const done = await t.session.query(async (sql) => {
    if (++tries === 1) throw new PoolError("QUERY_TIMEOUT", "No answer in time");
    return (await sql<{ one: number }[]>`select 1 as one`)[0]?.one;
  });
  expect({ done, tries }).toEqual({ done: 1, tries: 2 });
});
