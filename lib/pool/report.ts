import { errorText } from "./connection/network-error.ts";
import { PoolError } from "./errors.ts";
import type { PoolStats } from "./stats.ts";

/** The three lines a user checks when a script starts; they say what is configured, not what is hoped. */
export function startupLines(stats: PoolStats): readonly [string, string, string] {
  return [
    "✅ Connected to database",
    `📊 Connection pool: ${sizeText(stats)}`,
    `⚡ Pool config: ${warmText(stats)}, ${testText(stats)}, indefinite reuse`,
  ];
}

/**
 * One line for a running pool: `Pool: 10 total, 2 idle, 8 active (workers busy)`. Workers may be busy with other things
 * than the database; who knows that says it with `busy`.
 */
export function poolLine(stats: PoolStats, busy = stats.active + stats.checking + stats.waiting > 0): string {
  const active = stats.active + stats.checking;
  return `Pool: ${stats.total} total, ${stats.idle} idle, ${active} active (${busy ? "workers busy" : "workers done"})`;
}

/** The error for a caller whose time ran out: the counts, and what to change. */
export function acquireTimeout(stats: PoolStats, timeoutMs: number, lastError: unknown): PoolError {
  const counts = `${stats.total} total, ${stats.active} active, ${stats.idle} idle, ${stats.checking} checking, ${stats.closing} closing, ${stats.connecting} connecting, ${stats.waiting} waiting`;
  const text = `Cannot acquire a connection: waited ${Math.round(timeoutMs)} ms with ${counts} (max ${stats.max}); ${advice(stats, lastError)}`;
  return new PoolError("ACQUIRE_TIMEOUT", text, lastError);
}

function advice(stats: PoolStats, lastError: unknown): string {
  if (lastError !== undefined && stats.total < stats.max) return `connecting fails: ${errorText(lastError)}`;
  if (stats.active >= stats.max)
    return "all are in use: raise max, or look for work that takes a second connection while it holds one";
  return "raise acquireTimeoutMs, or look at the server's load";
}

function sizeText({ settings: { workers, max } }: PoolStats): string {
  const workersText = count(workers, "worker");
  if (max < workers) return `${workersText} sharing ${count(max, "connection")}`;
  return `${workersText} × 1 connection (+ ${count(max - workers, "utility connection")})`;
}

function warmText({ settings: { min, workers } }: PoolStats): string {
  if (min === 0) return "opened on demand";
  return min >= workers ? "keep-warm" : `keep-warm (${min} of ${workers})`;
}

function testText({ settings: { bypassMs } }: PoolStats): string {
  return bypassMs === Number.POSITIVE_INFINITY ? "no test on checkout" : "test-on-checkout";
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
