import { statSync } from "node:fs";
import {
  createPool,
  isConnectionLost,
  type Pool,
  type PoolEvent,
  type PoolOptions,
  realEnvironment,
  resolveTarget,
  type Settings,
  targetName,
} from "../pool.ts";
import { EMBEDDED_DATABASE, EMBEDDED_USER } from "./embedded/cluster.ts";
import { CLUSTER_DIR } from "./embedded/keeper-protocol.ts";
import { defaultDataDir } from "./embedded/places.ts";
import { shareServer } from "./embedded/server-share.ts";
import { DatabaseError } from "./faults/database-error.ts";
import { codeOf, faultOf, openingFault } from "./faults/faults.ts";
import { migrate } from "./migrate.ts";

export { defaultDataDir } from "./embedded/places.ts";

/**
 * Whether a data directory holds an embedded server's files.
 * @throws DatabaseError where that cannot be looked at
 */
function holdsEmbedded(dataDir: string): boolean {
  try {
    statSync(`${dataDir}/${CLUSTER_DIR}`);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    const text = `Cannot look for a library in ${dataDir}: ${code === "EACCES" ? "permission denied, it belongs to another user" : code}`;
    throw new DatabaseError("permission", text, error);
  }
}

/** The server that is meant: `--database`; else, where no data directory is named, DATABASE_URL as the person set it. */
function chosenUrl({ url, dataDir }: Pick<OpenOptions, "url" | "dataDir">): string | undefined {
  return url || (dataDir === undefined ? realEnvironment().DATABASE_URL : undefined) || undefined;
}

/** An open library: the pool, and where it is. */
export type Database = {
  readonly pool: Pool;
  readonly kind: "embedded" | "url";
  /** For a person to read; never holds a password. */
  readonly where: string;
  readonly serverVersion: string;
  /** Why the embedded server is gone and will not come back, once that is so: waiting for it is in vain. */
  fault(): DatabaseError | undefined;
  /** Closes the pool and gives back the share in the embedded server. Idempotent. */
  close(): Promise<void>;
};

export type OpenOptions = {
  /** `--database`. Without it, and without a data directory, DATABASE_URL as the person set it; else the embedded server. */
  readonly url?: string | undefined;
  /** The embedded server's data directory; default: the user's. */
  readonly dataDir?: string | undefined;
  /**
   * What to do where there is no library: "expect" one, which changes nothing; "make" it, where no tables of others are;
   * "make beside others".
   */
  readonly library: "expect" | "make" | "make beside others";
  /** N; the pool holds N + 2. */
  readonly workers: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Settings of the pool other than its defaults, for measuring what they are worth. */
  readonly poolSettings?: Partial<Settings> | undefined;
  /** Hears the pool's events, and lines of text about the server. */
  readonly onEvent?: ((event: PoolEvent | string) => void) | undefined;
};

/**
 * What the statements count on, whatever the server or the user has as the default; and a process that is frozen in the
 * middle of a transaction must not hold its locks for ever.
 */
const PREFERENCES = {
  default_transaction_isolation: "read committed",
  idle_in_transaction_session_timeout: "30s",
};

/** The oldest server the statements are tried on. */
const OLDEST_SERVER = 15;

/** How long a server is waited for that is starting up or breaks off what is begun. */
const STARTING_UP_MS = 30_000;
/** How long one that does not answer: it may be restarting. Any other fault at the start is told at once. */
const RESTARTING_MS = 5_000;

