import { type DriverQuery, QUERIES } from "./connection/driver.ts";
import { rejectQuietly } from "./connection/in-flight.ts";
import { networkError } from "./connection/network-error.ts";
import type { Slot } from "./connection/slot.ts";
import { leaseSql, type PoolSql, type QueryOwner } from "./connection/sql.ts";
import { isConnectionLost, PoolError } from "./errors.ts";

/** What a lease asks of the pool it came from. */
export interface LeaseOwner {
  /** Takes the connection back. */
  giveBack(slot: Slot): void;
  /** Finds the lease another connection, before everybody who waits; tells it by `settle` or `lose`. */
  rehouse(lease: Lease): void;
}

/** Extended protocol, so that a server that dies over a statement shows whether it began it; and prepared. */
const EXTENDED = { simple: false, prepare: true } as object;

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
  /** Queries that wait for another connection; undefined while there is one to send them to. */
  #homeless: DriverQuery[] | undefined;
  /** The statement that opened a transaction, to be said again wherever the lease moves. */
  #prologue: string | undefined;
  #undone = false;
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
    if (!this.#slot.dead) this.#owner.giveBack(this.#slot);
  }

  /** Drops the connection instead of giving it back, because of `error`. */
  destroy(error?: unknown): void {
    if (this.#released) return;
    this.#movable = false;
    const reason = error ?? new Error("Destroyed by its owner");
    if (this.#slot.dead) this.lose(reason);
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
    if (this.#homeless === undefined && this.#slot.executes(query)) void this.#slot.cancel();
    else query.reject(networkError("57014", "canceling statement due to user request"));
  }

  /** Opens a transaction. A connection that dies when it has done no more than that has done nothing. */
  async begin(text: string): Promise<void> {
    await this.sql.unsafe(text, [], EXTENDED);
    this.#prologue = text;
    if (this.#homeless === undefined) this.#slot.lend();
  }

  /** Sends COMMIT; resolves to the command the server did instead or indeed. If it fails, `undone` may know that nothing was done. */
  async commit(): Promise<string> {
    this.#movable = false;
    if (!this.#slot.dead) this.#slot.lend();
    return (await this.sql.unsafe("commit", [], EXTENDED)).command;
  }

  /** True for a lost lease whose connection did nothing after the last `begin` or before a `commit`. */
  get undone(): boolean {
    return this.#undone;
  }

  /** Called when the connection dies under the lease; the error its queries end with, or nothing when it moves house. */
  bereave(reason: unknown): PoolError | undefined {
    this.#undone = this.#slot.untouched;
    const opening = this.#homeless !== undefined;
    if (this.#released || !this.#movable || !(this.#undone || opening)) return this.lose(reason);
    const queries = this.#slot.withdraw();
    this.#homeless ??= queries;
    this.#owner.rehouse(this);
    return undefined;
  }

  /** Goes on with another connection, which nobody has used for this lease before. */
  settle(slot: Slot): void {
    this.#slot = slot;
    slot.lend();
    if (this.#prologue === undefined) this.#resume();
    else
      this.#begunAgain(slot, this.#prologue).then(
        () => this.#resume(),
        (error: unknown) => void this.lose(error),
      );
  }

  #begunAgain(slot: Slot, text: string): Promise<unknown> {
    const query = QUERIES.unsafe(text, [], EXTENDED);
    query.handler = (executed) => slot.execute(executed, (error) => error);
    return query.then(() => slot.lend());
  }

  #resume(): void {
    const queries = this.#homeless ?? [];
    this.#homeless = undefined;
    for (const query of queries) this.execute(query);
  }

  /** Ends the lease's use of any connection. */
  lose(reason: unknown): PoolError {
    if (!this.#released && this.#lost === undefined) {
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
    for (const query of this.#homeless ?? []) rejectQuietly(query, error);
    if (this.#homeless !== undefined) this.#homeless = [];
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
