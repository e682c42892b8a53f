import type { Pulse } from "../beats/pulse.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { MeterFeature } from "./meter.ts";

/**
 * Where the beats fall, for everything that works beat by beat. A score's beats are its metrical grid (the dotted
 * quarter in 6/8, 9/8 and 12/8), a performance's are those tracked from its onsets. They cover the piece from the
 * beat at or before its first note (the first beat of the file at the earliest) to the end of its last note.
 */
export interface Beats {
  readonly source: "grid" | "tracked";
  readonly count: number;
  /** Ascending, fractional where a tracked beat falls between ticks. */
  readonly tick: Float64Array;
  readonly seconds: Float64Array;
  /** 1 where a bar begins; all 0 when the meter is unknown. */
  readonly downbeat: Uint8Array;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Beats given at most; a longer piece is covered from its start. */
const MAX_BEATS = 32_768;

/** As many for a piece of so many notes: hours under one note held, or before a lone one, are not worth counting out. */
export function mostBeats(notes: number): number {
  return Math.min(MAX_BEATS, 1024 + 64 * notes);
}

/** Null for a file without notes, or whose notes keep to no grid and show no pulse. */
export function beats(piece: Piece, pulse: Pulse | null, meter: MeterFeature | null): Beats | null {
  if (pulse === null || piece.count === 0) return null;
  if (pulse.source === "tracked") return trackedBeats(piece, pulse, meter);
  const bars = meter ? meterSegments(piece, meter) : [];
  const tick = Float64Array.from(gridBeats(piece, pulse, bars));
  const seconds = tick.map((t) => piece.time.secondsAt(t));
  const downbeat = downbeats(piece, tick, bars);
  return { source: "grid", count: tick.length, tick, seconds, downbeat, confidence: pulse.confidence };
}

/** Tracked beats, with as many before the first and after the last as the notes need, as far apart as their neighbours. */
function trackedBeats(piece: Piece, pulse: Pulse, meter: MeterFeature | null): Beats {
  const end = piece.time.secondsAt(piece.score.lastNoteEndTick);
  const times = reaching(pulse.seconds, piece.startSeconds[0]!, end, mostBeats(piece.count));
  const seconds = Float64Array.from(times);
  const tick = seconds.map((s) => piece.time.tickAt(s));
  const downbeat = new Uint8Array(seconds.length);
  if (meter !== null) {
    const compound = meter.numerator % 3 === 0 && meter.numerator > 3 && meter.denominator >= 8;
    const every = compound ? meter.numerator / 3 : meter.numerator;
    const first = nearest(tick, meter.firstDownbeatTick);
    for (let i = first % every; i < downbeat.length; i += every) downbeat[i] = 1;
  }
  return { source: "tracked", count: seconds.length, tick, seconds, downbeat, confidence: pulse.confidence };
}

function reaching(beats: Float64Array, from: number, to: number, most: number): number[] {
  const out = [...beats];
  const opening = out[1]! - out[0]!;
  while (out[0]! > from + 0.03 && out[0]! - opening >= 0 && out.length < most) out.unshift(out[0]! - opening);
  const closing = out.at(-1)! - out.at(-2)!;
  while (out.at(-1)! < to && out.length < most) out.push(out.at(-1)! + closing);
  return out.slice(0, most);
}

function nearest(ascending: Float64Array, value: number): number {
  let best = 0;
  for (let i = 1; i < ascending.length; i++)
    if (Math.abs(ascending[i]! - value) < Math.abs(ascending[best]! - value)) best = i;
  return best;
}

/** A stretch of one meter: bars of `barTicks` counted from `start`, beats of `beatTicks`. */
interface Segment {
  readonly start: number;
  readonly barTicks: number;
  readonly beatTicks: number;
}

function meterSegments(piece: Piece, meter: MeterFeature): Segment[] {
  const segment = (start: number, numerator: number, denominator: number): Segment => {
    const unit = (4 * piece.ticksPerQuarter) / denominator;
    const compound = numerator % 3 === 0 && numerator > 3 && denominator >= 8;
    return { start, barTicks: unit * numerator, beatTicks: compound ? 3 * unit : unit };
  };
  if (meter.changes.length === 0) return [segment(meter.firstDownbeatTick, meter.numerator, meter.denominator)];
  return meter.changes.map((c) => segment(c.tick, c.numerator, c.denominator));
}

function gridBeats(piece: Piece, pulse: Pulse, bars: readonly Segment[]): number[] {
  const first = piece.startTick[0]!;
  const end = piece.score.lastNoteEndTick;
  const segments =
    bars.length > 0 ? bars : [{ start: pulse.phaseTicks, barTicks: 0, beatTicks: piece.ticksPerQuarter }];
  const out: number[] = [];
  const most = mostBeats(piece.count);
  for (let s = 0; s < segments.length && out.length < most; s++) {
    const { start, beatTicks } = segments[s]!;
    const until = segments[s + 1]?.start ?? end + beatTicks;
    const from = s === 0 ? start + Math.floor((first - start) / beatTicks) * beatTicks : start;
    for (let t = from; t < until - 1e-6 && out.length < most; t += beatTicks)
      if (t >= 0 && t > first - beatTicks) out.push(t);
  }
  return out;
}

function downbeats(piece: Piece, tick: Float64Array, bars: readonly Segment[]): Uint8Array {
  const flags = new Uint8Array(tick.length);
  let s = 0;
  for (let i = 0; i < tick.length && bars.length > 0; i++) {
    while (s + 1 < bars.length && bars[s + 1]!.start <= tick[i]! + 1e-6) s++;
    const { start, barTicks } = bars[s]!;
    const at = (tick[i]! - start) / barTicks;
    const off = (at - Math.floor(at)) * barTicks;
    if (Math.min(off, barTicks - off) < piece.ticksPerQuarter / 100) flags[i] = 1;
  }
  return flags;
}

/** What is kept of the beats: a score's follow from tempo map and meter, a performance's are listed. */
export interface BeatsFeature {
  readonly source: "grid" | "tracked";
  readonly count: number;
  readonly confidence: number;
  readonly firstSeconds: number;
  /** Bars begun. 0 when the meter is unknown. */
  readonly downbeatCount: number;
  /** Beat times in seconds when tracked, at most `MAX_LISTED`; null for a grid. */
  readonly seconds: readonly number[] | null;
}

const MAX_LISTED = 4096;

export function beatsFeature(b: Beats | null): BeatsFeature | null {
  if (b === null || b.count === 0) return null;
  const listed = b.source === "tracked" ? [...b.seconds.subarray(0, MAX_LISTED)].map((s) => round(s, 3)) : null;
  return {
    source: b.source,
    count: b.count,
    confidence: round(b.confidence, 3),
    firstSeconds: round(b.seconds[0]!, 3),
    downbeatCount: ones(b.downbeat),
    seconds: listed,
  };
}

function ones(flags: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i]!;
  return count;
}
