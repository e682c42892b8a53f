import type { TypeTable } from "./connection/arrays.ts";
import type { Connection, ConnectionUser } from "./connection/connection.ts";
import { type DriverQuery, QUERIES, rejectQuietly } from "./connection/driver.ts";
import { errorCode, errorText, networkError } from "./connection/network-error.ts";
import { leaseSql, type PoolSql, type QueryOwner } from "./connection/sql.ts";
import { isConnectionLost, PoolError } from "./errors.ts";

/** What a lease asks of the pool it came from. */
export interface LeaseOwner {
  readonly types: TypeTable;
  /** How long a server may be silent before it is taken for dead, in milliseconds. */
  readonly silenceMs: number;
  /** Takes the connection back. */
  giveBack(connection: Connection): void;
  /** Finds the lease another connection, before everybody who waits; tells it by `resume` or `lose`. */
  exchange(lease: Lease): void;
  /** A session that should take writes refused one. */
  foundReadOnly(): void;
}

/** What a lease was taken for. Times in milliseconds. */
export interface LeaseTerms {
  /** True for `run` and `tx`: nobody has seen the connection yet, so another may take its place. */
  readonly exchangeable: boolean;
  /** Limit of one checkout, and of one exchange. */
  readonly timeoutMs: number;
  /** Limit of one query; 0: none. */
  readonly queryTimeoutMs: number;
  /** Stops the query under way, and refuses all that follow. */
  readonly signal: AbortSignal | undefined;
  /** Where it was taken, when leaks are watched. */
  readonly stack: string | undefined;
}

/** Extended protocol, so that a server that dies over a statement shows whether it began it; and prepared. */
const EXTENDED = { simple: false, prepare: true } as object;

/**
 * One caller's hold on one connection. Queries go out one after another, in their order. The session never changes
 * unnoticed: once the connection is lost or the lease released, every query on its `sql` rejects at once. Only a lease of
 * `run` or `tx` is given another connection, when the first one died before it did anything for it (see README.md).
 */
export class Lease implements QueryOwner, ConnectionUser {
  readonly sql: PoolSql;
  readonly terms: LeaseTerms;
  /** When it was taken, by `performance.now()`. */
  readonly since: number;
  /** Set once it was reported as leaked. */
  reported = false;
  readonly #owner: LeaseOwner;
  readonly #queue: DriverQuery[] = [];
  /** `between`: its connection died unused and it waits for another; `beginning`: it has one and opens the transaction anew. */
  #state: "open" | "between" | "beginning" | "lost" | "released" = "open";
  #connection: Connection;
  #exchangeable: boolean;
  /** When an exchange must be over, once one began. */
  #exchangeUntil: number | undefined;
  /** The statement that opened the transaction, to be said again on another connection. */
  #opening: string | undefined;
  #untouched = false;
  /** Why every query is refused: the connection is lost, or none was to be had. */
  #lost: unknown;
  /** Why the query under way is being stopped. */
  #stopped: PoolError | undefined;
  #aborted: PoolError | undefined;
  #lastError: unknown;
  #unlisten: (() => void) | undefined;

  constructor(owner: LeaseOwner, connection: Connection, since: number, terms: LeaseTerms) {
    this.#owner = owner;
    this.#connection = connection;
    this.terms = terms;
    this.#exchangeable = terms.exchangeable;
    this.since = since;
    this.sql = leaseSql(this);
    if (terms.signal !== undefined) this.#listen(terms.signal);
    connection.serve(this);
  }

  get types(): TypeTable {
    return this.#owner.types;
  }

  /** The server process that serves it. */
  get pid(): number {
    return this.#connection.pid;
  }

  /** True once no query can run any more because the connection is gone. */
  get lost(): boolean {
    return this.#state === "lost";
  }

  get released(): boolean {
    return this.#state === "released";
  }

  /** The last error a statement of this lease ended with. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** True for a lost lease whose connection did nothing after the last `begin` or before a `commit`. */
  get untouched(): boolean {
    return this.#untouched;
  }

