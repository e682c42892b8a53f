// Taking and giving back connections: order, limits, doubt, leaks.
import { expect, setDefaultTimeout, test } from "bun:test";
import { createPool, type PoolError, type PoolEvent, type PoolSql } from "../../lib/pool.ts";
import { codeOf, forMs, load, until, withPool } from "../../scripts/bench/support/load.ts";
import { length, sharedServer, TestServer } from "../../scripts/bench/support/private-server.ts";
import { TcpProxy } from "../../scripts/bench/support/tcp-proxy.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();

test("createPool: N open and proven, the first N acquires wait for nothing, still N later", async () => {
  await withPool(server, {}, async (pool) => {
    expect(await server.backends()).toHaveLength(8);
    expect(pool.stats()).toMatchObject({ total: 8, idle: 8, active: 0, opened: 8, lost: 0, connecting: 0 });
    const leases = await Promise.all(Array.from({ length: 8 }, () => pool.acquire()));
    expect(new Set(leases.map((lease) => lease.pid)).size).toBe(8);
    expect(pool.stats()).toMatchObject({ active: 8, opened: 8, bypassed: 8, pings: 0 });
    for (const lease of leases) lease.release();
    await load(8, forMs(length(700, 5_000)), () => pool.run((sql) => sql`select 1`));
    expect(pool.stats()).toMatchObject({ total: 8, idle: 8, opened: 8, lost: 0 });
  });
});

test("acquire: 500 at once on 10 connections are served in their order, on all 10", async () => {
  await withPool(server, {}, async (pool) => {
    const served: number[] = [];
    const pids = new Set<number>();
    const work = async (sql: PoolSql, index: number) => {
      served.push(index);
      const [row] = await sql`select pg_backend_pid() as pid, pg_sleep(0.002)`;
      pids.add(row?.pid);
    };
    await Promise.all(Array.from({ length: 500 }, (_, index) => pool.run((sql) => work(sql, index))));
    expect(served).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect(pids.size).toBe(10);
    expect(pool.stats()).toMatchObject({ total: 10, idle: 10, waiting: 0, acquires: 500 });
  });
});

test("acquire: 1,000 abandoned by timeout and abort leave full capacity", async () => {
  await withPool(server, {}, async (pool) => {
    const held = await Promise.all(Array.from({ length: 10 }, () => pool.acquire()));
    const codes = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => {
        const abort = new AbortController();
        const given = codeOf(pool.acquire(index % 2 === 0 ? { timeoutMs: 1 + (index % 7) } : { signal: abort.signal }));
        if (index % 4 === 1) abort.abort();
        else queueMicrotask(() => abort.abort());
        return given;
      }),
    );
    expect(codes.filter((code) => code === "ACQUIRE_TIMEOUT")).toHaveLength(500);
    expect(codes.filter((code) => code === "ACQUIRE_ABORTED")).toHaveLength(500);
    expect(pool.stats()).toMatchObject({ waiting: 0, active: 10, acquireTimeouts: 500 });
    for (const lease of held) lease.release();
    const again = await Promise.all(Array.from({ length: 10 }, () => pool.acquire({ timeoutMs: 1000 })));
    expect(pool.stats()).toMatchObject({ active: 10, total: 10, idle: 0 });
    for (const lease of again) lease.release();
  });
});

test("acquire: a second connection inside run ends in ACQUIRE_TIMEOUT that says why", async () => {
  await withPool(server, { workers: 1, max: 1, acquireTimeoutMs: 50 }, async (pool) => {
    const error = await pool.run(() => pool.run((sql) => sql`select 1`)).catch((thrown: PoolError) => thrown);
    expect(error).toMatchObject({ code: "ACQUIRE_TIMEOUT" });
    expect((error as PoolError).message).toContain("1 total, 1 active, 0 idle");
    expect((error as PoolError).message).toContain("takes a second connection while it holds one");
  });
});

test("release: twice does not hand one connection to two owners, and a stale handle is refused", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const first = await pool.acquire();
    first.release();
    const second = await pool.acquire();
    first.release();
    first.destroy();
    expect(await codeOf(pool.acquire({ timeoutMs: 20 }))).toBe("ACQUIRE_TIMEOUT");
    expect(await codeOf(first.sql`select 1`)).toBe("LEASE_RELEASED");
    expect(await codeOf(second.sql`select 1`)).toBe("ok");
    second.release();
  });
});

test("release: a connection in a transaction or in the middle of a query is dropped, not reused", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const pids: number[] = [];
    const left = await pool.run(async (sql) => {
      pids.push((await sql`select pg_backend_pid() as pid`)[0]?.pid);
      await sql`begin`;
    });
    expect(left).toBeUndefined();
    const slow = await pool.run(async (sql) => {
      pids.push((await sql`select pg_backend_pid() as pid`)[0]?.pid);
      return { query: codeOf(sql`select pg_sleep(20)`.execute()) };
    });
    expect(await slow.query).toBe("LEASE_RELEASED");
    pids.push((await pool.run((sql) => sql`select pg_backend_pid() as pid`))[0]?.pid);
    expect(new Set(pids).size).toBe(3);
    expect(pool.stats()).toMatchObject({ lost: 2, opened: 3 });
  });
});

