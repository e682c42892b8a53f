import type { Session } from "./connection/driver.ts";
import { errorCode, errorText, networkError } from "./connection/network-error.ts";
import { Slot } from "./connection/slot.ts";
import { type Target, targetName } from "./target/target.ts";

const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 160;
const LONGEST_FATAL_DELAY_MS = 30_000;

/** What the refill needs to know of its pool, and tells it. */
export interface RefillOwner {
  /** How many attempts should be under way now. */
  wanted(): number;
  /** True when callers wait and no connection is open to serve them. */
  starving(): boolean;
  opened(slot: Slot, ms: number): void;
  failed(error: unknown): void;
}

/**
 * Opens connections as the pool needs them. While the server answers, side by side; after a failure one probe at a time,
 * 10 ms doubling to 160 ms with jitter, so that a server coming back is found well within 250 ms and not trampled.
 */
export class Refill {
  /** The last failure to connect, until one succeeds. */
  lastError: unknown;
  readonly #owner: RefillOwner;
  readonly #target: Target;
  readonly #timeoutMs: number;
  #session: Session;
  readonly #attempts = new Set<AbortController>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #held = true;
  #stopped = false;

  constructor(owner: RefillOwner, target: Target, session: Session, timeoutMs: number) {
    this.#owner = owner;
    this.#target = target;
    this.#session = session;
    this.#timeoutMs = timeoutMs;
  }

  get connecting(): number {
    return this.#attempts.size;
  }

  /** Begins to follow what the pool wants; until then only {@link open} connects. */
  start(): void {
    this.#held = false;
    this.update();
  }

  /** Stops for good; attempts under way end with `reason`. */
  stop(reason: unknown): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const attempt of this.#attempts) attempt.abort(reason);
  }

  /** Starts the attempts that are wanted now and allowed. */
  update(): void {
    if (this.#held || this.#stopped) return;
    let wanted = this.#owner.wanted();
    if (this.#failures > 0) {
      if (this.#timer !== undefined && !(isFatal(this.lastError) && this.#owner.starving())) return;
      wanted = Math.min(wanted, 1);
    }
    while (this.connecting < wanted) this.open().catch(() => {});
  }

  /** One attempt; its outcome is told to the owner and returned. */
  async open(): Promise<void> {
    const began = performance.now();
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const slot = await this.#connect(attempt);
      if (slot.dead) throw slot.failure;
      this.#attempts.delete(attempt);
      this.#succeed(slot, performance.now() - began);
    } catch (error) {
      this.#attempts.delete(attempt);
      this.#fail(error);
      throw error;
    }
  }

  async #connect(attempt: AbortController): Promise<Slot> {
    const text = `No connection to ${targetName(this.#target)} within ${this.#timeoutMs} ms`;
    const timer = setTimeout(() => attempt.abort(networkError("CONNECT_TIMEOUT", text)), this.#timeoutMs);
    try {
      return await Slot.open(this.#target, this.#session, attempt.signal);
    } catch (error) {
      if (!refusesCheckInterval(error) || !("client_connection_check_interval" in this.#session)) throw error;
      const { client_connection_check_interval: _, ...session } = this.#session;
      this.#session = session;
      return await Slot.open(this.#target, session, attempt.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #succeed(slot: Slot, ms: number): void {
    this.#failures = 0;
    this.lastError = undefined;
    this.#owner.opened(slot, ms);
    this.update();
  }

  #fail(error: unknown): void {
    this.#failures++;
    this.lastError = error;
    if (this.#stopped) return;
    this.#owner.failed(error);
    if (this.#timer !== undefined || this.connecting > 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.update();
    }, this.#delay());
    this.#timer.unref();
  }

  #delay(): number {
    const longest = isFatal(this.lastError) ? LONGEST_FATAL_DELAY_MS : LONGEST_DELAY_MS;
    const delay = Math.min(longest, FIRST_DELAY_MS * 2 ** Math.min(20, this.#failures - 1));
    return delay * (0.5 + 0.4 * Math.random());
  }
}

/** True for what waiting does not heal: wrong credentials, no such database or host, refused settings, TLS that does not hold. */
export function isFatal(error: unknown): boolean {
  const code = errorCode(error) ?? "";
  return /^(28|3D|42|22)...$/.test(code) || code === "ENOTFOUND" || code === "TLS_REFUSED" || code === "TLS_FAILED";
}

/** Poolers, servers before 14 and some systems do not take the one setting the pool adds by itself. */
function refusesCheckInterval(error: unknown): boolean {
  return errorText(error).includes("client_connection_check_interval");
}
