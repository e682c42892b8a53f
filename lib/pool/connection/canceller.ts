import type { CancelOutcome } from "./cancel-request.ts";

/** How long after a request to cancel the next follows, in milliseconds, doubling. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Something that is to be stopped. */
interface Stoppable {
  over: (() => void) | undefined;
}

/** Has the server stop one query, and knows whether a request may still be on its way. */
export class Canceller {
  /** A request was not confirmed: it may come late, and hit whatever runs then. */
  haunted = false;
  readonly #request: () => Promise<CancelOutcome>;
  #underWay: Promise<void> | undefined;

  constructor(request: () => Promise<CancelOutcome>) {
    this.#request = request;
  }

  get underWay(): boolean {
    return this.#underWay !== undefined;
  }

  /** Asks until `runs` is false: a request that comes before the server began the query stops nothing. */
  stop(query: Stoppable, runs: () => boolean): Promise<void> {
    this.#underWay ??= this.#askUntilOver(query, runs).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #askUntilOver(query: Stoppable, runs: () => boolean): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; runs(); pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      const outcome = await this.#request();
      this.haunted ||= outcome === "unknown";
      if (outcome !== "heard") return;
      if (runs()) await overWithin(query, pauseMs);
    }
  }
}

function overWithin(query: Stoppable, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    query.over = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
