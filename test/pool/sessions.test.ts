// Several hosts, and the session that is wanted of them.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPool, type PoolOptions } from "../../lib/pool.ts";
import { freePort } from "../../scripts/bench/support/cluster.ts";
import { codeOf, until } from "../../scripts/bench/support/load.ts";
import { sharedServer, TestServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const primary = await sharedServer();
// A copy of a stopped server that is told to stay in recovery.
const standby = await TestServer.start({
  prepare: (dir) => {
    rmSync(dir, { recursive: true });
    spawnSync("cp", ["-a", primary.socketDir, dir]);
    writeFileSync(join(dir, "standby.signal"), "");
  },
  before: () => primary.stop("fast"),
  settings: { hot_standby: "on" },
});
await primary.start();
afterAll(() => standby.close());

/** Where the pool ends up: the port of its server, or why nowhere. */
async function where(options: Partial<PoolOptions>): Promise<number | string> {
  const given = { user: "postgres", database: "postgres", environment: {}, connectTimeoutMs: 2_000, ...options };
  try {
    await using pool = await createPool({ workers: 2, ...given });
    const ports = await pool.run((sql) => sql`select inet_server_port() as port`);
    return ports[0]?.port;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const both = (query: string) => ({
  url: `postgres://postgres@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/postgres?${query}`,
});

test("target_session_attrs finds the server that gives the session", async () => {
  expect(await where(both(""))).toBe(standby.port);
  expect(await where(both("target_session_attrs=any"))).toBe(standby.port);
  expect(await where(both("target_session_attrs=primary"))).toBe(primary.port);
  expect(await where(both("target_session_attrs=read-write"))).toBe(primary.port);
  expect(await where(both("target_session_attrs=standby"))).toBe(standby.port);
  expect(await where(both("target_session_attrs=read-only"))).toBe(standby.port);
  expect(await where(both("target_session_attrs=prefer-standby"))).toBe(standby.port);
  expect(await where({ url: primary.url("?target_session_attrs=prefer-standby") })).toBe(primary.port);
});

test("target_session_attrs that no server gives is an error that names both", async () => {
  expect(await where({ url: primary.url("?target_session_attrs=standby") })).toBe("WRONG_SESSION");
  expect(await where({ url: standby.url("?target_session_attrs=read-write") })).toBe("WRONG_SESSION");
  const opened = createPool({ url: primary.url("?target_session_attrs=read-only"), workers: 1 });
  expect(opened).rejects.toThrow("found one that takes writes, expected a session that is read-only");
});

test("of several hosts the first that answers is taken", async () => {
  const gone = await freePort();
  expect(await where({ url: `postgres://postgres@127.0.0.1:${gone},127.0.0.1:${primary.port}/postgres` })).toBe(
    primary.port,
  );
  expect(await where({ url: `host=nowhere.invalid,127.0.0.1 port=${primary.port} user=postgres` })).toBe(primary.port);
  expect(await where({ url: `host=127.0.0.1,127.0.0.1 port=${gone},${gone} user=postgres` })).toBe("ECONNREFUSED");
  expect(await where({ url: `host=unknown.invalid hostaddr=127.0.0.1 port=${primary.port} user=postgres` })).toBe(
    primary.port,
  );
});

test("when the server goes, the pool goes on with the next of its hosts", async () => {
  await using pool = await createPool({ ...both("target_session_attrs=any"), workers: 2, environment: {} });
  const port = async () => (await pool.run((sql) => sql`select inet_server_port() as port`, { retry: 3 }))[0]?.port;
  expect(await port()).toBe(standby.port);
  await standby.stop("fast");
  expect(await port()).toBe(primary.port);
  await standby.start();
  expect(await codeOf(pool.run((sql) => sql`create temp table t (n int)`))).toBe("ok");
  await until("it is whole again", () => pool.stats().total >= 2);
});

test("a word of the URL that nobody knows is named, also by the server's refusal", async () => {
  const message = async (query: string) => {
    const error = await createPool({ url: primary.url(query), workers: 1 }).catch((thrown) => thrown);
    return `${error.name} ${error.code} ${error.message}`;
  };
  expect(await message("?no_such_word=1")).toBe(
    'TargetError 42704 Cannot use no_such_word of the database URL or the environment: unrecognized configuration parameter "no_such_word"',
  );
  expect(await message("?statement_timeout=soon")).toContain("TargetError 22023 Cannot use statement_timeout of");
});

test("settings that a server has otherwise do not matter; preferences it refuses are left out", async () => {
  await primary.admin("alter database postgres set standard_conforming_strings = off");
  await primary.admin("alter database postgres set default_transaction_isolation = 'serializable'");
  try {
    const preferences = { default_transaction_isolation: "read committed", no_such_setting: 1 };
    await using pool = await createPool({ ...primary.target, workers: 1, preferences });
    const rows = await pool.run((sql) => sql`select '\\d' as text, current_setting('transaction_isolation') as level`);
    expect(rows[0]).toEqual({ text: "\\d", level: "read committed" });
  } finally {
    await primary.admin("alter database postgres reset all");
  }
});
