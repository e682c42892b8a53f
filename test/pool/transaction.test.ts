// Transactions: what is committed, what is rolled back, and what the caller is told.
import { expect, setDefaultTimeout, test } from "bun:test";
import { PoolError, type PoolSql } from "../../lib/pool.ts";
import { codeOf, until, withPool } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";
import { TcpProxy } from "../../scripts/bench/support/tcp-proxy.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
await server.admin("drop table if exists ledger");
await server.admin("create table ledger (id int primary key deferrable initially deferred)");
const ids = async () => (await server.admin("select id from ledger order by id")).map((row) => row.id);

test("tx commits what returns, rolls back what throws, and gives the connection back at rest", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    expect(await pool.tx(async (sql) => (await sql`insert into ledger values (1) returning id`)[0]?.id)).toBe(1);
    const boom = new Error("boom");
    const thrown = pool.tx(async (sql) => {
      await sql`insert into ledger values (2)`;
      throw boom;
    });
    expect(await thrown.catch((error) => error)).toBe(boom);
    expect(await codeOf(pool.tx((sql) => sql`insert into ledger values (1)`))).toBe("23505"); // at commit: deferred
    expect(await ids()).toEqual([1]);
    expect(pool.stats()).toMatchObject({ lost: 0, idle: 1 });
  });
});

test("tx whose failed statement was swallowed says TX_ROLLED_BACK, with that failure as its cause", async () => {
  await withPool(server, { workers: 1 }, async (pool) => {
    const swallowed = pool.tx(async (sql) => {
      await sql`insert into ledger values (3)`;
      await sql`select 1 / 0`.catch(() => {});
      return "fine";
    });
    const error = (await swallowed.catch((thrown) => thrown)) as PoolError;
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({ code: "TX_ROLLED_BACK", cause: { code: "22012" } });
    expect(await ids()).toEqual([1]);
  });
});

test("tx passes its mode on and knows no injection", async () => {
  await withPool(server, { workers: 1 }, async (pool) => {
    expect(await codeOf(pool.tx((sql) => sql`insert into ledger values (4)`, { mode: "read only" }))).toBe("25006");
    const mode = "isolation level serializable, read write";
    expect(await pool.tx((sql) => sql`show transaction_isolation`.values(), { mode })).toEqual([
      ["serializable"],
    ] as never);
    expect(await codeOf(pool.tx(() => {}, { mode: "; drop table ledger" }))).toBe("42601");
    expect(await ids()).toEqual([1]);
  });
});

test("tx lost before COMMIT says CONNECTION_LOST, even to code that swallows it, and nothing is there", async () => {
  await withPool(server, { workers: 1 }, async (pool) => {
    const code = codeOf(
      pool.tx(async (sql) => {
        await sql`insert into ledger values (5)`;
        await server.killAll();
        await until("the next query fails", async () => (await codeOf(sql`select 1`)) === "CONNECTION_LOST");
      }),
    );
    expect(await code).toBe("CONNECTION_LOST");
    expect(await ids()).toEqual([1]);
  });
});

test("tx lost while COMMIT is under way says COMMIT_UNKNOWN", async () => {
  await server.admin(
    "create or replace function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return null; end'",
  );
  await server.admin(
    "create constraint trigger slow after insert on ledger initially deferred for each row when (new.id = 6) execute function slow()",
  );
  await withPool(server, { workers: 1 }, async (pool) => {
    const code = codeOf(pool.tx((sql) => sql`insert into ledger values (6)`));
    const committing =
      "select 1 from pg_stat_activity where application_name = 'midiworks' and query ilike 'commit%' and state = 'active'";
    await until("COMMIT is under way", async () => (await server.admin(committing)).length === 1);
    await server.killAll();
    expect(await code).toBe("COMMIT_UNKNOWN");
    expect(await ids()).toEqual([1]);
  });
});

test("run retries only when asked, and only what a lost connection interrupted", async () => {
  await withPool(server, { workers: 1 }, async (pool) => {
    let calls = 0;
    const interrupted = async (sql: PoolSql) => {
      await sql`select 1`;
      if (++calls < 3) await server.killAll();
      return (await sql`select 7 as n`)[0]?.n;
    };
    expect(await pool.run(interrupted, { retry: 2 })).toBe(7);
    expect(calls).toBe(3);
    calls = 0;
    expect(await codeOf(pool.run(interrupted, { retry: 1 }))).toBe("CONNECTION_LOST");
    calls = 0;
    expect(await codeOf(pool.run(interrupted))).toBe("CONNECTION_LOST");
    expect(calls).toBe(1);
    let failures = 0;
    const divide = (sql: PoolSql) => {
      failures++;
      return sql`select 1 / 0`;
    };
    const wrong = () => pool.run(divide, { retry: 5 });
    expect(await codeOf(wrong())).toBe("22012");
    expect(failures).toBe(1);
    expect(pool.stats().retries).toBe(3);
  });
});

test("run moves to another connection when the first died before doing anything for it", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const pid = await pool.run(async (sql) => {
      const [before] = await server.backends();
      await server.killAll();
      await until("the loss is noticed", () => pool.stats().lost === 1);
      return { before, after: (await sql`select pg_backend_pid() as pid`)[0]?.pid };
    });
    expect(pid.after).not.toBe(pid.before);
    expect(pool.stats()).toMatchObject({ exchanged: 1, retries: 0, lost: 1, acquires: 1 });
  });
});