  /** True while its session is in a transaction. */
  get inTransaction(): boolean {
    return !this.lost && this.#connection.inTransaction;
  }

  /** How a statement inside the transaction has ended it by itself, if one has. */
  get endedByHand(): "COMMIT" | "ROLLBACK" | undefined {
    return this.lost || this.inTransaction ? undefined : this.#connection.ended;
  }

  /** Until when an exchange may last, by `performance.now()`. */
  get exchangeUntil(): number {
    this.#exchangeUntil ??= performance.now() + this.terms.timeoutMs;
    return this.#exchangeUntil;
  }

  /** Gives the connection back; a second call does nothing. One that is not at rest outside a transaction is dropped. */
  release(): void {
    if (this.released) return;
    this.#leave();
    if (!this.#connection.dead) this.#owner.giveBack(this.#connection);
  }

  /** Drops the connection instead of giving it back, because of `error`. */
  destroy(error?: unknown): void {
    if (this.released) return;
    this.lose(error ?? new Error("Destroyed by its owner"));
    this.#connection.retire(this.#lost);
    this.#leave();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  get limitMs(): number {
    return this.terms.queryTimeoutMs;
  }

  late(): void {
    const text = `No answer to a query within ${this.limitMs} ms on connection ${this.pid}`;
    this.#stop(new PoolError("QUERY_TIMEOUT", text));
  }

  rested(): void {
    this.#next();
  }

  explain(error: unknown): unknown {
    const told = this.#told(error);
    this.#lastError = told;
    return told;
  }

  execute(query: DriverQuery): void {
    const refusal = this.#refusal();
    if (refusal === undefined) this.#enqueue(query);
    else query.reject(refusal);
  }

  cancel(query: DriverQuery): void {
    const index = this.#queue.indexOf(query);
    if (index >= 0) this.#queue.splice(index, 1);
    if (this.#connection.executes(query)) void this.#connection.cancel();
    else {
      query.handler = () => {}; // it is over, also for who awaits it only now
      query.reject(networkError("57014", "canceling statement due to user request"));
    }
  }

  /** Opens a transaction. A connection that dies when it has done no more than that has done nothing. */
  async begin(text: string): Promise<void> {
    await this.sql.unsafe(text, [], EXTENDED);
    this.#opening = text;
    this.#exchangeUntil = undefined;
    if (this.#state === "open") this.#connection.forget();
  }

  /** Sends COMMIT; resolves to the command the server did instead or indeed. If it fails, `untouched` may know that nothing was done. */
  async commit(): Promise<string> {
    this.#exchangeable = false;
    const connection = this.#connection;
    if (!connection.dead) connection.forget();
    try {
      return (await this.sql.unsafe("commit", [], EXTENDED)).command;
    } catch (error) {
      // The answer came, and the goodbye right behind it: the command was done all the same.
      if (this.lost && connection.ended !== undefined) return connection.ended;
      throw error;
    }
  }

  /** Rolls back, also for a caller who gave up. */
  async rollback(): Promise<void> {
    const query = QUERIES.unsafe("rollback");
    query.handler = (executed) => this.#enqueue(executed);
    await query;
  }

  /** Called when the connection is over; the error its query ends with, or nothing when that waits for another connection. */
  connectionDied(connection: Connection, reason: unknown): unknown {
    if (this.#state === "released") return this.#refusal();
    this.#untouched = connection.untouched;
    const unused = this.#untouched || this.#state === "beginning";
    if (this.#state === "lost" || !this.#exchangeable || connection.retiring || !unused) return this.lose(reason);
    const query = connection.withdraw();
    // The query that opens the transaction anew is not the caller's: `#begin` makes it again.
    if (query !== undefined && this.#state === "open") this.#queue.unshift(query);
    this.#state = "between";
    this.#owner.exchange(this);
    return undefined;
  }

  /** Goes on with another connection, which nobody has used for this lease before. */
  resume(connection: Connection): void {
    this.#connection = connection;
    connection.serve(this);
    if (this.#opening === undefined) this.#open();
    else this.#begin(connection, this.#opening);
  }

  /** Ends the lease's use of any connection; returns what its queries end with. */
  lose(reason: unknown): unknown {
    if (this.#state === "released" || this.#state === "lost") return this.#refusal();
    // An exchange that found nothing ends with the pool's own word on why: nothing ran.
    const found = this.#state !== "between";
    this.#lost = found ? this.#connectionLost(reason) : reason;
    this.#state = "lost";
    this.#rejectQueue(this.#lost);
    return this.#lost;
  }

  #connectionLost(reason: unknown): PoolError {
    return new PoolError("CONNECTION_LOST", `Connection ${this.pid} lost: ${errorText(reason)}`, reason);
  }

  #listen(signal: AbortSignal): void {
    const abort = (): void => this.#abort(signal);
    signal.addEventListener("abort", abort);
    this.#unlisten = () => signal.removeEventListener("abort", abort);
  }

  /** Opens the transaction on the connection that took the place of one that died. */
  #begin(connection: Connection, text: string): void {
    this.#state = "beginning";
    const query = QUERIES.unsafe(text, [], EXTENDED);
    query.handler = (executed) => connection.execute(executed);
    query.then(
      () => {
        if (this.#state !== "beginning" || this.#connection !== connection) return;
        connection.forget();
        this.#open();
      },
      (error: unknown) => {
        if (this.#state === "beginning" && this.#connection === connection) this.destroy(error);
      },
    );
  }

  #open(): void {
    this.#state = "open";
    this.#next();
  }

  #enqueue(query: DriverQuery): void {
    if (this.#connection.copying) {
      query.reject(networkError("COPY_IN_PROGRESS", "Cannot run a query while a COPY is open on its connection"));
      return;
    }
    this.#queue.push(query);
    this.#next();
  }

  /** Sends the next query, if one waits and the connection can take it. */
  #next(): void {
    if (this.#state !== "open" || this.#queue.length === 0 || !this.#connection.atRest) return;
    this.#stopped = undefined;
    this.#connection.execute(this.#queue.shift()!);
  }

  #leave(): void {
    this.#state = "released";
    this.#connection.serve();
    this.#unlisten?.();
    this.#rejectQueue(this.#refusal());
  }

  #rejectQueue(error: unknown): void {
    for (const query of this.#queue.splice(0)) rejectQuietly(query, error);
  }

  /** Why no query can run, if none can. */
  #refusal(): unknown {
    if (this.#lost !== undefined) return this.#lost;
    if (!this.released) return this.#aborted;
    return new PoolError("LEASE_RELEASED", `Cannot run a query: connection ${this.pid} was already released`);
  }

  #abort(signal: AbortSignal): void {
    const text = `Query on connection ${this.pid} stopped: the caller gave up`;
    this.#aborted = new PoolError("QUERY_ABORTED", text, signal.reason);
    this.#rejectQueue(this.#aborted);
    this.#stop(this.#aborted);
  }

  /** Cancels the query under way. A server that does not even answer to that is taken for dead. */
  #stop(reason: PoolError): void {
    const connection = this.#connection;
    if (this.#state !== "open" || connection.dead || connection.atRest) return;
    this.#stopped = reason;
    void connection.cancel();
    void connection.rest(this.#owner.silenceMs).then((rested) => {
      if (!rested) connection.die(reason);
    });
  }

  #told(error: unknown): unknown {
    if (error instanceof PoolError) return error;
    const code = errorCode(error);
    if (code === "57014" && this.#stopped !== undefined)
      return new PoolError(this.#stopped.code, this.#stopped.message, this.#stopped.cause ?? error);
    if (code === "25006" && !/read\s+only/i.test(this.#opening ?? "")) this.#owner.foundReadOnly();
    return isConnectionLost(error) ? (this.#lost ?? this.#connectionLost(error)) : error;
  }
}
