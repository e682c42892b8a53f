// Through PgBouncer in transaction mode, which is what `prepare: false` is for.
import { expect, setDefaultTimeout, test } from "bun:test";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asAccount } from "../../lib/database/embedded/account.ts";
import { createPool } from "../../lib/pool.ts";
import { freePort } from "../../scripts/bench/support/cluster.ts";
import { codeOf, load, repeat, until } from "../../scripts/bench/support/load.ts";
import { FULL, sharedServer, type TestServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const present = spawnSync("pgbouncer", ["--version"]).status === 0;
if (!present) console.log("skipped: PgBouncer test, no pgbouncer command on this machine");

test.skipIf(!present)(
  "through PgBouncer in transaction mode: work, transactions, kills behind it",
  async () => {
    const server = await sharedServer();
    await server.admin("create table if not exists through (id int primary key)");
    await server.admin("truncate through");
    const bouncer = await startBouncer(server);
    const url = `postgres://postgres@127.0.0.1:${bouncer.port}/postgres?pgbouncer=true`;
    try {
      const pool = await createPool({ url, workers: 8 });
      const rounds = FULL ? 5_000 : 500;
      const bulk = await pool.run((sql) => sql`select count(*) as n from unnest(${["a", null, '"']}::text[])`);
      expect(bulk[0]?.n).toBe(3);
      let left = rounds;
      const insert = (id: number) =>
        pool.tx(async (sql) => {
          await sql`insert into through values (${id})`;
          return sql`select id from through where id = ${id}`;
        });
      expect((await load(8, () => left-- > 0, insert)).failed).toEqual([]);
      expect((await server.admin("select count(*)::int as n from through"))[0].n).toBe(rounds);

      const behind = `select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and backend_type = 'client backend' and query_start is not null
        order by random() limit 1`;
      let kills = 0;
      const killer = repeat(20, async () => (kills += (await server.admin(behind)).length));
      const again = () => pool.run((sql) => sql`select 1`, { retry: 10 });
      const killed = await load(8, () => kills < (FULL ? 100 : 10), again);
      await killer.stop();
      expect(killed.failed).toEqual([]);

      bouncer.process.kill("SIGKILL");
      await until("the loss is noticed", () => pool.stats().total === 0);
      expect(await codeOf(pool.acquire({ timeoutMs: 100 }))).toBe("ACQUIRE_TIMEOUT");
      await pool.close();
    } finally {
      await bouncer.stop();
    }
  },
  60_000,
);

test.skipIf(!present)(
  "through PgBouncer: cancel, limits and close stop what runs on the server behind it",
  async () => {
    const server = await sharedServer();
    const bouncer = await startBouncer(server);
    const url = `postgres://postgres@127.0.0.1:${bouncer.port}/postgres?pgbouncer=true`;
    const sleeping = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    const sleepers = async () => (await server.admin(sleeping)).length;
    try {
      const pool = await createPool({
        url,
        workers: 2,
        preferences: { default_transaction_isolation: "read committed" },
      });
      for (let round = 0; round < (FULL ? 30 : 8); round++) {
        const cancelled = pool.run(async (sql) => {
          const slow = sql`select pg_sleep(20)`;
          const code = codeOf(slow);
          await until("it sleeps", async () => (await sleepers()) === 1);
          slow.cancel();
          return code;
        });
        expect(await cancelled).toBe("57014");
        expect(await codeOf(pool.run((sql) => sql`select 1`))).toBe("ok");
      }
      expect(await codeOf(pool.run((sql) => sql`select pg_sleep(20)`, { queryTimeoutMs: 50 }))).toBe("QUERY_TIMEOUT");
      expect(pool.stats().lost).toBe(0);
      const running = codeOf(pool.run((sql) => sql`select pg_sleep(20)`));
      await until("it sleeps", async () => (await sleepers()) === 1);
      await pool.close({ timeoutMs: 50 });
      expect(await running).toBe("CONNECTION_LOST");
      await until("nothing runs behind the bouncer", async () => (await sleepers()) === 0, 1_000);
      expect(bouncer.process.exitCode).toBeNull();
    } finally {
      await bouncer.stop();
    }
  },
);

async function startBouncer(
  server: TestServer,
): Promise<{ port: number; process: ChildProcess; stop(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "midiworks-bouncer-"));
  chmodSync(dir, 0o755);
  const port = await freePort();
  const lines = [
    "[databases]",
    `postgres = host=127.0.0.1 port=${server.port} user=postgres`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 4",
    "server_login_retry = 1",
  ];
  writeFileSync(join(dir, "pgbouncer.ini"), `${lines.join("\n")}\n`);
  const child = spawn("pgbouncer", ["-q", join(dir, "pgbouncer.ini")], {
    ...asAccount(server.account),
    stdio: "ignore",
  });
  const ended = new Promise<void>((done) => child.on("exit", () => done()));
  await until("PgBouncer answers", async () => {
    const code = await codeOf(
      Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).then((socket) => socket.end()),
    );
    return code === "ok";
  });
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(dir, { recursive: true });
  };
  return { port, process: child, stop };
}
