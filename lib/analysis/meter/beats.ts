import { isCompound } from "../../music/compound-meter.ts";
import type { Pulse, TrackedPulse } from "../beats/pulse.ts";
import { FILLED } from "../beats/track-beats.ts";
import type { Piece } from "../piece/piece.ts";
import type { MeterFeature } from "./meter.ts";
import type { PlayedMeter } from "./played-meter.ts";

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
  /** 1 where a bar begins; all 0 when the meter is unknown, and below `LEAST_BAR_CONFIDENCE` in a performance. */
  readonly downbeat: Uint8Array;
  /** 0 where a beat of a performance was not followed but drawn evenly, 1 elsewhere. */
  readonly followed: Uint8Array;
  /** 0 to 1. In a performance the share of beats to be right. */
  readonly confidence: number;
  /** 0 to 1, how sure the bar lines are: the meter's confidence; in a performance the share of them to be right. */
  readonly barConfidence: number;
}

/** Beats given at most; a longer piece is covered from its start. */
const MAX_BEATS = 32_768;

/** As many for a piece of so many notes: hours under one note held, or before a lone one, are not worth counting out. */
export function mostBeats(notes: number): number {
  return Math.min(MAX_BEATS, 1024 + 64 * notes);
}

/** Null for a file without notes, or whose notes keep to no grid and show no pulse. */
export function beats(
  piece: Piece,
  pulse: Pulse | null,
  meter: MeterFeature | null,
  played: PlayedMeter | null,
): Beats | null {
  if (pulse === null || piece.count === 0) return null;
  if (pulse.source === "tracked") return trackedBeats(piece, pulse, played);
  const bars = meter ? meterSegments(piece, meter) : [];
  const tick = Float64Array.from(gridBeats(piece, pulse, bars));
  const seconds = tick.map((t) => piece.time.secondsAt(t));
  const downbeat = downbeats(piece, tick, bars);
  const followed = new Uint8Array(tick.length).fill(1);
  const barConfidence = meter?.confidence ?? 0;
  const { confidence } = pulse;
  return { source: "grid", count: tick.length, tick, seconds, downbeat, followed, confidence, barConfidence };
}

/** Bar lines of a performance that are less sure are not given. */
const LEAST_BAR_CONFIDENCE = 0.35;

/** Tracked beats, with as many before the first and after the last as the notes need, as far apart as their neighbours. */
function trackedBeats(piece: Piece, pulse: TrackedPulse, played: PlayedMeter | null): Beats {
  const end = piece.time.secondsAt(piece.score.lastNoteEndTick);
  const { before, times } = reaching(pulse.seconds, piece.startSeconds[0]!, end, mostBeats(piece.count));
  const seconds = Float64Array.from(times);
  const tick = seconds.map((s) => piece.time.tickAt(s));
  const downbeat = new Uint8Array(seconds.length);
  const followed = new Uint8Array(seconds.length);
  const barConfidence = played?.barConfidence ?? 0;
  const sure = played !== null && barConfidence >= LEAST_BAR_CONFIDENCE;
  for (let i = before, b = 0; b < pulse.onset.length && i < seconds.length; i++, b++) {
    followed[i] = pulse.onset[b] === FILLED ? 0 : 1;
    if (sure) downbeat[i] = played.downbeat[b]!;
  }
  const confidence = pulse.beatConfidence;
  return { source: "tracked", count: seconds.length, tick, seconds, downbeat, followed, confidence, barConfidence };
}

/** `before`: beats added in front. */
function reaching(beats: Float64Array, from: number, to: number, most: number): { before: number; times: number[] } {
  const lead: number[] = [];
  const opening = beats[1]! - beats[0]!;
  for (let at = beats[0]!; at > from + 0.03 && at - opening >= 0 && beats.length + lead.length < most; at -= opening)
    lead.push(at - opening);
  const times = [...lead.reverse(), ...beats];
  const closing = times.at(-1)! - times.at(-2)!;
  while (times.at(-1)! < to && times.length < most) times.push(times.at(-1)! + closing);
  return { before: lead.length, times: times.slice(0, most) };
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
    return { start, barTicks: unit * numerator, beatTicks: isCompound(numerator) ? 3 * unit : unit };
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
