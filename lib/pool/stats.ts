import { Histogram } from "./histogram.ts";
import type { Settings } from "./options.ts";

/** A snapshot of the pool. `total = idle + active + checking` always; `connecting` stands apart. */
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
  /** Attempts to connect under way. */
  readonly connecting: number;
  /** Callers in the queue. */
  readonly waiting: number;
  /** Connections opened so far. */
  readonly opened: number;
  /** Connections that ended other than by `close()`. */
  readonly lost: number;
  readonly connectFailed: number;
  /** Checkouts granted. */
  readonly acquires: number;
  readonly acquireTimeouts: number;
  /** Time from asking for a connection to having it, in milliseconds, within 9 %. */
  readonly acquireMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly pings: number;
  readonly pingFailed: number;
  /** Checkouts that needed no ping. */
  readonly bypassed: number;
  /** Leases given another connection because the first died before it did anything for them. */
  readonly moved: number;
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
  moved = 0;
  retries = 0;
  leaks = 0;
  readonly acquireMs = new Histogram();
}
