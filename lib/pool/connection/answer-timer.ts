/** The longest wait a timer takes, in milliseconds. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Who waits for an answer, how long at most, and what happens then. */
interface Waiting {
  readonly limitMs: number;
  late(): void;
}

/** Measures how long the server takes for one answer. It stands still while the server waits for us. */
export class AnswerTimer {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leftMs = 0;
  #since = 0;
  #waiting: Waiting | undefined;

  /** Tells who waits when the server has had `limitMs` for its answer. 0, or longer than a timer can wait: never. */
  start(waiting: Waiting): void {
    const { limitMs } = waiting;
    if (limitMs === 0 || limitMs > LONGEST_TIMER_MS) return;
    this.#leftMs = limitMs;
    this.#waiting = waiting;
    this.resume();
  }

  pause(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = Math.max(1, this.#leftMs - (performance.now() - this.#since));
  }

  resume(): void {
    if (this.#timer !== undefined || this.#leftMs === 0) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#waiting?.late(), this.#leftMs);
  }

  stop(): void {
    this.#leftMs = 0;
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
