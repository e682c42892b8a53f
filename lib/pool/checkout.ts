import { TypeTable } from "./connection/arrays.ts";
import type { Connection } from "./connection/connection.ts";
import { errorCode, errorText } from "./connection/network-error.ts";
import { isCrash, type PoolError } from "./errors.ts";
import type { PoolEventHandler } from "./events.ts";
import { Lease, type LeaseOwner, type LeaseTerms } from "./lease.ts";
import type { ResolvedOptions, Settings } from "./options.ts";
import { isFatal, Refill, type RefillOwner } from "./refill.ts";
import { acquireTimeout } from "./report.ts";
import { StallClock } from "./stall-clock.ts";
import { Counters, type PoolStats } from "./stats.ts";
import { aborted, WaitQueue } from "./wait-queue.ts";

/** How long the pool holds back after a crash, in milliseconds. */
const PAUSE_MS = 25;
/** Attempts at once to come back to `min` while nobody waits: opening costs the server more than a query. */
const BACKGROUND = 2;
/** How long after a pause the next may follow, in milliseconds: a network that resets connections one by one is no crash. */
const BETWEEN_PAUSES_MS = 1_000;
/** How long after all sessions were replaced because one was read-only they may be again, in milliseconds. */
const BETWEEN_READ_ONLY_MS = 1_000;

/**
 * The connections and the callers: who holds which, who waits, in what order. Every open connection is in exactly one of
 * `idle`, `leases` and `checking`; callers are served first come, first served; the connection used last goes out first.
 * What winds up (`closing`) serves nobody any more, but the server is still at work on it, so it counts against `max`.
 */
export class Checkout implements RefillOwner, LeaseOwner {
  readonly settings: Settings;
  readonly counters = new Counters();
  readonly types = new TypeTable();
  readonly refill: Refill;
  readonly idle: Connection[] = [];
  readonly leases = new Map<Connection, Lease>();
  readonly waiters = new WaitQueue();
  readonly emit: PoolEventHandler;
  readonly #checking = new Set<Connection>();
  readonly #closing = new Set<Connection>();
  readonly #clock: StallClock;
  /** Connections pinged on suspicion: not counted on to serve anybody. */
  #suspects = 0;
  readonly #unreplaced: { pid: number; at: number }[] = [];
  #pauseUntil = 0;
  #pauseTimer: ReturnType<typeof setTimeout> | undefined;
  /** Connections of an older generation are not used again. */
  #generation = 0;
  #readOnlyAt = Number.NEGATIVE_INFINITY;
  #closed: PoolError | undefined;

  constructor(options: ResolvedOptions) {
    this.settings = options.settings;
    this.emit = options.onEvent;
    this.#clock = new StallClock(Math.min(options.settings.bypassMs, 60_000));
    this.refill = new Refill(this, options);
  }

  get silenceMs(): number {
    return this.settings.pingTimeoutMs;
  }

  get total(): number {
    return this.idle.length + this.leases.size + this.#checking.size;
  }

  /** A lease: at once when a proven connection is idle and nobody waits, else when it is this caller's turn. */
  lease(terms: LeaseTerms): Lease | Promise<Lease> {
    return this.#leaseNow(terms) ?? this.#wait(terms);
  }

  #leaseNow(terms: LeaseTerms): Lease | undefined {
    if (this.waiters.length > 0 || this.#closed !== undefined || terms.signal?.aborted) return undefined;
    const now = performance.now();
    const connection = this.idle.at(-1);
    if (connection === undefined || now < this.#pauseUntil || !this.#fresh(connection, now)) return undefined;
    this.idle.pop();
    this.counters.bypassed++;
    return this.#lease(connection, now, now, terms);
  }

  #wait(terms: LeaseTerms): Promise<Lease> {
    const { timeoutMs, signal } = terms;
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed);
      if (signal?.aborted) return reject(aborted(signal));
      const since = performance.now();
      const grant = (connection: Connection, now: number): void => resolve(this.#lease(connection, since, now, terms));
      this.waiters.enter({ timeoutMs, signal, grant, refuse: reject, timedOut: () => this.#timedOut(timeoutMs) });
      this.dispatch();
    });
  }

