import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverFault } from "../../lib/database/faults/faults.ts";
import { knownMigrations, migrate } from "../../lib/database/migrate.ts";
import { type Database, openDatabase } from "../../lib/database/open.ts";
import { createPool, type Pool } from "../../lib/pool.ts";
import { freePort } from "../../scripts/bench/support/cluster.ts";
import { emptyDatabase, type TestDatabase, type TestServer, testDatabase, testServer } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";

setDefaultTimeout(60_000);

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

function closedAfter<T extends { close(): Promise<void> }>(one: T): T {
  closing.push(one);
  return one;
}

const open = (url: string, workers = 1, onEvent?: (event: unknown) => void) =>
  openDatabase({ library: "make", url, workers, applicationName: "midiworks test", onEvent });

/** The error of opening what cannot be opened. */
async function refusal(url: string): Promise<Error & { code: string }> {
  const outcome: unknown = await open(url).catch((error) => error);
  expect(outcome).toBeInstanceOf(Error);
  expect((outcome as Error).message).not.toContain("\n");
  return outcome as Error & { code: string };
}

describe("openDatabase", () => {
  let library: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    library = await testDatabase();
    server = await testServer({ max_connections: 4, superuser_reserved_connections: 0, max_wal_senders: 0 });
  });
  afterAll(async () => {
    await library.close();
    await server.close();
  });

  test("opens the library a URL names, and shows its name but not its password", async () => {
    const database = closedAfter(await open(library.url, 2));
    const [row] = await database.pool.run((sql) => sql`select current_setting('application_name') as name`);
    expect(row).toEqual({ name: "midiworks test" });
    expect(database.kind).toBe("url");
    expect(Number.parseInt(database.serverVersion, 10)).toBeGreaterThanOrEqual(15);
    expect(database.where).toContain(library.database);
    expect(database.where).not.toContain(`:${new URL(library.url).password}@`);
    expect(database.pool.stats()).toMatchObject({ min: 2, max: 4 });
  });

  test("takes settings of the pool other than its defaults", async () => {
    const poolSettings = { min: 0, max: 1 };
    const database = closedAfter(
      await openDatabase({ library: "make", url: library.url, workers: 1, applicationName: "test", poolSettings }),
    );
    expect(database.pool.stats()).toMatchObject(poolSettings);
  });

  test("takes DATABASE_URL when no URL is given", async () => {
    process.env.DATABASE_URL = library.url;
    const database = closedAfter(await openDatabase({ library: "make", workers: 1, applicationName: "test" }));
    delete process.env.DATABASE_URL;
    expect(database.where).toContain(library.database);
  });

  test("makes the tables in an empty database, once when many come at once", async () => {
    const empty = closedAfter(await emptyDatabase());
    const databases = await Promise.all([1, 2, 3, 4].map(() => open(empty.url)));
    for (const database of databases) closedAfter(database);
    const applied = await ledger(databases[0]!.pool);
    expect(applied).toEqual(knownMigrations().map(({ number, name }) => ({ number, name })));
  });

  test("refuses a schema newer than the program, and changes nothing", async () => {
    const newer = closedAfter(await emptyDatabase());
    const first = await open(newer.url);
    await first.pool.run(
      (sql) => sql`insert into midiworks_migrations (number, name) values (9000, '9000_future.sql')`,
    );
    await first.close();
    const error = await refusal(newer.url);
    expect(error).toMatchObject({ name: "DatabaseError", code: "schema-newer" });
    expect(error.message).toContain("9000");
  });

  test("says that the password is wrong, without showing it", async () => {
    const error = await refusal(server.url().replace(server.password, "hunter2"));
    expect(error).toMatchObject({ name: "DatabaseError", code: "password" });
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
    expect(error.message).not.toContain("hunter2");
  });

  test("says that there is no such database, and makes none", async () => {
    const error = await refusal(server.url("absent"));
    expect(error).toMatchObject({ name: "DatabaseError", code: "no-database" });
    expect(error.message).toContain("absent");
    expect(await refusal(server.url("absent"))).toMatchObject({ code: "no-database" });
  });

  test("says that a database cannot hold every text", async () => {
    const admin = closedAfter(await createPool({ url: server.url(), workers: 1 }));
    const options = "template template0 encoding 'LATIN1' locale_provider libc locale 'C'";
    await admin.run((sql) => sql.unsafe(`create database latin ${options}`));
    const error = await refusal(server.url("latin"));
    expect(error).toMatchObject({ name: "DatabaseError", code: "encoding" });
    expect(error.message).toContain("its encoding is LATIN1, expected UTF8");
  });

  test("says what a pooler needs when statements prepared by one session reach another", async () => {
    const pool = closedAfter(await createPool({ url: library.url, workers: 1 }));
    const unknown = await pool.run((sql) => sql.unsafe("execute elsewhere")).catch((error: unknown) => error);
    expect(serverFault(unknown, "here")).toMatchObject({
      name: "DatabaseError",
      message: expect.stringContaining("expected ?pgbouncer=true in the URL"),
    });
    const other = new Error("another");
    expect(serverFault(other, "here")).toBe(other);
  });

  test("says that nobody listens", async () => {
    const port = await freePort();
    const error = await refusal(`postgres://a:b@127.0.0.1:${port}/c`);
    expect(error).toMatchObject({ name: "DatabaseError", code: "unreachable" });
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  test("says that a URL is none, without showing its password", async () => {
    const error = await refusal("mysql://me:hunter2@here/there");
    expect(error).toMatchObject({ name: "DatabaseError", code: "wrong-url" });
    expect(error.message).not.toContain("hunter2");
  });

  test("says that the server has no connection left", async () => {
    const hog = await createPool({ url: server.url(), workers: 4, max: 4 });
    const error = await refusal(server.url());
    await hog.close();
    expect(error).toMatchObject({ name: "DatabaseError", code: "too-many-clients" });
    expect(error.message).toContain("max_connections");
  });

  test("waits for a server that is starting up", async () => {
    const slow = closedAfter(await testServer());
    await slow.stop();
    writeFileSync(join(slow.dir, "standby.signal"), "");
    const started = slow.start({ hot_standby: "off" }); // a standby that takes no connections, until it is promoted
    const heard: unknown[] = [];
    let opening: Promise<Database> | undefined;
    while (heard.length === 0) {
      await Bun.sleep(5);
      opening ??= existsListening(slow) ? open(slow.url(), 1, (event) => heard.push(event)) : undefined;
    }
    expect(String(heard[0])).toContain("waiting");
    writeFileSync(join(slow.dir, "promote"), "");
    process.kill(Number.parseInt(readFileSync(join(slow.dir, "postmaster.pid"), "latin1"), 10), "SIGUSR1");
    await started;
    closedAfter((await opening)!);
  });
});

