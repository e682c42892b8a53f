import type { Division, Score } from "./score.ts";

/** The tempo map of a score: ticks to seconds and back. Before tick 0 and past the end its first and last tempo hold. */
export interface TimeMap {
  /** Where each tempo begins; the first entry stands at tick 0. */
  readonly tick: Float64Array;
  readonly seconds: Float64Array;
  readonly secondsPerTick: Float64Array;
  /** Index of the last tempo at or before a tick. */
  segmentAt(tick: number): number;
  secondsAt(tick: number): number;
  /** The tick, fractions included: `tickAt(secondsAt(t))` is `t` up to rounding in the last digits of a double. */
  tickAt(seconds: number): number;
  /** `secondsAt` of many ticks; in ascending order, as columns mostly are, it costs no search. */
  secondsOf(ticks: ArrayLike<number>): Float64Array;
}

/** SMF 1.0, "Set Tempo": 120 quarter notes a minute until a tempo event says otherwise. */
const DEFAULT_MICROSECONDS_PER_QUARTER = 500_000;

/**
 * The merged tempo map of all tracks, or of one track (the sequences of a format 2 file keep their own time). Tempo
 * events on any track count; at one tick the last in file order wins. SMPTE divisions know no tempo.
 */
export function timeMap(score: Score, track?: number): TimeMap {
  if (score.division.kind === "smpte") return new Segments([0], [0], [smpteSecondsPerTick(score.division)]);
  const { tempos } = score;
  const perQuarter = score.division.ticksPerQuarter * 1e6;
  const tick = [0];
  const tempo = [DEFAULT_MICROSECONDS_PER_QUARTER];
  for (let i = 0; i < tempos.count; i++) {
    if (track !== undefined && tempos.track[i] !== track) continue;
    const last = tick.length - 1;
    if (tempos.tick[i] === tick[last]) tempo[last] = tempos.microsecondsPerQuarter[i]!;
    else {
      tick.push(tempos.tick[i]!);
      tempo.push(tempos.microsecondsPerQuarter[i]!);
    }
  }
  // Whole numbers of microseconds times ticks add up without rounding, up to 2^53.
  let elapsed = 0;
  const seconds = tempo.map((_, i) => {
    if (i > 0) elapsed += (tick[i]! - tick[i - 1]!) * tempo[i - 1]!;
    return elapsed / perQuarter;
  });
  return new Segments(
    tick,
    seconds,
    tempo.map((microseconds) => microseconds / perQuarter),
  );
}

/** SMF 1.0, "Header Chunks": rate 29 is 30 drop frame, which runs at 30000/1001 frames a second. */
function smpteSecondsPerTick(division: Extract<Division, { kind: "smpte" }>): number {
  if (division.framesPerSecond === 29) return 1001 / (30_000 * division.ticksPerFrame);
  return 1 / (division.framesPerSecond * division.ticksPerFrame);
}

class Segments implements TimeMap {
  readonly tick: Float64Array;
  readonly seconds: Float64Array;
  readonly secondsPerTick: Float64Array;

  constructor(tick: number[], seconds: number[], secondsPerTick: number[]) {
    this.tick = Float64Array.from(tick);
    this.seconds = Float64Array.from(seconds);
    this.secondsPerTick = Float64Array.from(secondsPerTick);
  }

  segmentAt(tick: number): number {
    return segmentOf(this.tick, tick);
  }

  secondsAt(tick: number): number {
    return this.#secondsIn(this.segmentAt(tick), tick);
  }

  tickAt(seconds: number): number {
    const i = segmentOf(this.seconds, seconds);
    return this.tick[i]! + (seconds - this.seconds[i]!) / this.secondsPerTick[i]!;
  }

  secondsOf(ticks: ArrayLike<number>): Float64Array {
    const out = new Float64Array(ticks.length);
    const starts = this.tick;
    const count = starts.length;
    let segment = 0;
    for (let i = 0; i < ticks.length; i++) {
      const at = ticks[i]!;
      if (at < starts[segment]!) segment = segmentOf(starts, at);
      else while (segment + 1 < count && starts[segment + 1]! <= at) segment++;
      out[i] = this.#secondsIn(segment, at);
    }
    return out;
  }

  #secondsIn(segment: number, tick: number): number {
    return this.seconds[segment]! + (tick - this.tick[segment]!) * this.secondsPerTick[segment]!;
  }
}

/** The last segment that starts at or before `value`, the first for values before it. */
function segmentOf(starts: Float64Array, value: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
