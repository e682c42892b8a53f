import type { Slot } from "./connection/slot.ts";
import { isCrash, type PoolError } from "./errors.ts";
import type { PoolEventHandler } from "./events.ts";
import { Lease, type LeaseOwner } from "./lease.ts";
import type { ResolvedOptions, Settings } from "./options.ts";
import { isFatal, Refill, type RefillOwner } from "./refill.ts";
import { acquireTimeout } from "./report.ts";
import { StallClock } from "./stall-clock.ts";
import { Counters, type PoolStats } from "./stats.ts";
import { aborted, WaitQueue } from "./wait-queue.ts";

/** How long the pool holds back after a crash, in milliseconds. */
const REST_MS = 25;

/** How one checkout may be bounded. */
export interface AcquireOptions {
  /** Instead of the pool's `acquireTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with `ACQUIRE_ABORTED`. Work already begun is not touched. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The connections and the callers: who holds which, who waits, in what order. Every open slot is in exactly one of
 * `idle`, `leases` and `checking`; callers are served first come, first served; the connection used last goes out first.
 */
export class Checkout implements RefillOwner, LeaseOwner {
  readonly settings: Settings;
  readonly counters = new Counters();
  readonly refill: Refill;
  readonly idle: Slot[] = [];
  readonly leases = new Map<Slot, Lease>();
  readonly waiters = new WaitQueue();
  readonly emit: PoolEventHandler;
  readonly #checking = new Set<Slot>();
  readonly #clock: StallClock;
  /** Slots pinged on suspicion: not counted on to serve anybody. */
  #suspects = 0;
  readonly #unreplaced: { pid: number; at: number }[] = [];
  #restUntil = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #closed: PoolError | undefined;

  constructor(options: ResolvedOptions) {
    this.settings = options.settings;
    this.emit = options.onEvent;
    this.#clock = new StallClock(Math.min(options.settings.bypassMs, 60_000));
    this.refill = new Refill(this, options.target, options.session, options.settings.connectTimeoutMs);
  }

  get total(): number {
    return this.idle.length + this.leases.size + this.#checking.size;
  }

  /**
   * A lease: at once when a proven connection is idle and nobody waits, else when it is this caller's turn. A movable one
   * may change its connection as long as that did nothing for it.
   */
  lease(options: AcquireOptions, movable: boolean): Lease | Promise<Lease> {
    return this.#take(options, movable) ?? this.#wait(options, movable);
  }

