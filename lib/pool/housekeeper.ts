import type { Checkout } from "./checkout.ts";

const LONGEST_TICK_MS = 1000;
const SHORTEST_TICK_MS = 20;

/** Looks after the pool once a second (more often where a setting asks for it): keepalive, leaks, long waits, refill. */
export class Housekeeper {
  readonly #checkout: Checkout;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(checkout: Checkout) {
    this.#checkout = checkout;
    const { keepaliveMs, leakMs } = checkout.settings;
    const tick = Math.min(LONGEST_TICK_MS, keepaliveMs || LONGEST_TICK_MS, leakMs || LONGEST_TICK_MS);
    this.#timer = setInterval(() => this.#tick(), Math.max(SHORTEST_TICK_MS, tick));
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#reportLeaks(now);
    this.#reportWaiting(now);
    if (this.#checkout.settings.keepaliveMs > 0) this.#checkout.keepAlive(now);
    this.#checkout.dispatch();
  }

  #reportLeaks(now: number): void {
    const { leases, settings, counters, emit } = this.#checkout;
    if (settings.leakMs === 0) return;
    for (const lease of leases.values()) {
      const ms = now - lease.since;
      if (ms < settings.leakMs || lease.reported) continue;
      lease.reported = true;
      counters.leaks++;
      emit({ type: "leak", pid: lease.pid, ms, stack: lease.terms.stack ?? "" });
    }
  }

  /** Callers that have waited for a whole tick are worth a line: the pool is too small, or the server is away. */
  #reportWaiting(now: number): void {
    const { waiters, refill, emit } = this.#checkout;
    const first = waiters.first;
    if (first === undefined || now - first.since < LONGEST_TICK_MS / 2) return;
    emit({ type: "waiting", waiting: waiters.length, ms: now - first.since, error: refill.lastError });
  }
}
