// Random backends are killed every 100 ms while 8 workers work: what may fail, and what may not.
import { expect, setDefaultTimeout, test } from "bun:test";
import { isConnectionLost, type Pool, PoolError } from "../../lib/pool.ts";
import { codeOf, forMs, load, repeat, until, withPool } from "../../scripts/bench/support/load.ts";
import { length, sharedServer } from "../../scripts/bench/support/private-server.ts";

const RUN_MS = length(3_000, 30_000);
setDefaultTimeout(RUN_MS + 60_000);

const server = await sharedServer();

/** One upsert, fit to be done twice. */
function upsert(pool: Pool, table: string, id: number, retry: number): Promise<unknown> {
  return pool.run(
    (sql) => sql`
      insert into ${sql(table)} (id) values (${id})
      on conflict (id) do update set times = ${sql(table)}.times`,
    { retry },
  );
}

async function table(name: string): Promise<string> {
  await server.admin(`drop table if exists ${name}`);
  await server.admin(`create table ${name} (id int primary key, times int not null default 1)`);
  return name;
}

/** At most `share` failures a kill, give or take three standard deviations of so short a run. */
function allowed(kills: number, share: number): number {
  return share * kills + 3 * Math.sqrt(kills * share * (1 - share));
}

test("work with retry under kills: nothing lost, rows exact, back to N", async () => {
  const items = await table("retried");
  // Connections that tests before left to time out would be killed, too, and be nobody's loss.
  await server.killAll();
  while ((await server.backends()).length > 0) await Bun.sleep(10);
  await withPool(server, {}, async (pool) => {
    const killer = repeat(100, () => server.killOne());
    const outcome = await load(8, forMs(RUN_MS), (id) => upsert(pool, items, id, 10));
    const kills = await killer.stop();
    await until("the pool is back to N", () => pool.stats().total >= 8, 1_000);
    const [rows] = await server.admin(`select count(*)::int as n, sum(times)::int as times from ${items}`);
    expect(outcome.failed).toEqual([]);
    expect(rows).toEqual({ n: outcome.done, times: outcome.done });
    expect(kills).toBeGreaterThan(RUN_MS / 250);
    await until("every kill was noticed", () => pool.stats().lost === kills, 1_000);
    console.log(`kills with retry: ${kills} kills, ${outcome.done} operations, ${outcome.failed.length} lost`);
  });
});

for (const [name, bypassMs, share] of [
  ["goodbye and bypass", 500, 0.3],
  ["ping always", 0, 0.15],
] as const) {
  test(`work without retry under kills, ${name}: few fail, all as CONNECTION_LOST, nothing is done twice`, async () => {
    const items = await table("unretried");
    await withPool(server, { bypassMs }, async (pool) => {
      const killer = repeat(100, () => server.killOne());
      const insert = (id: number) => pool.run((sql) => sql`insert into ${sql(items)} (id) values (${id})`);
      const outcome = await load(8, forMs(RUN_MS), insert);
      const kills = await killer.stop();
      const [rows] = await server.admin(`select count(*)::int as n from ${items}`);
      const { exchanged } = pool.stats();
      console.log(
        `kills, ${name}: ${outcome.failed.length} failed, ${exchanged} exchanged in ${kills} kills, ${outcome.done} done`,
      );
      // Were a moved insert done twice, it would fail with 23505.
      expect(outcome.failed.filter((error) => !(error instanceof PoolError) || !isConnectionLost(error))).toEqual([]);
      expect(outcome.failed.length).toBeLessThanOrEqual(allowed(kills, share));
      expect(rows.n).toBeGreaterThanOrEqual(outcome.done);
      expect(rows.n).toBeLessThanOrEqual(outcome.done + outcome.failed.length);
    });
  });
}

