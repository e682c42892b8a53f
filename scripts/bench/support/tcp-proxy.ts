import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP proxy in front of a server: it can delay what passes, or swallow it in silence. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs: Set<Pair>;

  private constructor(server: Server, pairs: Set<Pair>) {
    this.#server = server;
    this.#pairs = pairs;
    this.port = (server.address() as AddressInfo).port;
  }

  /** `delayMs` is added to each direction. */
  static async open(target: { host: string; port: number }, delayMs = 0): Promise<TcpProxy> {
    const pairs = new Set<Pair>();
    const server = createServer((near) => {
      const far = connect(target.port, target.host);
      const pair = { near, far, frozen: false };
      pairs.add(pair);
      for (const socket of [near, far]) {
        socket.setNoDelay(true);
        socket.on("error", () => {});
        socket.on("close", () => {
          pairs.delete(pair);
          if (!pair.frozen) for (const other of [near, far]) other.destroy();
        });
      }
      pass(near, far, pair, delayMs);
      pass(far, near, pair, delayMs);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new TcpProxy(server, pairs);
  }

  /** From now on the connections there are carry nothing, in either direction; new ones work. */
  freeze(): void {
    for (const pair of this.#pairs) pair.frozen = true;
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
}

function pass(from: Socket, to: Socket, pair: Pair, delayMs: number): void {
  const forward = (chunk: Buffer): void => {
    if (!pair.frozen && !to.destroyed) to.write(chunk);
  };
  from.on("data", (chunk: Buffer) => {
    if (delayMs === 0) forward(chunk);
    else setTimeout(forward, delayMs, chunk);
  });
}
