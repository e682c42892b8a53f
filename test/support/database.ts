import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { prepareBinaries } from "../../lib/database/embedded/binaries.ts";
import { createCluster, EMBEDDED_USER, type Settings } from "../../lib/database/embedded/cluster.ts";
import { type Server, startServer } from "../../lib/database/embedded/server.ts";
import { knownMigrations, migrate } from "../../lib/database/migrate.ts";
import { createPool } from "../../lib/pool.ts";
import { clusterHome, FAST, freePort } from "../../scripts/bench/support/cluster.ts";

/** A PostgreSQL of a test's own: free to restart, starve or kill. */
export type TestServer = {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly dir: string;
  /** The postmaster as it runs now; a restart changes it. */
  server(): Server;
  url(database?: string): string;
  /** Stops the server (`immediate`: as a crash) and leaves its data; `start` brings it back on the same port. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
  start(settings?: Settings): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
};

const HBA = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n";

/**
 * A private server on a free loopback port with a scram password, in a temporary directory. About 0.8 s.
 * `prepare` runs on the cluster's directory before the start (certificates, say).
 */
export async function testServer(settings: Settings = {}, prepare?: (dir: string) => void): Promise<TestServer> {
  const { base, dir, account, sweep } = clusterHome("midiworks-test-");
  const cluster = { dir, account, binaries: prepareBinaries(base, account) };
  await createCluster(cluster, FAST, HBA);
  prepare?.(dir);
  const [port, password] = [await freePort(), randomBytes(12).toString("hex")];
  const listen: Settings = { listen_addresses: "127.0.0.1", port };
  const launch = (extra: Settings) => startServer(cluster, join(base, "log"), { ...listen, ...settings, ...extra });
  let server = await launch({});
  await setPassword(dir, port, password);
  const stop = (mode: "fast" | "immediate" = "fast") => server.stop(mode);
  return {
    host: "127.0.0.1",
    port,
    user: EMBEDDED_USER,
    password,
    dir,
    server: () => server,
    url: (database = "postgres") => `postgres://${EMBEDDED_USER}:${password}@127.0.0.1:${port}/${database}`,
    stop,
    start: async (extra = {}) => {
      server = await launch(extra);
    },
    close: async () => {
      await stop("immediate");
      await sweep();
    },
  };
}

async function setPassword(dir: string, port: number, password: string): Promise<void> {
  const sql = postgres({ path: join(dir, `.s.PGSQL.${port}`), user: EMBEDDED_USER, database: "postgres", max: 1 });
  await sql.unsafe(`alter role ${EMBEDDED_USER} password '${password}'`);
  await sql.end();
}

/** A database of a test file's own. */
export type TestDatabase = { readonly url: string; readonly database: string; close(): Promise<void> };

/**
 * One fresh database with the library's tables, on the server all test files of this run share: an embedded one, started at
 * the first call (about 1 s), or the one MIDIWORKS_TEST_DATABASE_URL names. Each further one is a copy of the first (about 40 ms).
 * Close it in `afterAll`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { template } = await (shared ??= startShared());
  return createDatabase(await template, "");
}

/** The same with nothing in it. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase("template1", "_empty");
}

async function createDatabase(template: string, suffix: string): Promise<TestDatabase> {
  const { admin, url } = await (shared ??= startShared());
  const database = `midiworks_test_${process.pid}_${++count}${suffix}`;
  await admin.unsafe(`create database ${database} template ${template}`);
  const close = async () => {
    await admin.unsafe(`drop database if exists ${database} with (force)`);
  };
  return { url: url(database), database, close };
}

type Shared = { readonly admin: postgres.Sql; readonly template: Promise<string>; url(database?: string): string };

let shared: Promise<Shared> | undefined;
let count = 0;

async function startShared(): Promise<Shared> {
  const given = process.env.MIDIWORKS_TEST_DATABASE_URL;
  const url = given ? (database?: string) => withDatabase(given, database) : (await testServer()).url;
  const admin = postgres(url(), { max: 1, onnotice: () => undefined });
  return { admin, url, template: migratedTemplate(admin, url) };
}

/** One template for each state of the schema; a server that was named by URL keeps it for the next run. */
async function migratedTemplate(admin: postgres.Sql, url: Shared["url"]): Promise<string> {
  const schema = knownMigrations().map((step) => readFileSync(step.path));
  const name = `midiworks_template_${Bun.hash(Buffer.concat(schema)).toString(36)}`;
  await admin`select pg_advisory_lock(hashtext(${name}))`;
  if ((await admin`select from pg_database where datname = ${name}`).count === 0) {
    await admin.unsafe(`drop database if exists ${name}_new`);
    await admin.unsafe(`create database ${name}_new`);
    const pool = await createPool({ url: url(`${name}_new`), workers: 1 });
    await migrate(pool, name, "make");
    await pool.close();
    await admin.unsafe(`alter database ${name}_new rename to ${name}`);
  }
  await admin`select pg_advisory_unlock(hashtext(${name}))`;
  return name;
}

function withDatabase(url: string, database: string | undefined): string {
  const changed = new URL(url);
  if (database !== undefined) changed.pathname = `/${database}`;
  return changed.href;
}
