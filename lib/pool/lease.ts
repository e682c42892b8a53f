import type { DriverQuery } from "./driver.ts";
import { isConnectionLost, networkError, PoolError } from "./errors.ts";
import type { Slot } from "./slot.ts";
import { leaseSql, type PoolSql, type QueryOwner } from "./sql.ts";

/** What a lease asks of the pool it came from. */
export interface LeaseOwner {
  /** Takes the connection back. */
  giveBack(slot: Slot): void;
  /** Finds the lease another connection, before everybody who waits; tells it by `settle` or `lose`. */
  rehouse(lease: Lease): void;
}

/**
 * One caller's hold on one connection. It never changes sessions: once the connection is lost or the lease released,
 * every query on its `sql` rejects at once. Only a lease of `run` and `tx`, whose connection nobody has seen yet, is
 * moved to another when the first one died before doing anything for it.
 */
export class Lease implements QueryOwner {
  readonly sql: PoolSql;
  /** When it was taken, by `performance.now()`. */
  readonly since: number;
  /** Where it was taken, when leaks are watched. */
  readonly stack: string | undefined;
  /** Set once it was reported as leaked. */
  reported = false;
  readonly #owner: LeaseOwner;
  #movable: boolean;
  #slot: Slot;
  /** Queries that wait for another connection; undefined while there is one. */
  #homeless: DriverQuery[] | undefined;
  #released = false;
  #lost: PoolError | undefined;
  #lastError: unknown;

  constructor(owner: LeaseOwner, slot: Slot, since: number, movable: boolean, stack: string | undefined) {
    this.#owner = owner;
    this.#slot = slot;
    this.#movable = movable;
    this.since = since;
    this.stack = stack;
    this.sql = leaseSql(this);
    slot.lend();
  }

  /** The server process that serves it. */
  get pid(): number {
    return this.#slot.pid;
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
    if (this.#homeless !== undefined) this.#rejectHomeless(this.#refusal()!);
    else if (!this.#slot.dead) this.#owner.giveBack(this.#slot);
  }

  /** Drops the connection instead of giving it back, because of `error`. */
  destroy(error?: unknown): void {
    if (this.#released) return;
    this.#movable = false;
    const reason = error ?? new Error("Destroyed by its owner");
    if (this.#homeless !== undefined) this.lose(reason);
    else this.#slot.die(reason);
    this.#released = true;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  execute(query: DriverQuery): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) query.reject(refusal);
    else if (this.#homeless !== undefined) this.#homeless.push(query);
    else this.#slot.execute(query, this.#explain);
  }

  cancel(query: DriverQuery): void {
    if (this.#homeless === undefined && this.#slot.executes(query)) this.#slot.cancel();
    else query.reject(networkError("57014", "canceling statement due to user request"));
  }

  /** Called when the connection dies under the lease; the error its queries end with, or nothing when it moves house. */
  bereave(reason: unknown): PoolError | undefined {
    if (this.#released || !this.#movable || !this.#slot.untouched) return this.lose(reason);
    this.#homeless = this.#slot.withdraw();
    this.#owner.rehouse(this);
    return undefined;
  }

  /** Goes on with another connection, which nobody has used for this lease before. */
  settle(slot: Slot): void {
    const queries = this.#homeless ?? [];
    this.#homeless = undefined;
    this.#slot = slot;
    slot.lend();
    for (const query of queries) slot.execute(query, this.#explain);
  }

  /** Ends the lease's use of any connection. */
  lose(reason: unknown): PoolError {
    if (!this.#released) {
      const said = reason instanceof Error ? reason.message : String(reason);
      this.#lost = new PoolError("CONNECTION_LOST", `Connection ${this.pid} lost: ${said}`, reason);
    }
    const refusal = this.#refusal()!;
    this.#rejectHomeless(refusal);
    return refusal;
  }

  get released(): boolean {
    return this.#released;
  }

  #rejectHomeless(error: PoolError): void {
    for (const query of this.#homeless ?? []) {
      Promise.prototype.catch.call(query, () => {});
      query.reject(error);
    }
    this.#homeless = [];
  }

  /** Why no query can run, if none can. */
  #refusal(): PoolError | undefined {
    if (this.#lost !== undefined || !this.#released) return this.#lost;
    return new PoolError("LEASE_RELEASED", `Cannot run a query: connection ${this.pid} was already released`);
  }

  readonly #explain = (error: unknown): unknown => {
    this.#lastError = error;
    if (error instanceof PoolError || !isConnectionLost(error)) return error;
    return this.#lost ?? new PoolError("CONNECTION_LOST", `Connection ${this.pid} lost`, error);
  };
}