test("transactions under kills: none half-written, none reported wrongly", async () => {
  const halves = await table("halves");
  const committed = new Set<number>();
  const rolledBack = new Set<number>();
  await withPool(server, {}, async (pool) => {
    const write = (id: number) =>
      pool.tx(async (sql) => {
        await sql`insert into ${sql(halves)} (id) values (${2 * id})`;
        await sql`insert into ${sql(halves)} (id) values (${2 * id + 1})`;
      });
    const killer = repeat(length(50, 75), () => server.killOne());
    const outcome = await load(8, forMs(RUN_MS), async (id) => {
      const code = await codeOf(write(id));
      if (code === "ok") committed.add(id);
      else if (code !== "COMMIT_UNKNOWN") rolledBack.add(id);
      if (code !== "ok" && code !== "COMMIT_UNKNOWN" && code !== "CONNECTION_LOST") throw new Error(code);
    });
    const kills = await killer.stop();
    const pairs = await server.admin(`select id / 2 as id, count(*)::int as n from ${halves} group by 1`);
    const present = new Set(pairs.map((row) => row.id as number));
    expect(outcome.failed).toEqual([]);
    expect(pairs.filter((row) => row.n !== 2)).toEqual([]);
    expect([...committed].filter((id) => !present.has(id))).toEqual([]);
    expect([...rolledBack].filter((id) => present.has(id))).toEqual([]);
    console.log(`transactions: ${committed.size} committed, ${rolledBack.size} failed, ${kills} kills`);
  });
});

test("statistics under kills always add up", async () => {
  await withPool(server, {}, async (pool) => {
    const wrong: unknown[] = [];
    let samples = 0;
    const sampler = setInterval(() => {
      const now = pool.stats();
      samples++;
      const sum = now.idle + now.active + now.checking;
      const sound = now.total === sum && now.opened - now.lost === now.total && now.total + now.connecting <= now.max;
      if (!sound || now.active > 8) wrong.push(now);
    }, 5);
    const killer = repeat(30, () => server.killOne());
    await load(8, forMs(RUN_MS / 2), () => pool.run((sql) => sql`select 1`, { retry: 10 }));
    await killer.stop();
    clearInterval(sampler);
    expect(wrong).toEqual([]);
    expect(samples).toBeGreaterThan(20);
  });
});

test("held lease whose backend is killed: never another session, every query rejects", async () => {
  const rounds = length(30, 300);
  const answered: unknown[] = [];
  const codes = new Map<string, number>();
  await withPool(server, {}, async (pool) => {
    for (let round = 0; round < rounds; round++) {
      const lease = await pool.acquire();
      const early = round % 3 === 0 ? lease.sql`select pg_sleep(5)` : undefined;
      early?.catch(() => {});
      const killed = server.admin("select pg_terminate_backend($1)", [lease.pid]);
      if (round % 3 !== 1) await killed;
      if (round % 3 === 2) await until("the loss is noticed", () => lease.lost);
      await killed;
      for (let query = 0; query < 3; query++) {
        const code = await codeOf(lease.sql`select pg_backend_pid() as pid`.then((rows) => answered.push(rows[0])));
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      if (early !== undefined) expect(await codeOf(early)).toBe("CONNECTION_LOST");
      expect(lease.lost).toBe(true);
      lease.release();
    }
  });
  expect(answered).toEqual([]);
  expect([...codes]).toEqual([["CONNECTION_LOST", 3 * rounds]]);
});

test("queries queued on a connection that dies all reject, none hangs", async () => {
  await withPool(server, { workers: 1 }, async (pool) => {
    const lease = await pool.acquire();
    const slow = (n: number) => lease.sql`select ${n}::int as n, pg_sleep(20)`;
    const queued = Array.from({ length: 20 }, (_, n) => codeOf(slow(n)));
    const sleeping = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    await until("the first is under way", async () => (await server.admin(sleeping)).length === 1);
    await server.killAll();
    expect(new Set(await Promise.all(queued))).toEqual(new Set(["CONNECTION_LOST"]));
    lease.release();
  });
});
