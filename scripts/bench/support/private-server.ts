import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { type Account, asAccount } from "../../../lib/database/embedded/account.ts";
import { prepareBinaries } from "../../../lib/database/embedded/binaries.ts";
import { type Server, startServer } from "../../../lib/database/embedded/server.ts";
import { clusterHome, FAST, freePort } from "./cluster.ts";

/** True for the full-length runs: `MIDIWORKS_FULL=1 bun test test/pool`. */
export const FULL = process.env.MIDIWORKS_FULL === "1";

/** A length for the short run and one for the full run. */
export function length(short: number, full: number): number {
  return FULL ? full : short;
}

export interface ServerOptions {
  /** postgresql.conf settings on top of the fast ones. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The lines of pg_hba.conf; everybody is trusted unless given. */
  readonly hba?: string;
  /** Runs before anything else. */
  readonly before?: () => Promise<void>;
  /** Runs on the data directory before the first start. */
  readonly prepare?: (dir: string, account: Account | null) => void;
}

/**
 * A private PostgreSQL that a test may kill, stop and starve: the embedded one, or the one whose programs are in
 * MIDIWORKS_TEST_PG_BIN. Superuser `postgres`, reached over TCP on 127.0.0.1 and by a socket in `socketDir`.
 */
export class TestServer {
  readonly port: number;
  readonly socketDir: string;
  readonly account: Account | null;
  readonly #launch: () => Promise<Server>;
  readonly #sweep: () => Promise<void>;
  #server: Server | undefined;
  #admin: Promise<Client> | undefined;

  private constructor(
    port: number,
    dir: string,
    account: Account | null,
    launch: () => Promise<Server>,
    sweep: () => Promise<void>,
  ) {
    this.port = port;
    this.socketDir = dir;
    this.account = account;
    this.#launch = launch;
    this.#sweep = sweep;
  }

  static async start(options: ServerOptions = {}): Promise<TestServer> {
    await options.before?.();
    const { base, dir, account, sweep } = clusterHome("midiworks-pool-");
    const binaries = testBinaries(base, account);
    initdb(binaries.initdb, dir, account);
    writeFileSync(join(dir, "pg_hba.conf"), options.hba ?? "local all all trust\nhost all all 127.0.0.1/32 trust\n");
    options.prepare?.(dir, account);
    const port = await freePort();
    const settings = { ...FAST, max_connections: 60, listen_addresses: "127.0.0.1", port, ...options.settings };
    const launch = () => startServer({ dir, account, binaries }, join(base, "log"), settings);
    const server = new TestServer(port, dir, account, launch, sweep);
    await server.start();
    return server;
  }

  /** What `createPool` needs to reach it over TCP. */
  get target() {
    return { host: "127.0.0.1", port: this.port, user: "postgres", database: "postgres" } as const;
  }

  url(query = ""): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres${query}`;
  }

  async start(): Promise<void> {
    this.#server = await this.#launch();
  }

  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    await this.#disconnect();
    await this.#server?.stop(mode);
    this.#server = undefined;
  }

  /** Stops it and removes its data. */
  async close(): Promise<void> {
    await this.stop("immediate");
    await this.#sweep();
  }

  /** Rows of a statement on a connection of the test's own, which no pool owns. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests know their rows
  async admin(text: string, values: unknown[] = []): Promise<any[]> {
    this.#admin ??= this.#connect();
    return (await (await this.#admin).query(text, values)).rows;
  }

  /** Kills one random connection of the pools, if there is one. */
  async killOne(): Promise<number> {
    return (await this.admin(`select pg_terminate_backend(pid) from (${POOLED} order by random() limit 1) as victim`))
      .length;
  }

  async killAll(): Promise<number> {
    return (await this.admin(`select pg_terminate_backend(pid) from (${POOLED}) as victims`)).length;
  }

  /** Process ids of the backends that serve pools. */
  async backends(): Promise<number[]> {
    return (await this.admin(POOLED)).map((row) => row.pid);
  }

  async #connect(): Promise<Client> {
    const client = new Client({ host: this.socketDir, port: this.port, user: "postgres", database: "postgres" });
    client.on("error", () => {
      this.#admin = undefined;
    });
    await client.connect();
    return client;
  }

  async #disconnect(): Promise<void> {
    const client = await this.#admin?.catch(() => undefined);
    this.#admin = undefined;
    await client?.end().catch(() => undefined);
  }
}

const POOLED = "select pid from pg_stat_activity where application_name = 'midiworks' and pid <> pg_backend_pid()";

/** The server all files of this run share; it is stopped and started, but always left running. */
export function sharedServer(): Promise<TestServer> {
  shared ??= TestServer.start();
  return shared;
}

let shared: Promise<TestServer> | undefined;

function testBinaries(base: string, account: Account | null) {
  const bin = process.env.MIDIWORKS_TEST_PG_BIN;
  if (bin === undefined) return prepareBinaries(base, account);
  const version = spawnSync(join(bin, "postgres"), ["--version"], { encoding: "utf8" }).stdout;
  const major = Number(/(\d+)/.exec(version)?.[1]);
  return { postgres: join(bin, "postgres"), initdb: join(bin, "initdb"), major };
}

function initdb(program: string, dir: string, account: Account | null): void {
  mkdirSync(dir, { mode: 0o700 });
  if (account) chownSync(dir, account.uid, account.gid);
  const options = ["-D", ".", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  const run = spawnSync(program, options, {
    ...asAccount(account),
    cwd: dir,
    env: { PATH: dirname(program) },
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`Cannot make a cluster for the tests: ${run.stderr}`);
}