test("acquire: a dead backend behind a blocked event loop is found by a ping", async () => {
  for (let round = 0; round < 6; round++) {
    await withPool(server, {}, async (pool) => {
      await pool.run((sql) => sql`select 1`);
      const pids = await server.backends();
      for (const pid of pids) process.kill(pid, "SIGTERM");
      for (const blocked = forMs(60); blocked(); );
      const leases = await Promise.all(pids.map(() => pool.acquire()));
      expect(await Promise.all(leases.map((lease) => codeOf(lease.sql`select 1`)))).toEqual(pids.map(() => "ok"));
      expect(pool.stats().pings).toBeGreaterThan(0);
      for (const lease of leases) lease.release();
    });
  }
});

test("ping: a silent black hole costs one ping timeout, not one a connection", async () => {
  const proxy = await TcpProxy.open(server.target);
  const pingTimeoutMs = 400;
  const events: PoolEvent[] = [];
  const options = { port: proxy.port, bypassMs: 0, pingTimeoutMs, onEvent: (event: PoolEvent) => events.push(event) };
  await withPool(server, options, async (pool) => {
    const leases = await Promise.all(Array.from({ length: 10 }, () => pool.acquire()));
    for (const lease of leases) lease.release();
    proxy.freeze();
    const began = performance.now();
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
    const ms = performance.now() - began;
    console.log(`black hole: first operation after ${ms.toFixed(0)} ms with a ping timeout of ${pingTimeoutMs} ms`);
    expect(ms).toBeLessThan(1.9 * pingTimeoutMs);
    await until("all silent connections are dropped", () => pool.stats().lost === 10);
    await until("the pool is back to N", () => pool.stats().total >= 8);
    expect(pool.stats().pingFailed).toBe(10);
    expect(events.filter((event) => event.type === "replaced").length).toBeGreaterThanOrEqual(6);
  });
  await proxy.close();
});

test("bypassMs 0 pings at every checkout, hand-offs included; Infinity at none", async () => {
  await withPool(server, { workers: 2, bypassMs: 0 }, async (pool) => {
    await Promise.all(Array.from({ length: 50 }, () => pool.run((sql) => sql`select 1`)));
    const { pings, acquires, bypassed } = pool.stats();
    expect({ acquires, bypassed }).toEqual({ acquires: 50, bypassed: 0 });
    expect(pings).toBeGreaterThanOrEqual(48); // but for two connections opened for their first callers
  });
  await withPool(server, { workers: 2, bypassMs: Number.POSITIVE_INFINITY }, async (pool) => {
    for (const blocked = forMs(60); blocked(); );
    await Promise.all(Array.from({ length: 50 }, () => pool.run((sql) => sql`select 1`)));
    expect(pool.stats().pings).toBe(0);
  });
});

test("acquire: where one connection died the idle ones are in doubt, and pinged once", async () => {
  await withPool(server, { workers: 3 }, async (pool) => {
    const [row] = await pool.run((sql) => sql`select pg_backend_pid() as pid`);
    expect(pool.stats().pings).toBe(0);
    await server.admin("select pg_terminate_backend($1)", [row?.pid]);
    await until("it is replaced", () => pool.stats().opened === 4 && pool.stats().idle === 3);
    const leases = await Promise.all(Array.from({ length: 3 }, () => pool.acquire()));
    for (const lease of leases) lease.release();
    expect(pool.stats()).toMatchObject({ pings: 2, pingFailed: 0 });
    await Promise.all(Array.from({ length: 3 }, () => pool.run((sql) => sql`select 1`)));
    expect(pool.stats().pings).toBe(2);
  });
});

test("acquire: after a crash nothing is handed out for a moment, not even for a ping", async () => {
  const proxy = await TcpProxy.open(server.target);
  let lost: () => void = () => {};
  const onEvent = ({ type }: PoolEvent) => type === "lost" && lost();
  await withPool(server, { port: proxy.port, workers: 3, max: 3, onEvent }, async (pool) => {
    const crashed = new Promise<void>((done) => {
      lost = done;
    });
    proxy.cutOne();
    await crashed;
    const lease = pool.acquire();
    expect(pool.stats()).toMatchObject({ waiting: 1, idle: 2, checking: 0, active: 0 });
    (await lease).release();
    expect(pool.stats()).toMatchObject({ waiting: 0, pingFailed: 0 });
  });
  await proxy.close();
});

