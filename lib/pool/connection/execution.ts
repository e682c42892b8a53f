import type { DriverQuery } from "./driver.ts";

/** A stream of the driver's that a COPY was resolved to. */
type Stream = { destroy(error: unknown): void; on(event: "error", listener: () => void): void };

/** The query under way on a connection, and what was changed about it so that the connection hears of its answer. */
export class Execution {
  readonly query: DriverQuery;
  /** Called when it is over, if anybody waits for that. */
  over: (() => void) | undefined;
  readonly #resolve: DriverQuery["resolve"];
  readonly #reject: DriverQuery["reject"];
  #stream: Stream | undefined;

  /** Errors reach the caller through `explain`. */
  constructor(query: DriverQuery, explain: (error: unknown) => unknown) {
    this.query = query;
    this.#resolve = query.resolve;
    this.#reject = query.reject;
    query.resolve = (value) => {
      this.#watch(value);
      this.#resolve(value);
    };
    query.reject = (error) => this.#reject(explain(error));
  }

  /** The query as it was, fit to be executed elsewhere. */
  withdraw(): DriverQuery {
    return Object.assign(this.query, { resolve: this.#resolve, reject: this.#reject, parameters: undefined });
  }

  /** Ends the stream of a COPY that failed: the driver forgets one that was written to its end. */
  endStream(error: unknown): void {
    this.#stream?.destroy(error);
  }

  #watch(value: unknown): void {
    if (typeof (value as Stream | undefined)?.destroy !== "function") return;
    this.#stream = value as Stream;
    this.#stream.on("error", () => {}); // an error that nobody listens to must not end the process
  }
}
