import type { Socket } from "node:net";
import { type Endpoint, endpointName, type Target } from "../target/target.ts";
import { AnswerTimer } from "./answer-timer.ts";
import type { TypeTable } from "./arrays.ts";
import { cancelBackend } from "./cancel-request.ts";
import { Canceller } from "./canceller.ts";
import { dial } from "./dial.ts";
import { type DriverQuery, openDriver, QUERIES, rejectQuietly, type Session } from "./driver.ts";
import { DriverSocket } from "./driver-socket.ts";
import { Execution } from "./execution.ts";
import { MessageReader } from "./message-reader.ts";
import { networkError } from "./network-error.ts";
import { READY_IDLE, type ServerError, SYNC, TERMINATE, TO_SERVER } from "./protocol.ts";
import { RestWaiters } from "./rest-waiters.ts";

/** How long a connection may take to wind up, its last query included, in milliseconds; then it is cut. */
const WIND_UP_MS = 5_000;

/** Whoever has queries executed. */
export interface ConnectionUser {
  /** How long the server may take for one answer, in milliseconds; 0: no limit. */
  readonly limitMs: number;
  /** What the caller hears instead of an error. */
  explain(error: unknown): unknown;
  /** The server took longer. */
  late(): void;
  /** The connection can take the next query. */
  rested(): void;
}

/** The pool itself, while it opens a connection, and who has it while nobody does. */
const NOBODY: ConnectionUser = { limitMs: 0, explain: (error) => error, late: () => {}, rested: () => {} };

/**
 * One connection, from its first byte to its last. It is dialled once and never again: whatever ends it, it is dropped
 * and another takes its place. It runs one query at a time, and reads along with the driver, so that it knows what the
 * driver does not tell: when a query is over and how that leaves the session, the server's last word, and how a
 * transaction ended.
 */
export class Connection {
  readonly endpoint: Endpoint;
  /** The server process (behind a pooler: the pooler's number for it). */
  pid = 0;
  /** What the session was when it was opened. */
  readOnly = false;
  inRecovery = false;
  /** When it last answered, by `performance.now()`; -Infinity when that is in doubt. */
  provenAt = 0;
  /** The pool's count of evictions when it was opened. */
  generation = 0;
  /** Why it is over, once it is. */
  failure: unknown;
  /** True while it winds up: over for everybody, but the server may still be at work on it. */
  retiring = false;
  /** Called once when it is over: gives the error for the query under way, or nothing when that was taken back. */
  onDeath: (connection: Connection, reason: unknown) => unknown = (_, reason) => reason;
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;
  readonly #target: Target;
  readonly #socket: Socket;
  readonly #wire: DriverSocket;
  readonly #reader = new MessageReader();
  readonly #timer = new AnswerTimer();
  readonly #send: (query: DriverQuery) => void;
  #user = NOBODY;
  #secret = 0;
  #execution: Execution | undefined;
  /** Something was sent since {@link forget}. */
  #asked = false;
  readonly #canceller = new Canceller(() => cancelBackend(this.#target, this.endpoint, this.pid, this.#secret));
  #ping: ((error?: unknown) => void) | undefined;
  readonly #restWaiters = new RestWaiters();

