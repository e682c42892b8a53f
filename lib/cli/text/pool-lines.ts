import { type Pool, type PoolEvent, poolLine, startupLines } from "../../pool.ts";

/** Whoever works with a pool. */
interface PoolUser {
  readonly pool: Pool;
}

/** The three lines a run starts with: what it is connected to and by what settings. */
export function poolLines({ pool }: PoolUser): readonly string[] {
  return startupLines(pool.stats());
}

/** The pool at this moment: `Pool: 10 total, 2 idle, 8 active (workers busy)`. */
export function poolNow({ pool }: PoolUser, busy: boolean): string {
  return poolLine(pool.stats(), busy);
}

/** An event of the pool as a line of the log. */
export function eventLine(event: PoolEvent): string {
  switch (event.type) {
    case "opened":
      return `pool: connection ${event.pid} opened in ${Math.round(event.ms)} ms`;
    case "lost":
      return `pool: connection ${event.pid} lost${event.leased ? " in use" : ""}: ${event.reason}`;
    case "replaced":
      return `pool: connection ${event.lostPid} replaced by ${event.pid} after ${Math.round(event.ms)} ms`;
    case "prewarm-short":
      return `pool: ${event.got} of ${event.wanted} connections to begin with: ${said(event.error)}`;
    case "leak":
      return `pool: connection ${event.pid} in use for ${Math.round(event.ms)} ms, taken ${event.stack}`;
    case "passed-over":
      return `pool: passed over, as they change nothing here: ${event.words.join(", ")}`;
    case "waiting":
      return `pool: ${event.waiting} waiting for a connection for ${Math.round(event.ms)} ms: ${said(event.error)}`;
  }
}

const said = (error: unknown) => (error instanceof Error ? error.message : "all are in use");
