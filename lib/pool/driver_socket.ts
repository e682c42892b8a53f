import type { Socket } from "node:net";

type Listener = (value?: unknown) => void;

/**
 * The socket the driver is given: it writes through to the real one and hears what the slot passes on.
 * It never tells the driver "close": on that word the driver would dial again, or be left holding queries for ever.
 * A dead one swallows what is still written to it, so nothing of the driver can throw late.
 */
export class DriverSocket {
  /** Why the connection is dead, once it is. */
  failure: unknown;
  /** Called before anything the driver sends goes out. */
  onWrite: () => void = () => {};
  readonly readyState = "open";
  readonly #socket: Socket;
  #onData: Listener | undefined;
  #onError: Listener | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Passes bytes of the server on to the driver. */
  receive(chunk: Buffer): void {
    this.#onData?.(chunk);
  }

  /** Tells the driver that this connection is over, so that it ends its streams. */
  fail(error: unknown): void {
    this.mute(error);
    this.#onError?.(error);
  }

  /** Ends the connection without a word to the driver, whose queries go on elsewhere. */
  mute(error: unknown): void {
    this.failure = error;
  }

  on(event: string, listener: Listener): this {
    if (event === "data") this.#onData = listener;
    else if (event === "error") this.#onError = listener;
    else if (event === "drain") this.#socket.on("drain", () => listener());
    return this;
  }

  write(chunk: Buffer, done?: (error?: Error) => void): boolean {
    if (this.failure !== undefined) {
      if (done !== undefined) queueMicrotask(() => done(this.failure as Error));
      return true;
    }
    this.onWrite();
    return done === undefined
      ? this.#socket.write(chunk)
      : this.#socket.write(chunk, (error) => done(error ?? undefined));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (this.failure === undefined) this.#socket.resume();
  }

  once(): this {
    return this;
  }

  removeListener(): this {
    return this;
  }

  removeAllListeners(): this {
    return this;
  }

  end(): void {}

  destroy(): void {}
}