  exchange(lease: Lease): void {
    if (this.#closed !== undefined) {
      lease.lose(this.#closed);
      return;
    }
    this.counters.exchanged++;
    const { timeoutMs } = lease.terms;
    const leftMs = Math.max(0, lease.exchangeUntil - performance.now());
    const grant = (connection: Connection): void => {
      if (lease.released || lease.lost) this.#place(connection);
      else {
        this.leases.set(connection, lease);
        lease.resume(connection);
      }
    };
    const refuse = (error: unknown): void => void lease.lose(error);
    const timedOut = (): PoolError => this.#timedOut(timeoutMs);
    this.waiters.enter({ timeoutMs: leftMs, first: true, grant, refuse, timedOut });
  }

  /** Pairs waiting callers with idle connections, and has more opened where those do not suffice. */
  dispatch(): void {
    while (this.waiters.length > 0 && this.idle.length > 0) {
      const now = performance.now();
      if (now < this.#pauseUntil) break;
      if (this.#fresh(this.idle.at(-1)!, now)) {
        this.counters.bypassed++;
        this.waiters.shift()!.grant(this.idle.pop()!, now);
      } else if (this.#counted < this.waiters.length) this.#check(this.idle.pop()!);
      else break;
    }
    this.refill.update();
  }

  /** Pings an idle connection (already out of `idle`), then hands it on; a dead one drops out by itself. */
  async #check(connection: Connection, suspect = false): Promise<void> {
    this.#checking.add(connection);
    if (suspect) this.#suspects++;
    this.counters.pings++;
    try {
      await connection.ping(this.settings.pingTimeoutMs);
    } catch {
      this.counters.pingFailed++;
    }
    if (suspect) this.#suspects--;
    this.#checked(connection);
  }

  /** Waits for a connection that was given back while its last query still had its end to say. */
  async #settle(connection: Connection): Promise<void> {
    this.#checking.add(connection);
    await connection.rest(this.settings.pingTimeoutMs);
    if (!connection.dead && !connection.clean) connection.retire(new Error(RELEASED_BUSY));
    this.#checked(connection);
  }

  #checked(connection: Connection): void {
    if (this.#checking.delete(connection) && !connection.dead) this.#place(connection);
    else this.dispatch();
  }

  /** Pings idle connections that have not answered for `keepaliveMs`. */
  keepAlive(now: number): void {
    const due = this.idle.filter((connection) => now - connection.provenAt > this.settings.keepaliveMs);
    for (const connection of due) {
      this.idle.splice(this.idle.indexOf(connection), 1);
      this.#check(connection);
    }
  }

  wanted(): number {
    const { min, max } = this.settings;
    const { total } = this;
    const room = max - total - this.#closing.size;
    const spare = Math.min(BACKGROUND, min - total);
    return Math.max(0, Math.min(room, Math.max(spare, this.waiters.length - this.#counted)));
  }

  starving(): boolean {
    return this.waiters.length > 0 && this.total === 0;
  }

  opened(connection: Connection, ms: number): void {
    if (this.#closed !== undefined) {
      connection.retire(this.#closed);
      return;
    }
    connection.onDeath = (dead, reason) => this.#lost(dead, reason);
    connection.generation = this.#generation;
    this.counters.opened++;
    this.counters.creationMs.record(ms);
    this.emit({ type: "opened", pid: connection.pid, ms });
    const lost = this.#unreplaced.shift();
    if (lost !== undefined)
      this.emit({ type: "replaced", pid: connection.pid, lostPid: lost.pid, ms: performance.now() - lost.at });
    this.#place(connection);
  }

  failed(error: unknown): void {
    this.counters.connectFailed++;
    if (this.total > 0 || !isFatal(error)) return;
    this.#refuseAll(error);
  }

  /** Has every connection there is replaced: idle ones now, held ones when they are given back. */
  evict(reason: string): void {
    this.#generation++;
    this.types.learned = false;
    for (const connection of [...this.idle]) connection.retire(new Error(reason));
  }

  foundReadOnly(): void {
    const now = performance.now();
    if (now - this.#readOnlyAt < BETWEEN_READ_ONLY_MS) return;
    this.#readOnlyAt = now;
    this.evict("Replaced: the server has become read-only");
  }

  /** Refuses callers from now on; those waiting hear it at once, connections nobody holds end. Returns all that is still open. */
  shut(reason: PoolError): Connection[] {
    this.#closed = reason;
    this.#clock.stop();
    clearTimeout(this.#pauseTimer);
    this.refill.stop(reason);
    this.#refuseAll(reason);
    const free = [...this.idle.splice(0), ...this.#checking];
    this.#checking.clear();
    for (const connection of free) connection.retire(reason);
    return [...free, ...this.leases.keys(), ...this.#closing];
  }

  stats(): PoolStats {
    const { settings, counters } = this;
    const { acquireMs, usageMs, creationMs, ...counts } = counters;
    return {
      min: settings.min,
      max: settings.max,
      total: this.total,
      idle: this.idle.length,
      active: this.leases.size,
      checking: this.#checking.size,
      closing: this.#closing.size,
      connecting: this.refill.connecting,
      waiting: this.waiters.length,
      ...counts,
      acquireMs: acquireMs.summary(),
      usageMs: usageMs.summary(),
      creationMs: creationMs.summary(),
      settings,
    };
  }

  /** Checks under way that a waiter may count on. */
  get #counted(): number {
    return this.#checking.size - this.#suspects;
  }

  #fresh(connection: Connection, now: number): boolean {
    const { bypassMs } = this.settings;
    if (bypassMs === Number.POSITIVE_INFINITY) return true;
    return now - connection.provenAt < bypassMs && this.#clock.steadySince(connection.provenAt, now);
  }

  /** Hands a proven connection to whoever waits longest, else keeps it. */
  #place(connection: Connection): void {
    if (connection.generation !== this.#generation) {
      connection.retire(new Error("Replaced: evicted"));
      return;
    }
    this.#clock.use(connection.provenAt);
    const now = performance.now();
    const waiter = now < this.#pauseUntil ? undefined : this.waiters.shift();
    if (waiter === undefined) this.idle.push(connection);
    else waiter.grant(connection, now);
  }

  #lease(connection: Connection, since: number, now: number, terms: LeaseTerms): Lease {
    const lease = new Lease(this, connection, now, terms);
    this.leases.set(connection, lease);
    const { counters } = this;
    counters.acquires++;
    counters.acquireMs.record(now - since);
    counters.mostActive = Math.max(counters.mostActive, this.leases.size);
    return lease;
  }

  giveBack(connection: Connection): void {
    const lease = this.leases.get(connection);
    if (!connection.clean && !connection.settling) {
      connection.retire(new Error(RELEASED_BUSY));
      return;
    }
    this.leases.delete(connection);
    const now = performance.now();
    if (lease !== undefined) this.counters.usageMs.record(now - lease.since);
    if (!connection.clean) void this.#settle(connection);
    else {
      connection.provenAt = now;
      if (this.#closed !== undefined) connection.retire(this.#closed);
      else if (this.settings.bypassMs === 0 && this.waiters.length > 0) void this.#check(connection);
      else this.#place(connection);
    }
  }

  #lost(connection: Connection, reason: unknown): unknown {
    const lease = this.leases.get(connection);
    this.leases.delete(connection);
    this.#checking.delete(connection);
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
    const error = lease === undefined ? reason : lease.connectionDied(connection, reason);
    if (connection.retiring) this.#close(connection);
    else this.#doubt(reason);
    if (this.#closed === undefined || !connection.retiring) this.#reportLoss(connection, reason, lease !== undefined);
    if (this.#closed === undefined) this.dispatch();
    return error;
  }

  #close(connection: Connection): void {
    this.#closing.add(connection);
    void connection.closed.then(() => {
      this.#closing.delete(connection);
      if (this.#closed === undefined) this.dispatch();
    });
  }

  /** Where one connection died the others may be dying. */
  #doubt(reason: unknown): void {
    this.#clock.doubt();
    if (isCrash(reason)) this.#pause();
    if (["PING_TIMEOUT", "QUERY_TIMEOUT"].includes(errorCode(reason) ?? "")) this.#suspectAll();
  }

  /** After a crash nothing is handed out for a moment, and then only what answers a ping: the server is taking all down, one by one. */
  #pause(): void {
    const now = performance.now();
    if (now < this.#pauseUntil + BETWEEN_PAUSES_MS) return;
    this.#pauseUntil = now + PAUSE_MS;
    this.#pauseTimer = setTimeout(() => {
      this.#clock.doubt();
      this.dispatch();
    }, PAUSE_MS);
  }

  #reportLoss(connection: Connection, reason: unknown, leased: boolean): void {
    this.counters.lost++;
    if (this.total < this.settings.min) this.#unreplaced.push({ pid: connection.pid, at: performance.now() });
    this.emit({ type: "lost", pid: connection.pid, reason: errorText(reason), error: reason, leased });
  }

  /** One connection went silent: the network may have swallowed all, so the idle ones are pinged side by side. */
  #suspectAll(): void {
    for (const connection of this.idle.splice(0)) this.#check(connection, true);
  }

  #refuseAll(error: unknown): void {
    for (let waiter = this.waiters.shift(); waiter !== undefined; waiter = this.waiters.shift()) waiter.refuse(error);
  }

  #timedOut(timeoutMs: number): PoolError {
    this.counters.acquireTimeouts++;
    return acquireTimeout(this.stats(), timeoutMs, this.refill.lastError);
  }
}

const RELEASED_BUSY = "Released in the middle of a query or a transaction";
