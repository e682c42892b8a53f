// Limits and signals bound the work itself, through an exchange of connections and a silent network.
import { expect, setDefaultTimeout, test } from "bun:test";
import { PoolError, type PoolSql } from "../../lib/pool.ts";
import { codeOf, until, withPool } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";
import { TcpProxy } from "../../scripts/bench/support/tcp-proxy.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
await server.admin("drop table if exists limited");
await server.admin("create table limited (id int primary key)");
const SLEEPING = "select 1 from pg_stat_activity where application_name = 'midiworks' and wait_event = 'PgSleep'";
const sleepers = async () => (await server.admin(SLEEPING)).length;
const sleep = (sql: PoolSql) => sql`select pg_sleep(20)`;

test("queryTimeoutMs: a query that takes longer is cancelled, and its connection lives on", async () => {
  await withPool(server, { workers: 1, max: 1, queryTimeoutMs: 60 }, async (pool) => {
    const error = await pool.run(sleep).catch((thrown: PoolError) => thrown);
    expect(error).toMatchObject({ code: "QUERY_TIMEOUT", cause: { code: "57014" } });
    expect((error as PoolError).message).toContain("No answer to a query within 60 ms");
    expect(await sleepers()).toBe(0);
    expect(await codeOf(pool.run((sql) => sql`select pg_sleep(0.1)`, { queryTimeoutMs: 0 }))).toBe("ok");
    const slowTx = pool.tx(async (sql) => {
      await sql`insert into limited values (1)`;
      await sleep(sql);
    });
    expect(await codeOf(slowTx)).toBe("QUERY_TIMEOUT");
    expect(await codeOf(pool.run(sleep, { retry: 3 }))).toBe("QUERY_TIMEOUT");
    expect(pool.stats()).toMatchObject({ lost: 0, total: 1, retries: 0 });
  });
  expect(await server.admin("select * from limited")).toEqual([]);
});

test("queryTimeoutMs: each query has its own time, and the server's only", async () => {
  await withPool(server, { workers: 1, max: 1, queryTimeoutMs: 150, pingTimeoutMs: 100 }, async (pool) => {
    await pool.run(async (sql) => {
      await Promise.all(Array.from({ length: 5 }, () => sql`select pg_sleep(0.05)`));
      let seen = 0;
      for await (const rows of sql`select generate_series(1, 4)`.cursor(2)) {
        seen += rows.length;
        await Bun.sleep(400); // the caller's own time
      }
      expect(seen).toBe(4);
      await sql`create temp table copied (n int)`;
      const into = await sql`copy copied from stdin`.writable();
      into.write("1\n");
      await Bun.sleep(400);
      await new Promise<void>((done) => into.end("2\n", () => done()));
      expect((await sql`select count(*) as n from copied`)[0]?.n).toBe(2);
    });
    expect(pool.stats().lost).toBe(0);
  });
});

test("queryTimeoutMs: a network that goes silent in the middle of a query does not hold anybody", async () => {
  const proxy = await TcpProxy.open(server.target);
  const options = { port: proxy.port, workers: 4, queryTimeoutMs: 100, pingTimeoutMs: 100 };
  await withPool(server, options, async (pool) => {
    const held = [
      codeOf(pool.run(sleep)),
      codeOf(pool.tx(sleep)),
      codeOf(pool.run((sql) => sql`select pg_sleep(0.05), 1 as n`, { retry: 1 })),
    ];
    await until("all are under way", async () => (await sleepers()) >= 2);
    proxy.freeze();
    const bypassed = codeOf(pool.run((sql) => sql`select 1`, { retry: 1 }));
    expect(await Promise.all(held)).toEqual(["CONNECTION_LOST", "CONNECTION_LOST", "ok"]);
    expect(await bypassed).toBe("ok");
    const error = await pool.run((sql) => sql`select 1`).catch((thrown) => thrown);
    expect(error).not.toBeInstanceOf(PoolError);
  });
  await proxy.close();
});

test("signal: stops the query under way and refuses those after it; a transaction is rolled back", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const work = async (sql: PoolSql) => {
      await sql`insert into limited values (2)`;
      const codes = [codeOf(sleep(sql)), codeOf(sql`select 1`)];
      expect(await Promise.all(codes)).toEqual(["QUERY_ABORTED", "QUERY_ABORTED"]);
      return sql`select 2`;
    };
    const abort = new AbortController();
    const stopped = codeOf(pool.tx(work, { signal: abort.signal }));
    await until("it sleeps", async () => (await sleepers()) === 1);
    abort.abort(new Error("enough"));
    expect(await stopped).toBe("QUERY_ABORTED");
    expect(await server.admin("select * from limited")).toEqual([]);
    expect(await codeOf(pool.run((sql) => sql`select 1`, { signal: abort.signal }))).toBe("ACQUIRE_ABORTED");
    expect(await codeOf(pool.run((sql) => sql`select 1`, { signal: AbortSignal.timeout(5_000) }))).toBe("ok");
    const swallowing = pool.tx(
      async (sql) => {
        await sql`insert into limited values (3)`;
        await sleep(sql).catch(() => {});
      },
      { signal: AbortSignal.timeout(50) },
    );
    expect(await codeOf(swallowing)).toBe("QUERY_ABORTED");
    expect(pool.stats()).toMatchObject({ lost: 0, total: 1 });
  });
  expect(await server.admin("select * from limited")).toEqual([]);
});

test("limits and signals hold while a connection is exchanged", async () => {
  const proxy = await TcpProxy.open(server.target);
  await withPool(
    server,
    { port: proxy.port, workers: 1, max: 1, acquireTimeoutMs: 20_000, connectTimeoutMs: 600 },
    async (pool) => {
      const exchanged = async (options: object) => {
        await until("the pool is well", async () => (await codeOf(pool.ping({ timeoutMs: 300 }))) === "ok");
        const began = performance.now();
        const work = pool.run(async (sql) => {
          proxy.freezeNew();
          const { lost } = pool.stats();
          proxy.cutOne();
          await until("the loss is noticed", () => pool.stats().lost > lost);
          return await sql`select 1`;
        }, options);
        const error = await work.catch((thrown: PoolError) => thrown);
        proxy.thaw();
        return { error: error as PoolError, ms: performance.now() - began };
      };
      const late = await exchanged({ timeoutMs: 200 });
      expect(late.error.code).toBe("ACQUIRE_TIMEOUT");
      expect(late.error.message).toContain("waited 200 ms");
      expect(late.ms).toBeLessThan(5_000);
      const stopped = await exchanged({ signal: AbortSignal.timeout(200) });
      expect(["QUERY_ABORTED", "ACQUIRE_ABORTED"]).toContain(stopped.error.code);
      expect(stopped.ms).toBeLessThan(5_000);
    },
  );
  await proxy.close();
});
