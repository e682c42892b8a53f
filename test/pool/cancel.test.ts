// A cancel stops the query it is for, and nothing else; what is left behind stops too.
import { expect, setDefaultTimeout, test } from "bun:test";
import { codeOf, until, withPool } from "../../scripts/bench/support/load.ts";
import { length, sharedServer } from "../../scripts/bench/support/private-server.ts";
import { TcpProxy } from "../../scripts/bench/support/tcp-proxy.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
const SLEEPING = "select 1 from pg_stat_activity where application_name = 'midiworks' and wait_event = 'PgSleep'";
const sleepers = async () => (await server.admin(SLEEPING)).length;

test("cancel: a query that waits behind another never reaches the server, the other runs on", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    await pool.run(async (sql) => {
      const [first, second, third] = [sql`select pg_sleep(1)`, sql`select 2`, sql`select 3 as n`];
      const codes = [codeOf(first), codeOf(second)];
      const rows = third.execute();
      await until("the first is under way", async () => (await sleepers()) === 1);
      second.cancel();
      expect(await Promise.all(codes)).toEqual(["ok", "57014"]);
      expect((await rows)[0]?.n).toBe(3);
    });
    expect(pool.stats()).toMatchObject({ lost: 0 });
  });
});

test("cancel: one that comes late hits neither the next query of the lease nor the next borrower", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const codes: string[] = [];
    const rounds = length(60, 300);
    for (let round = 0; round < rounds; round++) {
      await pool.run(async (sql) => {
        const query = sql`select pg_sleep(0.001)`;
        const ended = codeOf(query);
        await Bun.sleep(1);
        query.cancel();
        if (round % 2 === 0) codes.push(await codeOf(sql`select pg_sleep(0.002)`));
        await ended;
      });
      codes.push(await codeOf(pool.run((sql) => sql`select pg_sleep(0.002)`)));
    }
    expect(codes.filter((code) => code !== "ok")).toEqual([]);
    expect(pool.stats().lost).toBe(0);
  });
});

test("cancel: before it was sent, and after it was done", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    await pool.run(async (sql) => {
      const early = sql`select 1`;
      early.cancel();
      expect(await codeOf(early)).toBe("57014");
      const done = sql`select 1`;
      await done;
      done.cancel();
      expect(await codeOf(sql`select 2`)).toBe("ok");
    });
  });
});

test("cancel: one that comes before the server began the query is repeated", async () => {
  const proxy = await TcpProxy.open(server.target);
  await withPool(server, { port: proxy.port, workers: 1, max: 1 }, async (pool) => {
    proxy.delay(200); // the query takes its time to get there, the request to cancel does not
    const code = await pool.run(async (sql) => {
      const slow = sql`select pg_sleep(20)`;
      const ended = codeOf(slow);
      await until("it is sent", () => pool.stats().active === 1);
      slow.cancel();
      return ended;
    });
    expect(code).toBe("57014");
    expect(pool.stats().lost).toBe(0);
  });
  await proxy.close();
});

test("cancel: a request the server does not confirm keeps its connection from being used again", async () => {
  const proxy = await TcpProxy.open(server.target);
  await withPool(server, { port: proxy.port, workers: 1, max: 1 }, async (pool) => {
    const [before] = await pool.run((sql) => sql`select pg_backend_pid() as pid`);
    const ended = pool.run(async (sql) => {
      const query = sql`select pg_sleep(3)`;
      const code = codeOf(query);
      await until("it sleeps", async () => (await sleepers()) === 1);
      proxy.freezeNew();
      query.cancel();
      return [await code, await codeOf(sql`select 1`)];
    });
    expect(await ended).toEqual(["ok", "CONNECTION_LOST"]);
    proxy.thaw();
    const [after] = await pool.run((sql) => sql`select pg_backend_pid() as pid`);
    expect(after?.pid).not.toBe(before?.pid);
  });
  await proxy.close();
});

test("release: statements left running are cancelled, and count against max until they are gone", async () => {
  await withPool(server, { workers: 2, max: 2 }, async (pool) => {
    let most = 0;
    for (let round = 0; round < length(20, 100); round++) {
      const both = pool.run((sql) => Promise.all([sql`select 1 / 0`, sql`select pg_sleep(5)`]));
      expect(await codeOf(both)).toBe("22012");
      const abandoned = pool.run(async (sql) => void sql`select pg_sleep(5)`.catch(() => {}));
      await abandoned;
      const lease = await pool.acquire();
      lease.sql`select pg_sleep(5)`.catch(() => {});
      await until("it runs", async () => (await sleepers()) > 0);
      lease.destroy();
      most = Math.max(most, (await server.backends()).length);
      expect(pool.stats().total + pool.stats().closing).toBeLessThanOrEqual(2);
    }
    expect(most).toBeLessThanOrEqual(2);
    await until("nothing runs on", async () => (await sleepers()) === 0, 1_000);
    await until("nothing is left to close", () => pool.stats().closing === 0);
  });
});

test("release: a server that no longer answers does not keep a place for ever", async () => {
  const proxy = await TcpProxy.open(server.target);
  await withPool(server, { port: proxy.port, workers: 1, max: 1 }, async (pool) => {
    const lease = await pool.acquire();
    const code = codeOf(lease.sql`select pg_sleep(5)`);
    await until("it runs", async () => (await sleepers()) > 0);
    proxy.freeze();
    lease.release();
    expect(await code).toBe("LEASE_RELEASED");
    expect(pool.stats()).toMatchObject({ total: 0, closing: 1 });
    expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
  });
  await proxy.close();
});
