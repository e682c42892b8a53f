import type { Beats } from "./beats.ts";
import type { MeterFeature } from "./meter.ts";

/** The bars of a piece as boundaries in ticks, for features that work bar by bar. */
export interface Bars {
  readonly count: number;
  /** `count + 1` rising boundaries; the first bar holds the first note. */
  readonly tick: Float64Array;
  /** How sure the bar lines are, 0 to 1: the meter's confidence; 0 where every four beats are taken for a bar. */
  readonly confidence: number;
  /** Beats of the usual bar. */
  readonly beats: number;
  /** Sixteenth-note cells of the usual bar: 16 in 4/4, 12 in 3/4 and 6/8. */
  readonly cells: number;
}

const ASSUMED_BEATS = 4;

/** Bars from the downbeats, or every four beats when no bar lines are known. Null without beats, and for a performance without. */
export function bars(beats: Beats | null, meter: MeterFeature | null): Bars | null {
  if (beats === null || beats.count < 2) return null;
  const { tick, downbeat, count } = beats;
  const known = downbeat.includes(1);
  if (!known && beats.source === "tracked") return null;
  const starts: number[] = [];
  let usual = 0;
  let last = -1;
  const lengths = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    if (known ? downbeat[i] === 0 && i > 0 : i % ASSUMED_BEATS !== 0) continue;
    starts.push(tick[i]!);
    if (last >= 0) lengths.set(i - last, (lengths.get(i - last) ?? 0) + 1);
    last = i;
  }
  for (const [length, times] of lengths) if (times > (lengths.get(usual) ?? 0)) usual = length;
  usual ||= ASSUMED_BEATS;
  if (last < count - 1) starts.push(lastBoundary(beats, last, usual));
  return {
    count: starts.length - 1,
    tick: new Float64Array(starts),
    confidence: known ? beats.barConfidence : 0,
    beats: usual,
    cells: sixteenths(meter),
  };
}

function sixteenths(meter: MeterFeature | null): number {
  return meter === null ? 16 : Math.max(1, Math.round((16 * meter.numerator) / meter.denominator));
}

/** Where the last bar ends: whole, as far as the beats allow to tell. */
function lastBoundary({ tick, count }: Beats, lastStart: number, usual: number): number {
  const step = tick[count - 1]! - tick[count - 2]!;
  return Math.max(tick[count - 1]!, tick[lastStart]! + step * usual);
}

/** For each of the given notes, in order of start, the bar it starts in: -1 before the first, `count` after the last. */
export function barOfNotes(bars: Bars, startTick: Uint32Array): Int32Array {
  const out = new Int32Array(startTick.length);
  let bar = -1;
  for (let i = 0; i < startTick.length; i++) {
    while (bar < bars.count && bars.tick[bar + 1]! <= startTick[i]!) bar++;
    out[i] = bar;
  }
  return out;
}
