import type { Division, Score } from "./score.ts";

/** The tempo map of a score: ticks to seconds and back, exact for SMPTE divisions. */
export interface TimeMap {
  /** Where each tempo begins; the first entry stands at tick 0. */
  readonly tick: Float64Array;
  readonly seconds: Float64Array;
  readonly secondsPerTick: Float64Array;
  /** Index of the last tempo at or before a tick. */
  segmentAt(tick: number): number;
  secondsAt(tick: number): number;
  tickAt(seconds: number): number;
}

/** SMF 1.0: 120 quarter notes a minute until a tempo event says otherwise. */
export const DEFAULT_MICROSECONDS_PER_QUARTER = 500_000;

/** The merged tempo map of all tracks, or of one track (the sequences of a format 2 file keep their own time). */
export function timeMap(score: Score, track?: number): TimeMap {
  if (score.division.kind === "smpte") return fromSegments([0], [0], [smpteSecondsPerTick(score.division)]);
  const perQuarter = score.division.ticksPerQuarter;
  const tick = [0];
  const seconds = [0];
  const rate = [DEFAULT_MICROSECONDS_PER_QUARTER / 1e6 / perQuarter];
  const { tempos } = score;
  for (let i = 0; i < tempos.count; i++) {
    if (track !== undefined && tempos.track[i] !== track) continue;
    const at = tempos.tick[i]!;
    const last = tick.length - 1;
    const next = tempos.microsecondsPerQuarter[i]! / 1e6 / perQuarter;
    if (at === tick[last]) rate[last] = next;
    else {
      seconds.push(seconds[last]! + (at - tick[last]!) * rate[last]!);
      tick.push(at);
      rate.push(next);
    }
  }
  return fromSegments(tick, seconds, rate);
}

function smpteSecondsPerTick(division: Extract<Division, { kind: "smpte" }>): number {
  const frames = division.framesPerSecond === 29 ? 30_000 / 1001 : division.framesPerSecond;
  return 1 / (frames * division.ticksPerFrame);
}

function fromSegments(ticks: number[], starts: number[], rates: number[]): TimeMap {
  const tick = new Float64Array(ticks);
  const seconds = new Float64Array(starts);
  const secondsPerTick = new Float64Array(rates);
  const segment = (column: Float64Array, value: number) => {
    let low = 0;
    let high = column.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (column[middle]! <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    tick,
    seconds,
    secondsPerTick,
    segmentAt: (at) => segment(tick, at),
    secondsAt(at) {
      const i = segment(tick, at);
      return seconds[i]! + (at - tick[i]!) * secondsPerTick[i]!;
    },
    tickAt(at) {
      const i = segment(seconds, at);
      return secondsPerTick[i]! > 0 ? tick[i]! + (at - seconds[i]!) / secondsPerTick[i]! : tick[i]!;
    },
  };
}