  #take(options: AcquireOptions, movable: boolean): Lease | undefined {
    if (this.waiters.length > 0 || this.#closed !== undefined || options.signal?.aborted) return undefined;
    const now = performance.now();
    const slot = this.idle.at(-1);
    if (slot === undefined || now < this.#restUntil || !this.#fresh(slot, now)) return undefined;
    this.idle.pop();
    this.counters.bypassed++;
    return this.#lease(slot, now, now, movable, this.#stack());
  }

  #wait({ timeoutMs = this.settings.acquireTimeoutMs, signal }: AcquireOptions, movable: boolean): Promise<Lease> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed);
      if (signal?.aborted) return reject(aborted(signal));
      const [since, stack] = [performance.now(), this.#stack()];
      const grant = (slot: Slot, now: number): void => resolve(this.#lease(slot, since, now, movable, stack));
      this.waiters.enter({ timeoutMs, signal, grant, refuse: reject, timedOut: () => this.#timedOut(timeoutMs) });
      this.dispatch();
    });
  }

  rehouse(lease: Lease): void {
    if (this.#closed !== undefined) {
      lease.lose(this.#closed);
      return;
    }
    this.counters.moved++;
    const timeoutMs = Math.max(0, lease.since + this.settings.acquireTimeoutMs - performance.now());
    const grant = (slot: Slot): void => {
      if (lease.released) return void this.#place(slot);
      this.leases.set(slot, lease);
      lease.settle(slot);
    };
    const refuse = (error: unknown): void => void lease.lose(error);
    this.waiters.enter({ timeoutMs, first: true, grant, refuse, timedOut: () => this.#timedOut(timeoutMs) });
  }

  /** Pairs waiting callers with idle connections, and has more opened where those do not suffice. */
  dispatch(): void {
    while (this.waiters.length > 0 && this.idle.length > 0) {
      const now = performance.now();
      if (now < this.#restUntil) break;
      if (this.#fresh(this.idle.at(-1)!, now)) {
        this.counters.bypassed++;
        this.waiters.shift()!.grant(this.idle.pop()!, now);
      } else if (this.#counted < this.waiters.length) this.#check(this.idle.pop()!);
      else break;
    }
    this.refill.update();
  }

  /** Pings an idle slot (already out of `idle`), then hands it on; a dead one drops out by itself. */
  async #check(slot: Slot, suspect = false): Promise<void> {
    this.#checking.add(slot);
    if (suspect) this.#suspects++;
    this.counters.pings++;
    try {
      await slot.ping(this.settings.pingTimeoutMs);
    } catch {
      this.counters.pingFailed++;
    }
    if (suspect) this.#suspects--;
    if (this.#checking.delete(slot) && !slot.dead) this.#place(slot);
    else this.dispatch();
  }

  /** Pings idle slots that have not answered for `keepaliveMs`. */
  keepAlive(now: number): void {
    const due = this.idle.filter((slot) => now - slot.provenAt > this.settings.keepaliveMs);
    for (const slot of due) {
      this.idle.splice(this.idle.indexOf(slot), 1);
      this.#check(slot);
    }
  }

  wanted(): number {
    const { min, max } = this.settings;
    const { total } = this;
    return Math.max(0, Math.min(max - total, Math.max(min - total, this.waiters.length - this.#counted)));
  }

  starving(): boolean {
    return this.waiters.length > 0 && this.total === 0;
  }

  opened(slot: Slot, ms: number): void {
    if (this.#closed !== undefined) {
      slot.end(this.#closed);
      return;
    }
    slot.onDeath = (dead, reason) => this.#lost(dead, reason);
    this.counters.opened++;
    this.emit({ type: "opened", pid: slot.pid, ms });
    const lost = this.#unreplaced.shift();
    if (lost !== undefined)
      this.emit({ type: "replaced", pid: slot.pid, lostPid: lost.pid, ms: performance.now() - lost.at });
    this.#place(slot);
  }

  failed(error: unknown): void {
    this.counters.connectFailed++;
    if (this.total > 0 || !isFatal(error)) return;
    this.#refuseAll(error);
  }

  /** Refuses callers from now on; those waiting hear it at once, connections nobody holds end. */
  shut(reason: PoolError): Slot[] {
    this.#closed = reason;
    this.#clock.stop();
    clearTimeout(this.#restTimer);
    this.refill.stop(reason);
    this.#refuseAll(reason);
    const free = [...this.idle.splice(0), ...this.#checking];
    this.#checking.clear();
    for (const slot of free) slot.end(reason);
    return free;
  }

  stats(): PoolStats {
    const { settings, counters } = this;
    const { acquireMs, ...counts } = counters;
    return {
      min: settings.min,
      max: settings.max,
      total: this.total,
      idle: this.idle.length,
      active: this.leases.size,
      checking: this.#checking.size,
      connecting: this.refill.connecting,
      waiting: this.waiters.length,
      ...counts,
      acquireMs: acquireMs.summary(),
      settings,
    };
  }

  /** Checks under way that a waiter may count on. */
  get #counted(): number {
    return this.#checking.size - this.#suspects;
  }

  #fresh(slot: Slot, now: number): boolean {
    const { bypassMs } = this.settings;
    if (bypassMs === Number.POSITIVE_INFINITY) return true;
    return now - slot.provenAt < bypassMs && this.#clock.steadySince(slot.provenAt, now);
  }

  /** Hands a proven slot to whoever waits longest, else keeps it. */
  #place(slot: Slot): void {
    this.#clock.use(slot.provenAt);
    const now = performance.now();
    const waiter = now < this.#restUntil ? undefined : this.waiters.shift();
    if (waiter === undefined) this.idle.push(slot);
    else waiter.grant(slot, now);
  }

  #lease(slot: Slot, since: number, now: number, movable: boolean, stack: string | undefined): Lease {
    const lease = new Lease(this, slot, now, movable, stack);
    this.leases.set(slot, lease);
    this.counters.acquires++;
    this.counters.acquireMs.record(now - since);
    return lease;
  }

  giveBack(slot: Slot): void {
    if (!slot.clean) {
      slot.die(new Error("Released in the middle of a query or a transaction"));
      return;
    }
    this.leases.delete(slot);
    slot.provenAt = performance.now();
    if (this.#closed !== undefined) slot.end(this.#closed);
    else if (this.settings.bypassMs === 0 && this.waiters.length > 0) this.#check(slot);
    else this.#place(slot);
  }

  #lost(slot: Slot, reason: unknown): unknown {
    const lease = this.leases.get(slot);
    this.leases.delete(slot);
    this.#checking.delete(slot);
    const index = this.idle.indexOf(slot);
    if (index >= 0) this.idle.splice(index, 1);
    const error = lease === undefined ? reason : lease.bereave(reason);
    this.#clock.doubt(); // where one died the others may be dying
    if (isCrash(reason)) this.#rest();
    this.#reportLoss(slot, reason, lease !== undefined);
    if ((reason as { code?: string }).code === "PING_TIMEOUT") this.#suspectAll();
    if (this.#closed === undefined) this.dispatch();
    return error;
  }

  /** After a crash nothing is handed out for a moment, and then only what answers a ping: the server is taking all down, one by one. */
  #rest(): void {
    this.#restUntil = performance.now() + REST_MS;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      this.#restUntil = 0;
      this.#clock.doubt();
      this.dispatch();
    }, REST_MS);
  }

  #reportLoss(slot: Slot, reason: unknown, leased: boolean): void {
    this.counters.lost++;
    if (this.#unreplaced.length < this.settings.max) this.#unreplaced.push({ pid: slot.pid, at: performance.now() });
    const text = reason instanceof Error ? reason.message : String(reason);
    this.emit({ type: "lost", pid: slot.pid, reason: text, error: reason, leased });
  }

  /** One connection went silent: the network may have swallowed all, so the idle ones are pinged side by side. */
  #suspectAll(): void {
    for (const slot of this.idle.splice(0)) this.#check(slot, true);
  }

  #refuseAll(error: unknown): void {
    for (let waiter = this.waiters.shift(); waiter !== undefined; waiter = this.waiters.shift()) waiter.refuse(error);
  }

  #timedOut(timeoutMs: number): PoolError {
    this.counters.acquireTimeouts++;
    return acquireTimeout(this.stats(), timeoutMs, this.refill.lastError);
  }

  #stack(): string | undefined {
    return this.settings.leakMs > 0 ? (new Error("Taken here").stack ?? "") : undefined;
  }
}
