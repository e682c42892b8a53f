import type { Socket } from "node:net";

type Listener = (value?: unknown) => void;

/** What the connection hears of the driver's use of its socket. */
export interface DriverSocketOwner {
  /** Before anything the driver sends goes out; false to keep it back. */
  writes(chunk: Buffer): boolean;
  /** The driver's reader cannot keep up, or can again. */
  reads(on: boolean): void;
}

/**
 * The socket the driver is given: it writes through to the real one and hears what the connection passes on.
 * It never tells the driver "close": on that word the driver would dial again, or be left holding queries for ever.
 */
export class DriverSocket {
  readonly readyState = "open";
  readonly #socket: Socket;
  readonly #owner: DriverSocketOwner;
  #onData: Listener | undefined;
  #onError: Listener | undefined;

  constructor(socket: Socket, owner: DriverSocketOwner) {
    this.#socket = socket;
    this.#owner = owner;
  }

  /** Passes bytes of the server on to the driver. */
  receive(chunk: Buffer): void {
    this.#onData?.(chunk);
  }

  /** Tells the driver that this connection is over, so that it ends its streams. */
  fail(error: unknown): void {
    this.#onError?.(error);
  }

  on(event: string, listener: Listener): this {
    if (event === "data") this.#onData = listener;
    else if (event === "error") this.#onError = listener;
    else if (event === "drain") this.#socket.on("drain", () => listener());
    return this;
  }

  write(chunk: Buffer, done?: (error?: Error) => void): boolean {
    if (!this.#owner.writes(chunk)) return true;
    return done === undefined
      ? this.#socket.write(chunk)
      : this.#socket.write(chunk, (error) => done(error ?? undefined));
  }

  pause(): void {
    this.#owner.reads(false);
    this.#socket.pause();
  }

  resume(): void {
    this.#owner.reads(true);
    this.#socket.resume();
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
