import type { Socket } from "node:net";
import { type Target, targetName } from "../target/target.ts";
import { cancelBackend } from "./cancel.ts";
import { dial } from "./dial.ts";
import { type DriverQuery, openDriver, QUERIES, type Session } from "./driver.ts";
import { DriverSocket } from "./driver-socket.ts";
import { InFlight } from "./in-flight.ts";
import { networkError } from "./network-error.ts";
import {
  ERROR_RESPONSE,
  endsReady,
  goodbyeIn,
  lastWord,
  parseErrorResponse,
  READY_IDLE,
  SYNC,
  TERMINATE,
} from "./wire.ts";

/** One ping under way. */
interface Ping {
  readonly done: (error?: unknown) => void;
  partial: Buffer | undefined;
}

/**
 * One connection, from its first byte to its last. It is dialled once and never again: whatever ends it, it is dropped
 * and another slot takes its place. The slot reads along with the driver, so that it knows three things the driver does
 * not tell: the server's goodbye on an idle connection, whether the session is at rest outside a transaction, and why it ended.
 */
export class Slot {
  readonly target: Target;
  /** The server process, as the server names it. */
  pid = 0;
  /** When this connection last answered, by `performance.now()`; -Infinity when that is in doubt. */
  provenAt = 0;
  /** Why it is over, once it is. */
  failure: unknown;
  /** Called once when the connection is over: gives the error for its queries, or nothing when it took them over. */
  onDeath: (slot: Slot, reason: unknown) => unknown = (_, reason) => reason;
  readonly #inFlight = new InFlight();
  readonly #send: (query: DriverQuery) => void;
  /** Whether the present lease has sent anything, and whether the server has said anything to it. */
  #asked = false;
  #heard = false;
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #wire: DriverSocket;
  #secret = 0;
  #atRest = false;
  #status = 0;
  #ping: Ping | undefined;

  private constructor(socket: Socket, target: Target, session: Session) {
    this.#socket = socket;
    this.target = target;
    this.#wire = new DriverSocket(socket, () => {
      this.#atRest = false;
    });
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
        this.die(networkError("CONNECTION_CLOSED", `Connection to ${targetName(target)} closed by the server`));
      });
    });
    socket.on("error", (error) => this.die(error));
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#send = openDriver(this.#wire, target, session);
  }

  /** Dials, authenticates and runs one statement; rejects with the server's or the network's own error. */
  static async open(target: Target, session: Session, signal: AbortSignal): Promise<Slot> {
    const slot = new Slot(await dial(target, signal), target, session);
    const abort = (): void => slot.die(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      await slot.#start();
      return slot;
    } catch (error) {
      slot.die(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #start(): Promise<void> {
    const query = QUERIES.unsafe("select pg_backend_pid() as pid");
    query.handler = (executed) => this.execute(executed, (error) => error);
    const rows = (await query) as { pid: number }[] & { state: { pid: number; secret: number } };
    this.pid = rows[0]!.pid;
    this.#secret = rows.state.secret;
    this.provenAt = performance.now();
  }

  get dead(): boolean {
    return this.failure !== undefined;
  }

  /** True when nothing is under way and the session is outside a transaction: fit to be handed to somebody else. */
  get clean(): boolean {
    return !this.dead && this.#atRest && this.#inFlight.settle() && this.#status === READY_IDLE;
  }

  get busy(): boolean {
    return this.#inFlight.size > 0;
  }

  executes(query: DriverQuery): boolean {
    return this.#inFlight.has(query);
  }

  /** Begins a new lease: what was said before does not concern it. */
  lend(): void {
    this.#asked = false;
    this.#heard = false;
  }

  /**
   * True when the dead connection did nothing at all for its lease, so that another may take its place unnoticed: nothing
   * was sent; or the server's first word was its own goodbye. Before executing a statement of the extended protocol it
   * says BindComplete, so without that nothing ran. (A simple query has no such sign, and a pooler's goodbye proves nothing.)
   */
  get untouched(): boolean {
    if (this.#heard) return false;
    if (!this.#asked) return true;
    return (this.failure as { routine?: string }).routine === "ProcessInterrupts" && !this.#inFlight.anySimple;
  }

  /** Hands a query to the driver and answers for it if the connection dies; errors pass through `explain`. */
  execute(query: DriverQuery, explain: (error: unknown) => unknown): void {
    this.#asked = true;
    this.#inFlight.add(query, explain);
    this.#send(query);
  }

  /** Takes back the queries of an {@link untouched} connection, fit to be executed elsewhere. */
  withdraw(): DriverQuery[] {
    return this.#inFlight.withdraw();
  }

  /** One round trip without a statement (Sync, ReadyForQuery). A ping unanswered in time ends the connection. */
  ping(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.die(pingTimeout(timeoutMs)), timeoutMs);
      const done = (error?: unknown): void => {
        clearTimeout(timer);
        this.#ping = undefined;
        if (error === undefined) {
          this.provenAt = performance.now();
          resolve();
        } else reject(error);
      };
      if (this.dead) return done(this.failure);
      this.#ping = { done, partial: undefined };
      this.#socket.write(SYNC);
    });
  }

  /** Ends the connection for `reason`: its socket is destroyed, its owner is told, its queries are rejected or taken over. */
  die(reason: unknown): void {
    if (this.dead) return;
    this.failure = reason;
    this.#socket.destroy();
    this.#ping?.done(reason);
    const error = this.onDeath(this, reason);
    this.#inFlight.rejectAll(error);
    if (error !== undefined) this.#wire.fail(error);
  }

  /** Says goodbye to the server and closes; `closed` tells when the server has gone too. */
  end(reason: unknown): void {
    if (this.dead) return;
    this.failure = reason;
    this.#ping?.done(reason);
    this.#wire.fail(reason);
    this.#socket.end(TERMINATE);
  }

  /** Cuts the connection without a word, ended or not. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Has the server stop the statement under way. Resolves when it was heard, or in vain. */
  cancel(): Promise<void> {
    return cancelBackend(this.target, this.pid, this.#secret);
  }

  #read(chunk: Buffer): void {
    if (this.dead) return;
    if (this.#ping !== undefined) this.#readPong(this.#ping, chunk);
    else if (this.#atRest && this.#inFlight.size === 0) this.#readAtRest(chunk);
    else this.#readAnswer(chunk);
  }

  /** On a connection at rest only a goodbye concerns the slot; the rest (a changed parameter, a notice) is the driver's. */
  #readAtRest(chunk: Buffer): void {
    const goodbye = goodbyeIn(chunk);
    if (goodbye === undefined) this.#wire.receive(chunk);
    else this.die(goodbye);
  }

  #readAnswer(chunk: Buffer): void {
    const ready = endsReady(chunk);
    const word = ready ? undefined : lastWord(chunk);
    this.#atRest = ready;
    this.#status = chunk[chunk.length - 1]!;
    if (word === undefined || word.length < chunk.length) {
      this.#heard = true;
      this.#wire.receive(chunk);
    }
    if (word !== undefined) this.die(word.error);
  }

  #readPong(ping: Ping, chunk: Buffer): void {
    const all = ping.partial === undefined ? chunk : Buffer.concat([ping.partial, chunk]);
    ping.partial = all;
    if (all[0] === ERROR_RESPONSE) this.die(parseErrorResponse(all));
    if (this.dead || !endsReady(all)) return;
    if (all.length > 6) this.#wire.receive(all.subarray(0, -6));
    ping.done();
  }
}

function pingTimeout(timeoutMs: number): Error {
  return networkError("PING_TIMEOUT", `No answer to a ping within ${timeoutMs} ms`);
}