test("acquire: a second end of that kind soon after does not hold the pool back again", async () => {
  const proxy = await TcpProxy.open(server.target);
  await withPool(server, { port: proxy.port, workers: 1, max: 4, min: 0 }, async (pool) => {
    const all = await Promise.all(Array.from({ length: 4 }, () => pool.acquire()));
    for (const lease of all) lease.release();
    const lose = async () => {
      const { lost } = pool.stats();
      proxy.cutOne();
      await until("the loss is noticed", () => pool.stats().lost > lost);
    };
    await lose();
    (await pool.acquire()).release();
    await lose();
    const lease = pool.acquire();
    expect(pool.stats()).toMatchObject({ waiting: 1, checking: 1 });
    (await lease).release();
  });
  await proxy.close();
});

test("keepalive: idle connections are pinged, and one that died is replaced before anybody needs it", async () => {
  await withPool(server, { workers: 2, keepaliveMs: 30 }, async (pool) => {
    await until("both are pinged", () => pool.stats().pings >= 4);
    expect(pool.stats()).toMatchObject({ pingFailed: 0, lost: 0, total: 2 });
    await server.killAll();
    await until("both are replaced", () => pool.stats().opened === 4 && pool.stats().idle === 2);
    expect(pool.stats()).toMatchObject({ acquires: 0, lost: 2 });
  });
});

test("a server with 6 slots and a pool that wants 8: resolves short, nobody fails, 53300 is weather", async () => {
  const settings = { max_connections: 6, superuser_reserved_connections: 0, max_wal_senders: 0 };
  const small = await TestServer.start({ settings });
  const events: PoolEvent[] = [];
  const pool = await createPool({ ...small.target, workers: 8, onEvent: (event) => events.push(event) });
  const short = events.find((event) => event.type === "prewarm-short");
  expect(short).toMatchObject({ wanted: 8, got: 6 });
  expect((short as { error: { code: string } }).error.code).toBe("53300");
  const outcome = await load(8, forMs(length(1_000, 20_000)), () => pool.run((sql) => sql`select 1`));
  expect(outcome.failed).toEqual([]);
  expect(outcome.done).toBeGreaterThan(100);
  expect(pool.stats()).toMatchObject({ total: 6, lost: 0 });
  await pool.close();
  await small.close();
});

test("leak: a lease held too long is reported once, with the stack of its checkout", async () => {
  const events: PoolEvent[] = [];
  await withPool(server, { workers: 1, leakMs: 30, onEvent: (event) => events.push(event) }, async (pool) => {
    const lease = await pool.acquire();
    const leaks = () => events.filter((event) => event.type === "leak");
    await until("the leak is reported", () => leaks().length > 0);
    expect(leaks()).toMatchObject([{ pid: lease.pid, stack: expect.stringContaining("checkout.test.ts") }]);
    await lease.sql`select pg_sleep(0.1)`;
    expect(leaks()).toHaveLength(1);
    expect(pool.stats().leaks).toBe(1);
    lease.release();
  });
});

test("waiting: callers that wait long are told to the log, with the reason connecting fails", async () => {
  const events: PoolEvent[] = [];
  await withPool(server, { workers: 1, max: 1, onEvent: (event) => events.push(event) }, async (pool) => {
    const lease = await pool.acquire();
    const waiting = pool.run((sql) => sql`select 1`);
    await until("the wait is told", () => events.some((event) => event.type === "waiting"));
    expect(events.find((event) => event.type === "waiting")).toMatchObject({ waiting: 1 });
    lease.release();
    await waiting;
  });
});

test("ping: resolves to a round trip, replaces what is dead, gives up in time", async () => {
  const proxy = await TcpProxy.open(server.target);
  await withPool(server, { port: proxy.port, workers: 2, pingTimeoutMs: 100 }, async (pool) => {
    expect(await pool.ping()).toBeGreaterThan(0);
    await server.killAll();
    expect(await pool.ping()).toBeGreaterThan(0);
    proxy.freeze();
    expect(await codeOf(pool.ping({ timeoutMs: 50 }))).toBe("CONNECTION_LOST");
    await until("the pool recovers", async () => (await codeOf(pool.ping({ timeoutMs: 50 }))) === "ok");
  });
  await proxy.close();
});

test("lost: the event and the error carry the server's own reason", async () => {
  const events: PoolEvent[] = [];
  await withPool(server, { workers: 1, onEvent: (event) => events.push(event) }, async (pool) => {
    const lease = await pool.acquire();
    await server.killAll();
    await until("the loss is noticed", () => lease.lost);
    const reason = "terminating connection due to administrator command";
    expect(events).toContainEqual(expect.objectContaining({ type: "lost", pid: lease.pid, reason, leased: true }));
    const error = await lease.sql`select 1`.catch((thrown: PoolError) => thrown);
    expect(error).toMatchObject({ code: "CONNECTION_LOST", cause: { code: "57P01" } });
    await until("it is replaced", () => pool.stats().total === 1);
    expect(events).toContainEqual(expect.objectContaining({ type: "replaced", lostPid: lease.pid }));
  });
});
