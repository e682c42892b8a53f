/** What one phase did, counted while it works; the report prints it and `--json` hands it out. */
export interface Tally {
  readonly phase: "import" | "analysis" | "split";
  /** Things to do that are known: files seen so far, or contents done and pending. */
  total: number;
  done: number;
  /** Not counted as done. */
  failed: number;
  /** Further counts of the phase, by name. */
  readonly counts: Record<string, number>;
  startedMs: number;
  endedMs: number | null;
  /** Why the phase could not go on. */
  error: Error | null;
}

export function createTally(phase: Tally["phase"], counts: Record<string, number> = {}): Tally {
  return { phase, total: 0, done: 0, failed: 0, counts, startedMs: performance.now(), endedMs: null, error: null };
}

/** Seconds a phase has worked so far, or worked in all. */
export function seconds(tally: Tally): number {
  return ((tally.endedMs ?? performance.now()) - tally.startedMs) / 1000;
}

/** Things that need no more work. */
export function workedOn(tally: Tally): number {
  return tally.done + tally.failed + (tally.counts.unchanged ?? 0);
}
