import { Checkout } from "./checkout.ts";
import { LONGEST_TIMER_MS } from "./connection/answer-timer.ts";
import type { PoolSql } from "./connection/sql.ts";
import { isConnectionLost, PoolError } from "./errors.ts";
import { Housekeeper } from "./housekeeper.ts";
import type { Lease } from "./lease.ts";
import { type PoolOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import type { PoolStats } from "./stats.ts";
import { transaction } from "./transaction.ts";

/** How one checkout may be bounded. */
export interface AcquireOptions {
  /** Instead of the pool's `acquireTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Instead of the pool's `queryTimeoutMs`. */
  readonly queryTimeoutMs?: number | undefined;
  /** Ends the wait with `ACQUIRE_ABORTED`; in `run` and `tx` also the query under way, with `QUERY_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

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
  const { passedOver } = resolved.target;
  if (passedOver.length > 0) resolved.onEvent({ type: "passed-over", words: passedOver });
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
   * Errors: those of `fn`; `CONNECTION_LOST`, `QUERY_TIMEOUT`, `QUERY_ABORTED`; `ACQUIRE_TIMEOUT`, `ACQUIRE_ABORTED`,
   * `POOL_CLOSED` before any of it ran.
   */
  async run<T>(fn: (sql: PoolSql) => T | Promise<T>, options: RunOptions = {}): Promise<T> {
    const retry = options.retry ?? 0;
    for (let attempt = 0; ; attempt++) {
      const lease = await this.#lease(options, true);
      try {
        return await fn(lease.sql);
      } catch (error) {
        if (attempt >= retry || !lease.lost || !isConnectionLost(error)) throw error;
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
    const lease = await this.#lease(options, true);
    try {
      return await transaction(lease, options.mode ?? "", fn);
    } finally {
      lease.release();
    }
  }

  /** A connection to hold by hand; `release()` it, or declare it with `using`. */
  async acquire(options: AcquireOptions = {}): Promise<Lease> {
    return this.#lease(options, false);
  }

  /** Checks a connection out (dead ones are replaced) and asks the server one question. Resolves to that round trip in milliseconds. */
  async ping(options: { readonly timeoutMs?: number | undefined } = {}): Promise<number> {
    const timeoutMs = options.timeoutMs ?? this.#checkout.settings.acquireTimeoutMs;
    const lease = await this.#lease({ timeoutMs }, true);
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

  /** Has every connection replaced, held ones when they are given back: after a failover, a change of roles or of types. */
  evict(): void {
    this.#checkout.evict("Replaced: evicted");
  }

  stats(): PoolStats {
    return this.#checkout.stats();
  }

  /**
   * Closes the pool: waiting callers are refused at once, connections nobody holds end, leases get `timeoutMs` (default
   * 5,000) to be released; what runs then is cancelled. Resolves when no socket is left; a second call waits for the first.
   */
  close(options: { readonly timeoutMs?: number | undefined } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? 5000);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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

  #lease(options: AcquireOptions, exchangeable: boolean): Lease | Promise<Lease> {
    const { settings } = this.#checkout;
    return this.#checkout.lease({
      exchangeable,
      timeoutMs: options.timeoutMs ?? settings.acquireTimeoutMs,
      queryTimeoutMs: options.queryTimeoutMs ?? settings.queryTimeoutMs,
      signal: options.signal,
      stack: settings.leakMs > 0 ? (new Error("Taken here").stack ?? "") : undefined,
    });
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#housekeeper.stop();
    const reason = new PoolError("POOL_CLOSED", "Cannot acquire a connection: the pool is closed");
    const connections = this.#checkout.shut(reason);
    const retire = (): void => {
      for (const connection of connections) connection.retire(reason);
    };
    const timer = setTimeout(retire, Math.min(timeoutMs, LONGEST_TIMER_MS));
    await Promise.all(connections.map((connection) => connection.closed));
    clearTimeout(timer);
  }
}
