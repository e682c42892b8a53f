import type { PoolSql } from "./connection/sql.ts";
import { PoolError } from "./errors.ts";
import type { Lease } from "./lease.ts";

/**
 * Runs `fn` between `begin` and `commit` on a lease; any error rolls back and is thrown on.
 * Lost before COMMIT is sent: `CONNECTION_LOST`, nothing was committed. Lost while COMMIT is under way: `COMMIT_UNKNOWN`,
 * unless the server showed that it never began it.
 * COMMIT answered by ROLLBACK, because a statement inside had failed: `TX_ROLLED_BACK`, that failure as its cause.
 */
export async function transaction<T>(lease: Lease, mode: string, fn: (sql: PoolSql) => T | Promise<T>): Promise<T> {
  const { sql } = lease;
  await lease.begin(`begin ${mode.replace(/[^a-z ,]/gi, "")}`);
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
  const open = !lease.lost;
  const command = await lease.commit().catch((error: unknown) => {
    if (!open || !lease.lost || lease.undone) throw error;
    const text = `Cannot tell whether the transaction was committed: connection ${lease.pid} died`;
    throw new PoolError("COMMIT_UNKNOWN", text, error);
  });
  if (command === "COMMIT") return;
  throw new PoolError("TX_ROLLED_BACK", "Transaction rolled back: a statement inside it had failed", failed);
}
