import { PoolError } from "./errors.ts";
import type { Lease } from "./lease.ts";
import type { PoolSql } from "./sql.ts";

/**
 * Runs `fn` between `begin` and `commit` on a lease; any error rolls back and is thrown on.
 * Lost before COMMIT is sent: `CONNECTION_LOST`, nothing was committed. Lost while COMMIT is under way: `COMMIT_UNKNOWN`.
 * COMMIT answered by ROLLBACK, because a statement inside had failed: `TX_ROLLED_BACK`, that failure as its cause.
 */
export async function transaction<T>(lease: Lease, mode: string, fn: (sql: PoolSql) => T | Promise<T>): Promise<T> {
  const { sql } = lease;
  await sql.unsafe(`begin ${mode.replace(/[^a-z ,]/gi, "")}`, [], EXTENDED);
  let value: T;
  try {
    value = await fn(sql);
  } catch (error) {
    await rollback(lease);
    throw error;
  }
  await commit(lease);
  return value;
}

/** Extended protocol, prepared: a connection found dead by it has done nothing, and the lease moves to another. */
const EXTENDED = { simple: false, prepare: true };

/** Rolls back if the session still lives; one that cannot is dropped, which rolls back as well. */
async function rollback(lease: Lease): Promise<void> {
  if (lease.lost) return;
  try {
    await lease.sql.unsafe("rollback");
  } catch (error) {
    lease.destroy(error);
  }
}

async function commit(lease: Lease): Promise<void> {
  const failed = lease.lastError;
  const sent = !lease.lost;
  const result = await lease.sql.unsafe("commit").catch((error: unknown) => {
    if (!sent || !lease.lost) throw error;
    throw new PoolError(
      "COMMIT_UNKNOWN",
      `Cannot tell whether the transaction was committed: connection ${lease.pid} died`,
      error,
    );
  });
  if (result.command === "COMMIT") return;
  throw new PoolError("TX_ROLLED_BACK", "Transaction rolled back: a statement inside it had failed", failed);
}
