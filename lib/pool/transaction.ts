import type { PoolSql } from "./connection/sql.ts";
import { PoolError } from "./errors.ts";
import type { Lease } from "./lease.ts";

/**
 * Runs `fn` between `begin` and `commit` on a lease; any error rolls back and is thrown on.
 * Lost before COMMIT is sent: `CONNECTION_LOST`, nothing was committed. Lost while COMMIT is under way: done if the server
 * had answered, `COMMIT_UNKNOWN` if not, unless it showed that it never began it.
 * Rolled back by a statement inside, or COMMIT answered by ROLLBACK because one had failed: `TX_ROLLED_BACK`.
 */
export async function transaction<T>(lease: Lease, mode: string, fn: (sql: PoolSql) => T | Promise<T>): Promise<T> {
  await lease.begin(`begin ${mode.replace(/[^a-z ,]/gi, "")}`);
  try {
    const value = await fn(lease.sql);
    await commit(lease);
    return value;
  } catch (error) {
    await rollback(lease);
    throw error;
  }
}

/** Rolls back if there is anything to; a session that cannot is dropped, which rolls back as well. */
async function rollback(lease: Lease): Promise<void> {
  if (!lease.inTransaction) return;
  try {
    await lease.rollback();
  } catch (error) {
    lease.destroy(error);
  }
}

async function commit(lease: Lease): Promise<void> {
  if (lease.endedByHand === "ROLLBACK")
    throw new PoolError("TX_ROLLED_BACK", "Transaction rolled back by a statement inside it");
  const failed = lease.lastError;
  const open = !lease.lost;
  const command = await lease.commit().catch((error: unknown) => {
    if (!open || !lease.lost || lease.untouched) throw error;
    const text = `Cannot tell whether the transaction was committed: connection ${lease.pid} died`;
    throw new PoolError("COMMIT_UNKNOWN", text, error);
  });
  if (command === "COMMIT") return;
  throw new PoolError("TX_ROLLED_BACK", "Transaction rolled back: a statement inside it had failed", failed);
}
