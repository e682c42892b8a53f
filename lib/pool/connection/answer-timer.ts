/** The longest wait a timer takes, in milliseconds. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Measures how long the server takes for one answer. It stands still while the server waits for us. */
export class AnswerTimer {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leftMs = 0;
  #since = 0;
  #late: () => void = () => {};

  /** Calls `late` when the server has had `ms` for its answer. 0, or longer than a timer can wait: never. */
  start(ms: number, late: () => void): void {
    this.stop();
    if (ms === 0 || ms > LONGEST_TIMER_MS) return;
    this.#leftMs = ms;
    this.#late = late;
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
    this.#timer = setTimeout(() => this.#late(), this.#leftMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = 0;
  }
}
