import { type AcquireOptions, Checkout } from "./checkout.ts";
import type { PoolSql } from "./connection/sql.ts";
import { PoolError } from "./errors.ts";
import { Housekeeper } from "./housekeeper.ts";
import type { Lease } from "./lease.ts";
import { type PoolOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import type { PoolStats } from "./stats.ts";
import { transaction } from "./transaction.ts";
import { LONGEST_TIMER_MS } from "./wait-queue.ts";

export interface RunOptions extends AcquireOptions {
  /** How often work may be done again after its connection died. Only for work that may run twice. Default 0. */
  readonly retry?: number | undefined;
}

export interface TxOptions extends AcquireOptions {
  /** Words after `begin`, such as `"read only"` or `"isolation level serializable"`. */
  readonly mode?: string | undefined;
}

/**
 * Opens a pool: resolves when `min` connections are open and proven. Rejects with the driver's or the system's own error
 * when the first cannot be had; when only some can, resolves, tells `prewarm-short` and goes on trying.
 */
export async function createPool(options: PoolOptions): Promise<Pool> {
  const resolved = resolveOptions(options);
  const pool = new Pool(resolved);
  try {
    await pool.prewarm();
  } catch (error) {
    await pool.close({ timeoutMs: 0 });
    throw error;
  }
  return pool;
}

/** A fixed set of proven connections to one database, and the callers that share them. Made by {@link createPool}. */
export class Pool {
  readonly #checkout: Checkout;
  readonly #housekeeper: Housekeeper;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#checkout = new Checkout(options);
    this.#housekeeper = new Housekeeper(this.#checkout);
  }

  /**
   * Runs `fn` on one connection. If the connection dies, `fn` runs again on another up to `retry` times.
   * Errors: those of `fn`; `CONNECTION_LOST`; `ACQUIRE_TIMEOUT`, `ACQUIRE_ABORTED`, `POOL_CLOSED` before `fn` ran.
   */
  async run<T>(fn: (sql: PoolSql) => T | Promise<T>, options: RunOptions = {}): Promise<T> {
    const retry = options.retry ?? 0;
    for (let attempt = 0; ; attempt++) {
      const lease = await this.#checkout.lease(options, true);
      try {
        return await fn(lease.sql);
      } catch (error) {
        if (attempt >= retry || !lease.lost) throw error;
        this.#checkout.counters.retries++;
      } finally {
        lease.release();
      }
    }
  }

  /**
   * Runs `fn` in a transaction: committed when it returns, rolled back when it throws. Never done again by the pool.
   * Errors: those of `fn` and of {@link run}; `COMMIT_UNKNOWN`; `TX_ROLLED_BACK`.
   */
  async tx<T>(fn: (sql: PoolSql) => T | Promise<T>, options: TxOptions = {}): Promise<T> {
    const lease = await this.#checkout.lease(options, true);
    try {
      return await transaction(lease, options.mode ?? "", fn);
    } finally {
      lease.release();
    }
  }

  /** A connection to hold by hand; `release()` it, or declare it with `using`. */
  async acquire(options: AcquireOptions = {}): Promise<Lease> {
    return this.#checkout.lease(options, false);
  }

  /** Checks a connection out (dead ones are replaced) and asks the server one question. Resolves to that round trip in milliseconds. */
  async ping(options: { readonly timeoutMs?: number | undefined } = {}): Promise<number> {
    const timeoutMs = options.timeoutMs ?? this.#checkout.settings.acquireTimeoutMs;
    const lease = await this.#checkout.lease({ timeoutMs }, true);
    const asked = performance.now();
    const late = new PoolError(
      "CONNECTION_LOST",
      `Connection ${lease.pid} did not answer a ping within ${timeoutMs} ms`,
    );
    const timer = setTimeout(() => lease.destroy(late), Math.min(timeoutMs, LONGEST_TIMER_MS));
    try {
      await lease.sql`select 1`;
      return performance.now() - asked;
    } finally {
      clearTimeout(timer);
      lease.release();
    }
  }

  stats(): PoolStats {
    return this.#checkout.stats();
  }

  /**
   * Closes the pool: waiting callers are refused at once, connections nobody holds end, leases get `timeoutMs` (default
   * 5,000) to be released and are then cut. Resolves when no socket is left; a second call waits for the first.
   */
  close(options: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? 5000);
    return this.#closing;
  }

  /** The first connection alone, so that a wrong password costs one attempt; then the rest side by side. */
  async prewarm(): Promise<void> {
    const { refill, settings, emit } = this.#checkout;
    await refill.open();
    const rest = Array.from({ length: Math.max(0, settings.min - 1) }, () => refill.open());
    const failed = (await Promise.allSettled(rest)).find((result) => result.status === "rejected");
    if (failed !== undefined)
      emit({ type: "prewarm-short", wanted: settings.min, got: this.stats().total, error: failed.reason });
    refill.start();
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#housekeeper.stop();
    const reason = new PoolError("POOL_CLOSED", "Cannot acquire a connection: the pool is closed");
    const held = [...this.#checkout.leases.keys()];
    const slots = [...this.#checkout.shut(reason), ...held];
    const cancels: Promise<void>[] = [];
    const timer = setTimeout(
      () => {
        for (const slot of slots) {
          if (slot.busy) cancels.push(slot.cancel());
          slot.die(reason);
          slot.cut();
        }
      },
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
    await Promise.all(slots.map((slot) => slot.closed));
    clearTimeout(timer);
    await Promise.all(cancels);
  }
}
