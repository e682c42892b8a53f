import type { PassedOver } from "../files/passed-over.ts";

/** What one phase did, counted while it works; the report prints it and `--json` hands it out. `Count` names its further counts. */
export interface Tally<Count extends string = string> {
  readonly phase: "import" | "analysis" | "split";
  /** Things to do that are known: files seen so far, or contents done and pending. */
  total: number;
  done: number;
  /** Not counted as done. */
  failed: number;
  readonly counts: Record<Count, number>;
  /** What an import passed over because it is neither a MIDI file nor an archive. */
  readonly passedOver?: PassedOver;
  startedMs: number;
  endedMs: number | null;
  /** Why the phase could not go on. */
  error: Error | null;
}

export function createTally<Count extends string>(phase: Tally["phase"], names: readonly Count[]): Tally<Count> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Count, number>;
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
