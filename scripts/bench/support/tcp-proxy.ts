import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What a proxy does to what passes. */
export interface ProxyOptions {
  /** Added to each direction, in milliseconds. */
  readonly delayMs?: number;
  /** Bytes of the server as they are passed on; `undefined` ends the connection on the near side instead. */
  readonly fromServer?: (chunk: Buffer) => Iterable<Buffer> | undefined;
}

/** A TCP proxy in front of a server: it can delay what passes, change it, cut it off, or swallow it in silence. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs: Set<Pair>;
  readonly #state: { freezesNew: boolean };

  private constructor(server: Server, pairs: Set<Pair>, state: { freezesNew: boolean }) {
    this.#server = server;
    this.#pairs = pairs;
    this.#state = state;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(
    target: { host: string; port: number },
    { delayMs = 0, fromServer }: ProxyOptions = {},
  ): Promise<TcpProxy> {
    const pairs = new Set<Pair>();
    const state = { freezesNew: false };
    const server = createServer((near) => {
      const far = connect(target.port, target.host);
      const pair = { near, far, frozen: state.freezesNew, delayMs };
      pairs.add(pair);
      for (const socket of [near, far]) {
        socket.setNoDelay(true);
        socket.on("error", () => {});
        socket.on("close", () => {
          pairs.delete(pair);
          if (!pair.frozen) for (const other of [near, far]) other.destroy();
        });
      }
      pass(near, far, pair, undefined);
      pass(far, near, pair, fromServer);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new TcpProxy(server, pairs, state);
  }

  /** From now on the connections there are carry nothing, in either direction; new ones work. */
  freeze(): void {
    for (const pair of this.#pairs) pair.frozen = true;
  }

  /** From now on the connections there are take this long in each direction; new ones are as before. */
  delay(ms: number): void {
    for (const pair of this.#pairs) pair.delayMs = ms;
  }

  /** From now on new connections carry nothing. */
  freezeNew(): void {
    this.#state.freezesNew = true;
  }

  /** New connections work again. */
  thaw(): void {
    this.#state.freezesNew = false;
  }

  /** Resets a random connection; 0 when there is none. */
  resetOne(): number {
    const pairs = [...this.#pairs];
    const pair = pairs[Math.floor(Math.random() * pairs.length)];
    pair?.near.resetAndDestroy();
    return pair === undefined ? 0 : 1;
  }

  /** Ends one connection in silence on the near side, as a crashed server process does. */
  cutOne(): void {
    const [pair] = this.#pairs;
    pair?.near.destroy();
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  frozen: boolean;
  delayMs: number;
}

function pass(from: Socket, to: Socket, pair: Pair, change: ProxyOptions["fromServer"] | undefined): void {
  const forward = (chunk: Buffer): void => {
    if (pair.frozen || to.destroyed) return;
    if (change === undefined) to.write(chunk);
    else {
      const parts = change(chunk);
      if (parts === undefined) to.destroy();
      else for (const part of parts) to.write(part);
    }
  };
  from.on("data", (chunk: Buffer) => {
    if (pair.delayMs === 0) forward(chunk);
    else setTimeout(forward, pair.delayMs, chunk);
  });
}
