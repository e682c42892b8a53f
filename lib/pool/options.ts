import { LONGEST_TIMER_MS } from "./connection/answer-timer.ts";
import type { Session } from "./connection/driver.ts";
import { guardHandler, type PoolEventHandler } from "./events.ts";
import { resolveTarget, type Target, type TargetOptions } from "./target/target.ts";

/** What a pool can be told. Times in milliseconds. */
export interface PoolOptions extends TargetOptions {
  /** N: how many callers hold a connection at once in normal running. Each must hold one at a time. */
  readonly workers: number;
  /** Most connections at once. Default N + 2. */
  readonly max?: number | undefined;
  /** Connections kept open, whatever happens to them. Default N. */
  readonly min?: number | undefined;
  /** Hard limit of one checkout: queueing, ping and connecting together. Default 30,000. */
  readonly acquireTimeoutMs?: number | undefined;
  /** Limit of one query: then it is cancelled, and its connection dropped if not even that is answered. 0: none. Default 0. */
  readonly queryTimeoutMs?: number | undefined;
  /** Limit of one attempt to connect. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** A connection that does not answer a ping in this time is dropped. Default 2,000. */
  readonly pingTimeoutMs?: number | undefined;
  /** A connection that answered within this time is handed out without a ping; 0 pings at every checkout, Infinity never. Default 500. */
  readonly bypassMs?: number | undefined;
  /** Idle connections are pinged this often, so that none is found dead. Infinity: never. Default 30,000. */
  readonly keepaliveMs?: number | undefined;
  /** A lease held longer is reported once as `leak`, with the stack of its checkout. 0: not watched. Default 0. */
  readonly leakMs?: number | undefined;
  /** Run-time parameters for every connection, such as `{ statement_timeout: "60s" }`. */
  readonly session?: Session | undefined;
  /** The same, but left out where a pooler, an old server or the system does not take them. */
  readonly preferences?: Session | undefined;
  /** Called at every event worth a line of the log. */
  readonly onEvent?: PoolEventHandler | undefined;
}

/** The options as the pool runs by them. */
export interface Settings {
  readonly workers: number;
  readonly max: number;
  readonly min: number;
  readonly acquireTimeoutMs: number;
  readonly queryTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly pingTimeoutMs: number;
  readonly bypassMs: number;
  readonly keepaliveMs: number;
  readonly leakMs: number;
}

export interface ResolvedOptions {
  readonly settings: Settings;
  readonly target: Target;
  readonly session: Session;
  readonly preferences: Session;
  readonly onEvent: PoolEventHandler;
}

/** Fills in the defaults and refuses what cannot work. */
export function resolveOptions(options: PoolOptions): ResolvedOptions {
  const target = resolveTarget(options);
  const { workers } = options;
  whole("workers", workers, 1);
  const max = whole("max", options.max ?? workers + 2, 1);
  const min = whole("min", options.min ?? Math.min(workers, max), 0);
  if (min > max) throw new RangeError(`Cannot create pool: found min ${min} above max ${max}, expected min <= max`);
  const settings = {
    workers,
    max,
    min,
    acquireTimeoutMs: timer("acquireTimeoutMs", options.acquireTimeoutMs ?? 30_000),
    queryTimeoutMs: duration("queryTimeoutMs", options.queryTimeoutMs ?? 0),
    connectTimeoutMs: timer("connectTimeoutMs", options.connectTimeoutMs ?? target.connectTimeoutMs ?? 10_000),
    pingTimeoutMs: timer("pingTimeoutMs", options.pingTimeoutMs ?? 2_000),
    bypassMs: duration("bypassMs", options.bypassMs ?? 500),
    keepaliveMs: duration("keepaliveMs", options.keepaliveMs ?? 30_000),
    leakMs: duration("leakMs", options.leakMs ?? 0),
  };
  return {
    settings,
    target,
    session: { application_name: "midiworks", ...target.parameters, ...options.session },
    preferences: { ...PREFERENCES, ...options.preferences },
    onEvent: guardHandler(options.onEvent),
  };
}

/**
 * `client_connection_check_interval` lets the server notice within a second that a client died in the middle of a long
 * statement. Backslashes in the text of a statement mean themselves, as has been the default since PostgreSQL 9.1.
 */
const PREFERENCES: Session = { client_connection_check_interval: 1000, standard_conforming_strings: "on" };

function whole(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`Cannot create pool: found ${name} ${value}, expected a whole number of at least ${least}`);
}

/** A time that a timer is set to; Infinity is the longest it takes. */
function timer(name: string, value: number): number {
  return Math.min(duration(name, value), LONGEST_TIMER_MS);
}

function duration(name: string, value: number): number {
  if (value >= 0) return value;
  throw new RangeError(`Cannot create pool: found ${name} ${value}, expected milliseconds, 0 or more`);
}
