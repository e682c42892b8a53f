import type { DriverQuery } from "./driver.ts";

type Answer = Pick<DriverQuery, "resolve" | "reject">;

/** The queries of one connection that were handed to the driver and are not yet answered. */
export class InFlight {
  readonly #answers = new Map<DriverQuery, Answer>();

  get size(): number {
    return this.#answers.size;
  }

  has(query: DriverQuery): boolean {
    return this.#answers.has(query);
  }

  /** Counts a query until it is answered; its errors pass through `explain`. */
  add(query: DriverQuery, explain: (error: unknown) => unknown): void {
    const { resolve, reject } = query;
    this.#answers.set(query, { resolve, reject });
    query.resolve = (value) => {
      this.#answers.delete(query);
      resolve(value);
    };
    query.reject = (error) => {
      this.#answers.delete(query);
      reject(explain(error));
    };
  }

  /** Forgets cursors that were read to their end, which tell it in their own way; true when nothing is left. */
  settle(): boolean {
    for (const query of this.#answers.keys()) {
      if (query.cursorFn === undefined || query.active) return false;
      this.#answers.delete(query);
    }
    return true;
  }

  /** True when one is a simple query, of which nobody can tell whether the server began it. */
  get anySimple(): boolean {
    return [...this.#answers.keys()].some((query) => query.options.simple);
  }

  /** Takes all back, fit to be executed elsewhere. */
  withdraw(): DriverQuery[] {
    const queries = [...this.#answers.keys()];
    for (const [query, answer] of this.#answers) Object.assign(query, answer, { parameters: undefined });
    this.#answers.clear();
    return queries;
  }

  rejectAll(error: unknown): void {
    for (const query of this.#answers.keys()) rejectQuietly(query, error);
  }
}

/** Rejects a query such that nobody has to have awaited it. */
export function rejectQuietly(query: DriverQuery, error: unknown): void {
  Promise.prototype.catch.call(query, () => {});
  query.reject(error);
}
