import { isConnectionLost, PoolError } from "./errors.ts";
import type { Slot } from "./slot.ts";
import { type Gate, gatedSql, type PoolSql } from "./sql.ts";

/** What happens to a slot when its lease ends. */
export type GiveBack = (slot: Slot) => void;

/**
 * One caller's hold on one connection. It never changes sessions: once the connection is lost or the lease released,
 * every query on its `sql` rejects at once.
 */
export class Lease implements Gate {
  readonly sql: PoolSql;
  readonly pid: number;
  /** When it was taken, by `performance.now()`. */
  readonly since: number;
  /** Where it was taken, when leaks are watched. */
  readonly stack: string | undefined;
  /** Set once it was reported as leaked. */
  reported = false;
  readonly #slot: Slot;
  readonly #giveBack: GiveBack;
  #released = false;
  #lost: PoolError | undefined;
  #lastError: unknown;

  constructor(slot: Slot, since: number, giveBack: GiveBack, stack?: string) {
    this.#slot = slot;
    this.#giveBack = giveBack;
    this.pid = slot.pid;
    this.since = since;
    this.stack = stack;
    this.sql = gatedSql(slot, this);
  }

  /** True once the connection under this lease died. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** The last error a statement of this lease ended with. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Gives the connection back; a second call does nothing. One that is not at rest outside a transaction is dropped. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (!this.#slot.dead) this.#giveBack(this.#slot);
  }

  /** Drops the connection instead of giving it back, because of `error`. */
  destroy(error?: unknown): void {
    if (this.#released) return;
    this.#slot.die(error ?? new Error("Destroyed by its owner"));
    this.#released = true;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** Called when the connection dies under the lease; gives the error its queries end with. */
  lose(reason: unknown): PoolError {
    if (this.#released) return this.#afterRelease(reason);
    const said = reason instanceof Error ? reason.message : String(reason);
    this.#lost = new PoolError("CONNECTION_LOST", `Connection ${this.pid} lost: ${said}`, reason);
    return this.#lost;
  }

  admit = (): unknown => this.#lost ?? (this.#released ? this.#afterRelease() : undefined);

  explain = (error: unknown): unknown => {
    this.#lastError = error;
    if (error instanceof PoolError || !isConnectionLost(error)) return error;
    return this.#lost ?? new PoolError("CONNECTION_LOST", `Connection ${this.pid} lost`, error);
  };

  #afterRelease(cause?: unknown): PoolError {
    return new PoolError("LEASE_RELEASED", `Cannot run a query: connection ${this.pid} was already released`, cause);
  }
}
