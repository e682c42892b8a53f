import type { TypeTable } from "./connection/arrays.ts";
import type { Connection } from "./connection/connection.ts";
import { errorCode } from "./connection/network-error.ts";
import { Opener } from "./opener.ts";
import type { ResolvedOptions } from "./options.ts";

const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 160;
const LONGEST_FATAL_DELAY_MS = 30_000;
/** A probe that takes longer than this is joined by another, in milliseconds: it may hang where the next would not. */
const HEDGE_MS = 250;

/** What the refill needs to know of its pool, and tells it. */
export interface RefillOwner {
  readonly types: TypeTable;
  /** How many attempts should be under way now. */
  wanted(): number;
  /** True when callers wait and no connection is open to serve them. */
  starving(): boolean;
  opened(connection: Connection, ms: number): void;
  failed(error: unknown): void;
}

/**
 * Opens connections as the pool needs them. While the server answers, side by side; after a failure with pauses, 10 ms
 * doubling to 160 ms with jitter, and one probe at a time, so that a server coming back is found well within 250 ms and
 * not trampled. (Where attempts are cut off under way, many at once have the better chance: a single one may never get through.)
 */
export class Refill {
  /** The last failure to connect, until one succeeds. */
  lastError: unknown;
  readonly #owner: RefillOwner;
  readonly #opener: Opener;
  readonly #attempts = new Set<AbortController>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hedge: ReturnType<typeof setTimeout> | undefined;
  /** Attempts allowed at once. */
  #probes = Number.POSITIVE_INFINITY;
  #failures = 0;
  #held = true;
  #stopped = false;

  constructor(owner: RefillOwner, options: ResolvedOptions) {
    this.#owner = owner;
    this.#opener = new Opener(options, owner.types);
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
    clearTimeout(this.#hedge);
    for (const attempt of this.#attempts) attempt.abort(reason);
  }

  /** Starts the attempts that are wanted now and allowed. */
  update(): void {
    if (this.#held || this.#stopped) return;
    let wanted = this.#owner.wanted();
    if (this.#failures > 0) {
      if (this.#timer !== undefined && !(isFatal(this.lastError) && this.#owner.starving())) return;
      wanted = Math.min(wanted, this.#probes);
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
    this.#hedge ??= setTimeout(() => this.#joinProbe(), HEDGE_MS);
    this.#hedge.unref();
    try {
      const connection = await this.#opener.open(attempt.signal);
      if (connection.dead) throw connection.failure;
      this.#end(attempt);
      this.#succeed(connection, performance.now() - began);
    } catch (error) {
      this.#end(attempt);
      this.#fail(error);
      throw error;
    }
  }

  #end(attempt: AbortController): void {
    this.#attempts.delete(attempt);
    clearTimeout(this.#hedge);
    this.#hedge = undefined;
  }

  /** No attempt ended for a while: what is under way may hang, so one more is allowed. */
  #joinProbe(): void {
    this.#hedge = undefined;
    this.#probes = this.connecting + 1;
    this.update();
  }

  #succeed(connection: Connection, ms: number): void {
    this.#failures = 0;
    this.#probes = Number.POSITIVE_INFINITY;
    this.lastError = undefined;
    this.#owner.opened(connection, ms);
    this.update();
  }

  #fail(error: unknown): void {
    this.#failures++;
    this.lastError = error;
    this.#probes = isCutOff(error) ? Number.POSITIVE_INFINITY : 1;
    if (this.#stopped) return;
    this.#owner.failed(error);
    if (this.#timer !== undefined || this.connecting >= this.#probes) return;
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

/** True when somebody had answered before the attempt broke off. */
function isCutOff(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "CONNECTION_CLOSED"].includes(errorCode(error) ?? "");
}

/** True for what waiting does not heal: wrong credentials, no such database or host, refused settings, TLS that does not hold. */
export function isFatal(error: unknown): boolean {
  const code = errorCode(error) ?? "";
  return /^(28|3D|42|22)...$/.test(code) || ["ENOTFOUND", "TLS_REFUSED", "TLS_FAILED", "WRONG_TARGET"].includes(code);
}
