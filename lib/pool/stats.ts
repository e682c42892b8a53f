import { Histogram, type Summary } from "./histogram.ts";
import type { Settings } from "./options.ts";

/**
 * A snapshot of the pool. `total = idle + active + checking` always; `connecting` and `closing` stand apart.
 * HikariCP's three metrics are `waiting` (pending), `usageMs` (usage) and `creationMs` (creation).
 */
export interface PoolStats {
  readonly min: number;
  readonly max: number;
  /** Open connections. */
  readonly total: number;
  readonly idle: number;
  /** Leased connections. */
  readonly active: number;
  /** Connections being pinged before use or to keep them alive. */
  readonly checking: number;
  /** Connections that serve nobody any more but have not ended on the server yet; they count against `max`. */
  readonly closing: number;
  /** Attempts to connect under way. */
  readonly connecting: number;
  /** Callers in the queue. */
  readonly waiting: number;
  /** Connections opened so far. */
  readonly opened: number;
  /** Connections that ended other than by `close()`: died, were dropped or evicted. */
  readonly lost: number;
  readonly connectFailed: number;
  /** Checkouts granted. */
  readonly acquires: number;
  readonly acquireTimeouts: number;
  /** Most connections leased at one time. */
  readonly mostActive: number;
  /** Time from asking for a connection to having it. */
  readonly acquireMs: Summary;
  /** Time for which a connection was held. */
  readonly usageMs: Summary;
  /** Time it took to open a connection. */
  readonly creationMs: Summary;
  readonly pings: number;
  readonly pingFailed: number;
  /** Checkouts that needed no ping. */
  readonly bypassed: number;
  /** Leases given another connection because the first died before it did anything for them. */
  readonly exchanged: number;
  /** Work done again by `run` after its connection died. */
  readonly retries: number;
  /** Leases reported as held too long. */
  readonly leaks: number;
  /** What the pool was configured to do. */
  readonly settings: Settings;
}

/** What is only ever counted up. */
export class Counters {
  opened = 0;
  lost = 0;
  connectFailed = 0;
  acquires = 0;
  acquireTimeouts = 0;
  pings = 0;
  pingFailed = 0;
  bypassed = 0;
  exchanged = 0;
  mostActive = 0;
  retries = 0;
  leaks = 0;
  readonly acquireMs = new Histogram();
  readonly usageMs = new Histogram();
  readonly creationMs = new Histogram();
}
