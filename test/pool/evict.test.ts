// Connections that are stale are replaced: on request, and after a failover left them read-only.
import { expect, setDefaultTimeout, test } from "bun:test";
import { createPool, type PoolSql } from "../../lib/pool.ts";
import { codeOf, until, withPool } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
await server.admin("drop table if exists written");
await server.admin("create table written (n int)");
const pidOf = async (sql: PoolSql) => (await sql`select pg_backend_pid() as pid`)[0]?.pid as number;

test("evict: idle connections are replaced at once, held ones when they are given back", async () => {
  await withPool(server, { workers: 3 }, async (pool) => {
    const before = await server.backends();
    const lease = await pool.acquire();
    pool.evict();
    expect(await pidOf(lease.sql)).toBe(lease.pid);
    lease.release();
    await until("all are replaced", () => pool.stats().idle === 3 && pool.stats().closing === 0);
    const after = await server.backends();
    expect(after).toHaveLength(3);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });
});

test("evict: types made since are known", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    await server.admin("drop type if exists mood");
    await server.admin("create type mood as enum ('calm', 'wild')");
    const back = () => pool.run((sql) => sql`select ${["calm", "wild"]}::mood[] as moods`);
    expect(await codeOf(back())).toBe("22P02");
    pool.evict();
    expect((await back())[0]?.moods).toEqual(["calm", "wild"]);
  });
});

test("read-only sessions after a failover are replaced, all of them", async () => {
  await withPool(server, { workers: 4 }, async (pool) => {
    const write = () => pool.run((sql) => sql`insert into written values (1)`);
    expect(await codeOf(write())).toBe("ok");
    // The server takes no writes for a while; the sessions keep what they were told then.
    const leases = await Promise.all(Array.from({ length: 4 }, () => pool.acquire()));
    for (const { sql } of leases) await sql`set default_transaction_read_only = on`;
    for (const lease of leases) lease.release();
    expect(await codeOf(write())).toBe("25006");
    const after = await Promise.all(Array.from({ length: 8 }, () => codeOf(write())));
    expect(after).toEqual(Array.from({ length: 8 }, () => "ok"));
    expect(pool.stats().lost).toBe(4);
  });
});

test("a server that stays read-only does not make the pool reconnect for each statement", async () => {
  await withPool(server, { workers: 2, session: { default_transaction_read_only: "on" } }, async (pool) => {
    for (let i = 0; i < 50; i++)
      expect(await codeOf(pool.run((sql) => sql`insert into written values (1)`))).toBe("25006");
    expect(pool.stats().lost).toBeLessThanOrEqual(8);
    const lost = pool.stats().lost;
    expect(await codeOf(pool.tx((sql) => sql`insert into written values (1)`, { mode: "read only" }))).toBe("25006");
    expect(pool.stats().lost).toBe(lost);
  });
});

test("await using closes the pool; statistics tell pending, usage and creation", async () => {
  let outside: Awaited<ReturnType<typeof createPool>>;
  {
    await using pool = await createPool({ ...server.target, workers: 2 });
    outside = pool;
    await Promise.all(Array.from({ length: 5 }, () => pool.run((sql) => sql`select pg_sleep(0.01)`)));
    const { mostActive, usageMs, creationMs, acquireMs, opened } = pool.stats();
    expect(mostActive).toBeGreaterThanOrEqual(2);
    expect(mostActive).toBeLessThanOrEqual(4);
    expect(usageMs.count).toBe(5);
    expect(usageMs.sum).toBeGreaterThan(50);
    expect(usageMs.p50).toBeGreaterThan(9);
    expect(acquireMs.count).toBe(5);
    expect(creationMs).toMatchObject({ count: opened });
    expect(creationMs.max).toBeGreaterThan(0);
  }
  expect(await codeOf(outside.acquire())).toBe("POOL_CLOSED");
});
