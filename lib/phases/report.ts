import type { PassedOverKind } from "../files/passed-over.ts";
import type { PoolStats } from "../pool.ts";
import type { Session } from "./session.ts";
import { seconds, type Tally, workedOn } from "./tally.ts";

/** What a run did, for people and for programs (`--json`). Durations in seconds. */
export interface Report {
  readonly command: string;
  readonly database: string;
  readonly seconds: number;
  /** True when the run was stopped before all was done. */
  readonly stopped: boolean;
  readonly phases: readonly PhaseReport[];
  readonly pool: PoolStats;
  readonly threads: {
    readonly count: number;
    /** Share of the threads' time at work, 0 to 1. */
    readonly busy: number;
    /** Threads replaced because a file hung or crashed them. */
    readonly restarts: number;
  };
}

export interface PhaseReport {
  readonly phase: Tally["phase"];
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  readonly error: string | null;
  /** Further counts of the phase, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What an import passed over, the most frequent kinds first; absent in other phases. */
  readonly passedOver?: readonly PassedOverKind[];
}

export function makeReport(session: Session, command: string, tallies: readonly Tally[], startedMs: number): Report {
  const crew = session.crew.stats();
  const wallMs = performance.now() - startedMs;
  return {
    command,
    database: session.database.where,
    seconds: rounded(wallMs / 1000),
    stopped: session.stop.aborted,
    phases: tallies.map(phaseReport),
    pool: session.pool.stats(),
    threads: {
      count: crew.threads,
      busy: rounded(Math.min(1, crew.busyMs / (wallMs * crew.threads))),
      restarts: crew.restarts,
    },
  };
}

function phaseReport(tally: Tally): PhaseReport {
  const { phase, done, failed, error, counts, passedOver } = tally;
  const took = seconds(tally);
  return {
    phase,
    done,
    failed,
    seconds: rounded(took),
    filesPerSecond: took > 0 ? rounded(workedOn(tally) / took) : 0,
    error: error?.message ?? null,
    counts,
    ...(passedOver && { passedOver: passedOver.kinds() }),
  };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