/**
 * Opens the library: starts or joins the embedded server when no URL names another, opens the pool, brings the schema up to date.
 * @throws DatabaseError with one line for the user; nothing stays open or running then
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const url = chosenUrl(options);
  if (url !== undefined) return openUrl(url, options);
  const { dataDir = defaultDataDir(), library } = options;
  if (library === "expect" && !holdsEmbedded(dataDir)) {
    const text = `Cannot find a library in ${dataDir}: nothing was imported there, expected --data-dir or --database of one`;
    throw new DatabaseError("no-library", text);
  }
  return openEmbedded({ ...options, dataDir });
}

async function openUrl(url: string, options: OpenOptions): Promise<Database> {
  const where = nameOf(url);
  return open({ url }, { kind: "url", where }, options);
}

function nameOf(url: string): string {
  try {
    const target = resolveTarget({ url });
    return `${targetName(target)}/${target.database}`;
  } catch (error) {
    throw new DatabaseError("wrong-url", error instanceof Error ? error.message : String(error), error);
  }
}

async function openEmbedded(options: OpenOptions & { readonly dataDir: string }): Promise<Database> {
  const share = await shareServer(options.dataDir, options.onEvent);
  const where = `the embedded PostgreSQL in ${share.dataDir}`;
  options.onEvent?.(`${where} ${share.how}`);
  try {
    const target = { path: share.path, user: EMBEDDED_USER, database: EMBEDDED_DATABASE, environment: {} };
    const database = await open(target, { kind: "embedded", where }, options);
    const close = async () => {
      await database.close();
      await share.release();
    };
    return { ...database, fault: () => share.fault(), close };
  } catch (error) {
    await share.release();
    throw error;
  }
}

async function open(
  target: Partial<PoolOptions>,
  place: Pick<Database, "kind" | "where">,
  options: OpenOptions,
): Promise<Database> {
  const start = performance.now();
  for (let tries = 0; ; tries++) {
    try {
      return await attempt(target, place, options);
    } catch (error) {
      const patience = patienceFor(error, place.kind);
      if (performance.now() - start >= patience) throw openingFault(error, place.where);
      const wait = `waiting up to ${patience / 1000} s`;
      if (tries === 0) options.onEvent?.(`${place.where}: ${(error as Error).message}; ${wait}`);
      await Bun.sleep(100);
    }
  }
}

async function attempt(
  target: Partial<PoolOptions>,
  place: Pick<Database, "kind" | "where">,
  { workers, applicationName, poolSettings, library, onEvent }: OpenOptions,
): Promise<Database> {
  const session = { application_name: applicationName, standard_conforming_strings: "on" };
  const pool = await createPool({ ...target, ...poolSettings, workers, session, preferences: PREFERENCES, onEvent });
  try {
    const serverVersion = await checkServer(pool, place.where);
    const steps = await migrate(pool, place.where, library);
    if (steps > 0) onEvent?.(`schema brought up to date: ${steps} step${steps === 1 ? "" : "s"}`);
    return { ...place, pool, serverVersion, fault: () => undefined, close: () => pool.close() };
  } catch (error) {
    await pool.close({ timeoutMs: 0 });
    throw error;
  }
}

/**
 * Milliseconds to wait for what passes: all that is done at the start may be done twice. Our own server's keeper brings it
 * back.
 */
function patienceFor(error: unknown, kind: Database["kind"]): number {
  if (error instanceof DatabaseError) return 0;
  const code = codeOf(error);
  if (code === "57P03" || code === "COMMIT_UNKNOWN" || isConnectionLost(error)) return STARTING_UP_MS;
  if (kind === "embedded" && faultOf(error)?.[1] === "unreachable") return STARTING_UP_MS;
  return code === "ECONNREFUSED" || code === "ENOENT" ? RESTARTING_MS : 0;
}

async function checkServer(pool: Pool, where: string): Promise<string> {
  const [row] = await pool.run(
    (sql) => sql<{ version: string; encoding: string }[]>`
      select current_setting('server_version') as version, current_setting('server_encoding') as encoding`,
  );
  const { version, encoding } = row!;
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    const text = `Cannot use ${where}: it runs PostgreSQL ${version}, expected ${OLDEST_SERVER} or newer`;
    throw new DatabaseError("server-version", text);
  }
  if (encoding !== "UTF8") {
    const text = `Cannot use ${where}: its encoding is ${encoding}, expected UTF8; create a database with that encoding`;
    throw new DatabaseError("encoding", text);
  }
  return version;
}