test("run never moves a statement that may have begun", async () => {
  await server.admin("create sequence if not exists rung");
  const [before] = await server.admin("select last_value::int as n from rung");
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const extended = (sql: PoolSql) => sql`select nextval('rung'), pg_sleep(20)`;
    const simple = (sql: PoolSql) => sql.unsafe("do $$ begin perform nextval('rung'); perform pg_sleep(20); end $$");
    for (const ring of [extended, simple]) {
      const code = codeOf(pool.run(async (sql) => await ring(sql)));
      const ringing = "select 1 from pg_stat_activity where application_name = 'midiworks' and wait_event = 'PgSleep'";
      await until("it has begun", async () => (await server.admin(ringing)).length === 1);
      await server.killAll();
      expect(await code).toBe("CONNECTION_LOST");
    }
    expect(pool.stats().exchanged).toBe(0);
  });
  expect((await server.admin("select last_value::int as n from rung"))[0].n).toBeLessThanOrEqual(before.n + 2);
});

test("tx moves with its begin, as long as nothing else ran", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const boom = new Error("boom");
    const write = async (sql: PoolSql, id: number, end?: Error) => {
      await server.killAll();
      await until(
        "the loss is noticed",
        () => pool.stats().opened > pool.stats().exchanged && pool.stats().total === 1,
      );
      await sql`insert into ledger values (${id})`;
      if (end !== undefined) throw end;
    };
    await pool.tx((sql) => write(sql, 7));
    expect(await pool.tx((sql) => write(sql, 8, boom)).catch((error) => error)).toBe(boom);
    expect(await ids()).toEqual([1, 7]);
    expect(pool.stats()).toMatchObject({ exchanged: 2, lost: 2, acquires: 2 });
    await server.admin("delete from ledger where id = 7");
  });
});

test("tx whose COMMIT was answered is done, whatever comes right behind the answer", async () => {
  const goodbye = "SFATAL\0VFATAL\0C57P01\0Mterminating connection\0RProcessInterrupts\0\0";
  const fatal = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + goodbye.length]), Buffer.from(goodbye)]);
  const answered = Buffer.from("COMMIT\0");
  let cut: "goodbye" | "close" | "unanswered" | undefined;
  const fromServer = (chunk: Buffer): Buffer[] | undefined => {
    const at = chunk.indexOf(answered);
    if (at < 0 || cut === undefined) return [chunk];
    if (cut === "unanswered") return undefined;
    const upToAnswer = chunk.subarray(0, at + answered.length);
    if (cut === "close") setTimeout(() => proxy.cutOne());
    return cut === "close" ? [upToAnswer] : [upToAnswer, fatal];
  };
  const proxy = await TcpProxy.open(server.target, { fromServer });
  await withPool(server, { port: proxy.port, workers: 1, max: 1 }, async (pool) => {
    const write = (id: number) => pool.tx((sql) => sql`insert into ledger values (${id})`);
    for (cut of ["goodbye", "close"] as const) expect(await codeOf(write(cut.length + 50))).toBe("ok");
    cut = "unanswered";
    expect(await codeOf(write(59))).toBe("COMMIT_UNKNOWN");
    cut = undefined;
    expect(await codeOf(write(60))).toBe("ok");
  });
  await proxy.close();
  expect(await ids()).toEqual([1, 55, 57, 59, 60]);
  await server.admin("delete from ledger where id > 1");
});

test("tx that was rolled back by hand is not called done; one committed by hand is", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    const end = (command: string, after: string) =>
      pool.tx(async (sql) => {
        await sql`insert into ledger values (70)`;
        await sql.unsafe(command);
        await sql.unsafe(after);
      });
    expect(await codeOf(end("rollback", "select 1"))).toBe("TX_ROLLED_BACK");
    expect(await codeOf(end("abort", "select 1"))).toBe("TX_ROLLED_BACK");
    expect(await ids()).toEqual([1]);
    const partly = pool.tx(async (sql) => {
      await sql`insert into ledger values (71)`;
      await sql`savepoint half`;
      await sql`insert into ledger values (72)`;
      await sql`rollback to half`;
    });
    expect(await codeOf(partly)).toBe("ok");
    expect(await codeOf(end("commit", "select 1"))).toBe("ok");
    expect(await ids()).toEqual([1, 70, 71]);
    expect(pool.stats()).toMatchObject({ lost: 0 });
    await server.admin("delete from ledger where id > 1");
  });
});

test("run does work again for a lost connection only, not for its own error", async () => {
  await withPool(server, { workers: 1, max: 1 }, async (pool) => {
    let calls = 0;
    const own = new Error("not valid");
    const work = async (sql: PoolSql) => {
      calls++;
      await sql`select 1`;
      await server.killAll();
      await until("the loss is noticed", () => pool.stats().lost === calls);
      throw own;
    };
    expect(await pool.run(work, { retry: 3 }).catch((error) => error)).toBe(own);
    expect(calls).toBe(1);
  });
});
