import { errorCode } from "./connection/network-error.ts";

/** What went wrong with a connection or a checkout, named for what the caller does next. */
export type PoolErrorCode =
  | "ACQUIRE_TIMEOUT"
  | "ACQUIRE_ABORTED"
  | "POOL_CLOSED"
  | "CONNECTION_LOST"
  | "COMMIT_UNKNOWN"
  | "QUERY_ABORTED"
  | "QUERY_TIMEOUT"
  | "TX_ROLLED_BACK"
  | "LEASE_RELEASED";

/**
 * Every error the pool itself makes. The server's or the network's own word, where there is one, is the `cause`.
 *
 * - `ACQUIRE_TIMEOUT`: no connection within `acquireTimeoutMs`; the text carries the counts and what to change.
 * - `ACQUIRE_ABORTED`: the caller's signal fired while waiting.
 * - `POOL_CLOSED`: `close()` was called.
 * - `CONNECTION_LOST`: the session died; in a transaction nothing was committed. Outside one, a statement in flight may have run.
 * - `COMMIT_UNKNOWN`: the session died between sending COMMIT and its answer; look before doing it again.
 * - `QUERY_ABORTED`: the caller's signal fired; the query under way was cancelled.
 * - `QUERY_TIMEOUT`: the server took longer than `queryTimeoutMs`, and cancelled the query when asked to. (One that did not
 *   answer to that either is taken for dead: `CONNECTION_LOST`, this as its cause.)
 * - `TX_ROLLED_BACK`: a statement inside had rolled back; or the server answered COMMIT with ROLLBACK, because one had failed.
 * - `LEASE_RELEASED`: a query on a connection that was already given back.
 */
export class PoolError extends Error {
  override readonly name = "PoolError";
  readonly forPeople = true;
  readonly code: PoolErrorCode;

  constructor(code: PoolErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Error codes of the driver and the operating system that mean the session is gone. */
const LOST = new Set([
  "CONNECTION_LOST",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P05", // idle_session_timeout
  "25P03", // idle_in_transaction_session_timeout
]);

/**
 * True when the session died before the work was known done, so work that may run twice can be tried again.
 * False for `COMMIT_UNKNOWN`: that work may already be in the database.
 */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && (LOST.has(code) || /^08\d/.test(code));
}

/**
 * True for an end without a goodbye, or with the warning of one: a server process that is told to go says FATAL, one that
 * crashes, or is stopped as in a crash, takes all the others with it.
 */
export function isCrash(reason: unknown): boolean {
  const { code = "", severity } = (reason ?? {}) as { code?: string; severity?: string };
  return ["CONNECTION_CLOSED", "ECONNRESET", "EPIPE"].includes(code) || severity === "WARNING";
}