test("openDatabase waits for a server that restarts", async () => {
  const server = closedAfter(await testServer());
  await server.stop();
  const heard: unknown[] = [];
  const opening = open(server.url(), 1, (event) => heard.push(event));
  while (!heard.some((event) => `${event}`.includes("waiting up to 5 s"))) await Bun.sleep(1);
  await server.start();
  closedAfter(await opening);
});

test("openDatabase gets its tables made though its connections are killed over and over", async () => {
  const empty = closedAfter(await emptyDatabase());
  const killer = closedAfter(await createPool({ url: closedAfter(await testDatabase()).url, workers: 1 }));
  const kill = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${empty.database}'`;
  const opening = open(empty.url, 2);
  for (let kills = 0; kills < 20; ) kills += (await killer.run((sql) => sql.unsafe(kill))).count;
  const database = closedAfter(await opening);
  expect(await ledger(database.pool)).toHaveLength(knownMigrations().length);
});

/** True when the server's pid file names its address: from then on it answers. */
function existsListening(server: TestServer): boolean {
  try {
    return (readFileSync(join(server.dir, "postmaster.pid"), "latin1").split("\n")[5] ?? "") !== "";
  } catch {
    return false;
  }
}

async function ledger(pool: Pool): Promise<{ number: number; name: string }[]> {
  const rows = await pool.run(
    (sql) => sql<{ number: number; name: string }[]>`select number, name from midiworks_migrations order by number`,
  );
  return [...rows];
}

describe("migrate", () => {
  const dir = temporaryFolder("migrations");

  /** Migrations with these texts, in order. */
  function steps(...texts: string[]) {
    for (const name of readdirSync(dir)) rmSync(join(dir, name));
    return texts.map((text, index) => {
      const name = `000${index + 1}_step.sql`;
      writeFileSync(join(dir, name), text);
      return { number: index + 1, name, path: join(dir, name) };
    });
  }

  async function emptyPool(): Promise<Pool> {
    const empty = closedAfter(await emptyDatabase());
    return closedAfter(await createPool({ url: empty.url, workers: 1 }));
  }

  test("takes each step once, in order", async () => {
    const pool = await emptyPool();
    expect(
      await migrate(pool, "x", "make beside others", steps("create table a (n int); insert into a values (1)")),
    ).toBe(1);
    const two = steps("create table a (n int)", "insert into a values (2)");
    expect(await migrate(pool, "x", "make beside others", two)).toBe(1);
    expect(await migrate(pool, "x", "make beside others", two)).toBe(0);
    expect([...(await pool.run((sql) => sql`select n from a order by n`))]).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test("leaves nothing of a run whose last step fails", async () => {
    const pool = await emptyPool();
    await expect(
      migrate(pool, "x", "make beside others", steps("create table a (n int)", "create table b (no such type)")),
    ).rejects.toThrow();
    const [row] = await pool.run(
      (sql) => sql`select to_regclass('a') as a, to_regclass('midiworks_migrations') as ledger`,
    );
    expect(row).toEqual({ a: null, ledger: null });
  });

  test("says that the user may not make tables", async () => {
    const empty = closedAfter(await emptyDatabase());
    const admin = closedAfter(await createPool({ url: empty.url, workers: 1 }));
    await admin.run((sql) => sql`create role ${sql(empty.database)} login password 'guest'`);
    const guest = new URL(empty.url);
    guest.username = empty.database;
    guest.password = "guest";
    const error = await refusal(guest.href);
    await admin.run((sql) => sql`drop role ${sql(empty.database)}`);
    expect(error).toMatchObject({ name: "DatabaseError", code: "permission" });
    expect(error.message).toContain(empty.database);
  });

  test("refuses numbers with a gap", () => {
    const [first, second] = steps("select 1", "select 2");
    rmSync(first!.path);
    expect(() => knownMigrations(dir)).toThrow(second!.name);
  });
});
