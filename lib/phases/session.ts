import { availableParallelism } from "node:os";
import { type Crew, createCrew } from "../crew/crew.ts";
import { defaultMemory, type MemoryBudget, memoryBudget } from "../crew/memory-budget.ts";
import { takeOver } from "../database/claims.ts";
import { serverFault, writingFault } from "../database/faults/faults.ts";
import { type Database, defaultDataDir, type OpenOptions, openDatabase } from "../database/open.ts";
import * as runs from "../database/runs.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../files/process-identity.ts";
import { createRoots, type Roots } from "../library/roots.ts";
import { isConnectionLost, type Pool, PoolError, type PoolSql } from "../pool.ts";
import { type Burst, createBurst } from "./burst.ts";

/** What all phases of one process share: the pool, the threads, its claims' owner, and the wish to stop. */
export interface Session {
  readonly database: Database;
  readonly pool: Pool;
  readonly crew: Crew;
  readonly memory: MemoryBudget;
  readonly run: runs.Run;
  readonly roots: Roots;
  /** Where parts and the members of archives live by default. */
  readonly dataDir: string;
  /** Batches in hand at once, N. */
  readonly workers: number;
  /** Aborted when the user asks to stop: nothing new is begun. */
  readonly stop: AbortSignal;
  /** What a user should see: a folder that cannot be looked into, a database that is away. */
  readonly warn: (line: string) => void;
  /**
   * Runs statements that may run twice. While the database is away they wait for it, `DATABASE_WAIT_MS` at most.
   */
  query<T>(statements: (sql: PoolSql) => Promise<T>): Promise<T>;
  /** The same in one transaction. */
  transact<T>(statements: (sql: PoolSql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** The script's name: it stands in the library's list of runs and in the server's list of connections. */
  readonly command: string;
  readonly database?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly workers?: number | undefined;
  readonly stop: AbortSignal;
  /** Make the library's tables also in a database that holds tables of others. */
  readonly create?: boolean;
  readonly mounts?: Readonly<Record<string, string>>;
  readonly itemTimeoutMs?: number;
  /** Bytes of memory the process may use; half of the machine's by default. */
  readonly memoryBytes?: number | undefined;
  readonly warn?: (line: string) => void;
  /** Hears every event of the pool, and lines of text about the server and the run. */
  readonly onEvent?: OpenOptions["onEvent"];
  readonly poolSettings?: OpenOptions["poolSettings"];
}

/** How long a run waits for a database that went away before it gives up. */
const DATABASE_WAIT_MS = 120_000;
const HEARTBEAT_MS = 5_000;
/** What the statements count on, whatever the server or the user has as the default. */
const READ_COMMITTED = { mode: "isolation level read committed" };
/** How long an answer is waited for at first, in milliseconds; a network that has gone silent is found out by that. */
const ANSWER_MS = 60_000;

export async function openSession(options: SessionOptions): Promise<Session> {
  const { stop, onEvent = () => {}, warn = () => {} } = options;
  // A batch in the threads and one on its way from or to the database, a core.
  const workers = options.workers ?? 2 * availableParallelism();
  const database = await openDatabase({
    url: options.database,
    dataDir: options.dataDir,
    workers,
    library: options.create ? "make beside others" : "make",
    poolSettings: options.poolSettings,
    applicationName: `midiworks ${options.command}`,
    onEvent,
  });
  const { pool } = database;
  const losses = createBurst((text, count) =>
    warn(`database: ${text}${count > 1 ? ` (${count} times)` : ""}; trying again`),
  );
  const patiently = patient(database, losses);
  const query = <T>(statements: (sql: PoolSql) => Promise<T>) =>
    patiently((queryTimeoutMs) => pool.run(statements, { queryTimeoutMs }));
  const transact = <T>(statements: (sql: PoolSql) => Promise<T>) =>
    patiently((queryTimeoutMs) => pool.tx(statements, { ...READ_COMMITTED, queryTimeoutMs }));
  const self = ownIdentity();
  const run = await query((sql) => runs.startRun(sql, options.command, self)).catch(async (error) => {
    await database.close();
    throw writingFault(error, database.where);
  });
  await query((sql) => buryDead(sql, self));
  const heartbeat = setInterval(() => {
    pool
      .run(
        async (sql) => {
          await runs.renewRun(sql, run);
          await buryDead(sql, self);
        },
        { queryTimeoutMs: ANSWER_MS },
      )
      .catch((error: Error) => onEvent(`heartbeat: ${error.message}`));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  const memory = memoryBudget(options.memoryBytes ?? defaultMemory(), availableParallelism());
  const { itemTimeoutMs } = options;
  const crew = createCrew({ threads: memory.threads, ...(itemTimeoutMs !== undefined && { itemTimeoutMs }) });
  return {
    database,
    pool,
    crew,
    memory,
    run,
    roots: createRoots(options.mounts),
    dataDir: options.dataDir ?? defaultDataDir(),
    workers,
    stop,
    warn,
    query,
    transact,
    async close() {
      clearInterval(heartbeat);
      crew.close();
      losses.flush();
      const ended = pool.run((sql) => runs.endRun(sql, run), { queryTimeoutMs: ANSWER_MS });
      await ended.catch((error: Error) => onEvent(`end of run: ${error.message}`));
      await database.close();
    },
  };
}

/** Ends the runs of this machine whose processes are gone, so that nobody waits for their leases. */
async function buryDead(sql: PoolSql, self: ProcessIdentity): Promise<void> {
  for (const other of await runs.runsOfMachine(sql, self.machine)) {
    if (!isAlive(other)) await runs.endRun(sql, other);
  }
  for (const phase of ["analysis", "split"] as const) await takeOver(sql, phase);
}

/**
 * A way to query that sits out a database that is restarting or away, and runs again what lost a deadlock. What a slow
 * server could not do in time is given ten times as long. An attempt gets the limit of its queries in milliseconds.
 */
function patient(database: Database, losses: Burst) {
  return async <T>(attempt: (queryTimeoutMs: number) => Promise<T>): Promise<T> => {
    const deadline = performance.now() + DATABASE_WAIT_MS;
    for (let limitMs = ANSWER_MS; ; ) {
      try {
        return await attempt(limitMs);
      } catch (error) {
        if (isUndone(error)) continue;
        if (error instanceof PoolError && error.code === "QUERY_TIMEOUT") {
          limitMs *= 10;
          continue;
        }
        if (!isAway(error)) throw serverFault(error, database.where);
        const fault = database.fault();
        if (fault || performance.now() > deadline) throw fault ?? error;
        losses.add((error as Error).message);
      }
    }
  };
}

/**
 * Phases that reopen the same rows side by side can wait for each other; the server undoes one of them whole. So it does
 * where its default isolation is stricter than read committed.
 */
function isUndone(error: unknown): boolean {
  return /^(40P01|40001)$/.test(`${(error as { code?: unknown } | null)?.code}`);
}

function isAway(error: unknown): boolean {
  if (isConnectionLost(error)) return true;
  return error instanceof PoolError && (error.code === "ACQUIRE_TIMEOUT" || error.code === "COMMIT_UNKNOWN");
}
