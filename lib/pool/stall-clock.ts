const BEAT_MS = 10;
const LATE_MS = 25;

/**
 * Notices when the event loop stood still: a connection killed meanwhile has a goodbye waiting that nobody read yet,
 * so what was proven before a stall is in doubt. Beats every 10 ms while the pool is in use and stops by itself after.
 */
export class StallClock {
  readonly #restMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastBeat = 0;
  #lastUse = 0;
  #stalledAt = Number.NEGATIVE_INFINITY;

  /** `restMs`: how long after the last use it goes on beating. */
  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  /** Marks that a connection was proven at `now`. */
  use(now: number): void {
    this.#lastUse = now;
    if (this.#timer !== undefined) return;
    this.#lastBeat = now;
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    this.#timer.unref();
  }

  /** True when the loop has turned in time, and nothing else cast doubt, ever since `since`. */
  steadySince(since: number, now: number): boolean {
    return since > this.#stalledAt && this.#timer !== undefined && now - this.#lastBeat <= BEAT_MS + LATE_MS;
  }

  /** Puts in doubt whatever was proven before now. */
  doubt(): void {
    this.#stalledAt = performance.now();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat(): void {
    const now = performance.now();
    if (now - this.#lastBeat > BEAT_MS + LATE_MS) this.#stalledAt = now;
    this.#lastBeat = now;
    if (now - this.#lastUse > this.#restMs) this.stop();
  }
}