  private constructor(socket: Socket, target: Target, endpoint: Endpoint, session: Session, types: TypeTable) {
    this.#socket = socket;
    this.#target = target;
    this.endpoint = endpoint;
    this.#wire = new DriverSocket(socket, { writes: (chunk) => this.#writes(chunk), reads: (on) => this.#reads(on) });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
        this.die(networkError("CONNECTION_CLOSED", `Connection to ${endpointName(endpoint)} closed by the server`));
        this.#execution?.over?.();
        this.#restWaiters.tell(false);
      });
    });
    socket.on("error", (error) => this.die(error));
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#send = openDriver(this.#wire, target, endpoint, session, types);
  }

  /** Dials, authenticates and asks what session it is; rejects with the server's or the network's own error. */
  static async open(
    target: Target,
    endpoint: Endpoint,
    session: Session,
    types: TypeTable,
    signal: AbortSignal,
  ): Promise<Connection> {
    const connection = new Connection(await dial(target, endpoint, signal), target, endpoint, session, types);
    const abort = (): void => connection.die(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      await connection.#start();
      if (!types.learned) types.learn(await connection.#ask(types.question));
      return connection;
    } catch (error) {
      connection.die(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #start(): Promise<void> {
    const rows = await this.#ask("select pg_is_in_recovery(), current_setting('transaction_read_only')");
    const { pid, secret } = (rows as unknown as { state: { pid: number; secret: number } }).state;
    this.pid = pid;
    this.#secret = secret;
    this.inRecovery = rows[0]![0] === true;
    this.readOnly = rows[0]![1] === "on";
    this.provenAt = performance.now();
  }

  /** Rows, as lists of values, of a question of the pool's own. */
  async #ask(text: string): Promise<unknown[][]> {
    const query = QUERIES.unsafe(text);
    query.isRaw = "values";
    query.handler = (executed) => this.execute(executed);
    return (await query) as unknown[][];
  }

  get dead(): boolean {
    return this.failure !== undefined;
  }

  /** True when it can take a query now. */
  get atRest(): boolean {
    return !this.dead && this.#execution === undefined && !this.#canceller.underWay && this.#ping === undefined;
  }

  /** True when it is fit to be handed to somebody else: at rest outside a transaction, with nothing left to come. */
  get clean(): boolean {
    return this.atRest && !this.#canceller.haunted && this.#reader.status === READY_IDLE;
  }

  get inTransaction(): boolean {
    return this.#reader.status !== READY_IDLE;
  }

  /** True when what is under way needs nobody any more: it has its answer, or is a cursor that was left, or is being cancelled. */
  get settling(): boolean {
    const { query } = this.#execution ?? {};
    if (this.dead || this.#canceller.haunted || this.#reader.copying !== undefined) return false;
    if (query === undefined) return this.#canceller.underWay;
    return !query.active || query.cursorFn !== undefined;
  }

  /** True while a COPY is open: no query can run before it ends. */
  get copying(): boolean {
    return this.#reader.copying !== undefined;
  }

  executes(query: DriverQuery): boolean {
    return this.#execution?.query === query;
  }

  /** How a statement since {@link forget} ended the transaction, as far as the server said so. */
  get ended(): "COMMIT" | "ROLLBACK" | undefined {
    return this.#reader.ended;
  }

  /** Serves `user` from now on; nobody when none is given. */
  serve(user: ConnectionUser = NOBODY): void {
    this.#user = user;
    this.forget();
  }

  /** What was said before concerns nobody any more. */
  forget(): void {
    this.#asked = false;
    this.#reader.begin();
  }

  /**
   * True when the dead connection did nothing at all since {@link forget}, so that another may take its place unnoticed:
   * nothing was sent; or the server's first word was its own goodbye. Before executing a statement of the extended protocol
   * it says BindComplete, so without that nothing ran. (A simple query has no such sign, and a pooler's goodbye proves nothing.)
   */
  get untouched(): boolean {
    if (this.retiring || this.#reader.heard) return false;
    if (!this.#asked) return true;
    const { routine } = this.failure as ServerError;
    return routine === "ProcessInterrupts" && !this.#execution?.query.options.simple;
  }

  /** Hands a query to the driver. Only for a connection at rest. */
  execute(query: DriverQuery): void {
    const user = this.#user;
    this.#execution = new Execution(query, (error) => user.explain(error));
    this.#asked = true;
    this.#timer.start(user);
    this.#send(query);
  }

  /** Takes the query of an {@link untouched} connection back, fit to be executed elsewhere. */
  withdraw(): DriverQuery | undefined {
    const execution = this.#execution;
    this.#execution = undefined;
    return execution?.withdraw();
  }

  /** One round trip without a statement (Sync, ReadyForQuery). A ping unanswered in time ends the connection. */
  ping(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(this.failure);
      const text = `No answer to a ping within ${timeoutMs} ms`;
      const timer = setTimeout(() => this.die(networkError("PING_TIMEOUT", text)), timeoutMs);
      this.#ping = (error) => {
        clearTimeout(timer);
        this.#ping = undefined;
        if (error !== undefined) return reject(error);
        this.provenAt = performance.now();
        resolve();
      };
      this.#reader.expectPong();
      this.#socket.write(SYNC);
    });
  }

  /** Resolves to true when it comes to rest within `timeoutMs`, to false when it does not, or dies. */
  rest(timeoutMs: number): Promise<boolean> {
    return this.atRest || this.dead ? Promise.resolve(this.atRest) : this.#restWaiters.wait(timeoutMs);
  }

  /**
   * Has the server stop the query under way; resolves when that is over. Until the server confirms, the connection takes
   * no other query, so that the request hits nothing else; if it never does, the connection is not used again.
   */
  async cancel(): Promise<void> {
    const execution = this.#execution;
    if (execution === undefined || this.#reader.copying === "in") return;
    await this.#canceller.stop(execution, () => this.#execution === execution && !this.#socket.destroyed);
    this.#atRestAgain();
  }

  /** Ends the connection for `reason` as it stands: its socket is destroyed, its owner is told, its query is rejected or taken back. */
  die(reason: unknown): void {
    if (this.dead) return;
    this.failure = reason;
    this.#socket.destroy();
    this.#over(reason);
  }

  /**
   * Ends the connection in good order: it is over for its owner at once, then the query under way is cancelled and the
   * server hears the goodbye. `closed` tells when the server is done with it.
   */
  retire(reason: unknown): void {
    if (this.dead) return;
    this.failure = reason;
    this.retiring = true;
    this.#over(reason);
    void this.#windUp();
  }

  /** Cuts the connection without a word, ended or not. */
  cut(): void {
    this.#socket.destroy();
  }

  #over(reason: unknown): void {
    this.#timer.stop();
    this.#ping?.(reason);
    const error = this.onDeath(this, reason);
    this.#restWaiters.tell(false);
    if (error === undefined) return;
    if (this.#execution !== undefined) rejectQuietly(this.#execution.query, error);
    this.#wire.fail(error);
    this.#execution?.endStream(error);
  }

  async #windUp(): Promise<void> {
    const limit = setTimeout(() => this.#socket.destroy(), WIND_UP_MS);
    if (this.#execution !== undefined && this.#reader.copying !== "in") {
      await this.cancel();
      if (this.#execution !== undefined) await this.#restWaiters.wait(WIND_UP_MS);
    }
    this.#socket.end(TERMINATE);
    await this.closed;
    clearTimeout(limit);
  }

  #read(chunk: Buffer): void {
    if (this.dead && !this.retiring) return;
    const idle = this.#execution === undefined;
    const parts = this.#reader.read(chunk);
    if (!this.retiring) this.#passOn(parts, idle);
    if (!this.#reader.ready || (this.dead && !this.retiring)) return;
    this.#reader.ready = false;
    if (this.#ping !== undefined) this.#ping();
    else this.#finish();
  }

  /** Gives the driver its bytes; an error of an idle connection, and the server's last word, end the connection instead. */
  #passOn(parts: readonly Buffer[], idle: boolean): void {
    const { lastWord, error, warning } = this.#reader;
    const goodbye = lastWord ?? (idle ? (error ?? warning) : undefined);
    if (goodbye === undefined || !idle) for (const part of parts) this.#wire.receive(part);
    if (goodbye !== undefined) this.die(goodbye);
    else if (this.#reader.suspended || this.#reader.copying === "in") this.#timer.pause();
  }

  /** The server is ready for the next query; the driver may still have the present one, to try it again. */
  #finish(): void {
    const execution = this.#execution;
    if (execution?.query.active && !this.retiring) return;
    this.#timer.stop();
    this.#execution = undefined;
    execution?.over?.();
    if (this.#reader.error !== undefined) execution?.endStream(this.#reader.error);
    this.#reader.error = undefined;
    this.#reader.warning = undefined;
    this.#atRestAgain();
  }

  #atRestAgain(): void {
    if (this.retiring && this.#execution === undefined) this.#restWaiters.tell(true);
    if (!this.atRest) return;
    if (this.#canceller.haunted)
      this.retire(networkError("CANCEL_UNCONFIRMED", "A request to cancel was not confirmed"));
    else {
      this.#restWaiters.tell(true);
      this.#user.rested();
    }
  }

  /** The driver's writes: a CopyFail outside a COPY is a mistake of its stream, and a write gives the turn back to the server. */
  #writes(chunk: Buffer): boolean {
    const { copying } = this.#reader;
    const ends = chunk[0] === TO_SERVER.copyDone || chunk[0] === TO_SERVER.copyFail;
    if (copying !== "in" && chunk[0] === TO_SERVER.copyFail) return false;
    this.#reader.suspended = false;
    if (copying !== "in" || ends) this.#timer.resume();
    return true;
  }

  /** The driver's reader, a stream, keeps the server waiting or not. */
  #reads(on: boolean): void {
    if (on) this.#timer.resume();
    else this.#timer.pause();
  }
}
