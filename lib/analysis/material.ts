import type { Score } from "../midi/score.ts";
import { type TimeMap, timeMap } from "../midi/time.ts";

/**
 * What every feature works on: the notes of all tracks in one order (by start tick, then pitch), in ticks and
 * seconds, with drums told apart. Made once per file; features read it and never change it.
 */
export interface Material {
  readonly score: Score;
  readonly time: TimeMap;
  /** Ticks of one quarter note; for SMPTE divisions the ticks of half a second (a quarter at 120). */
  readonly ticksPerQuarter: number;
  readonly count: number;
  readonly startTick: Uint32Array;
  readonly endTick: Uint32Array;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly pitch: Uint8Array;
  readonly velocity: Uint8Array;
  readonly channel: Uint8Array;
  readonly track: Uint16Array;
  /** 1 where the note is played by a drum kit. */
  readonly drum: Uint8Array;
  /** Indices of the pitched notes, in order. */
  readonly pitched: Uint32Array;
  /** Indices of the drum notes, in order. */
  readonly drums: Uint32Array;
  /** Index of each note in `score.notes`. */
  readonly source: Uint32Array;
}

const DRUM_CHANNEL = 9;

export function material(score: Score): Material {
  const { notes } = score;
  const count = notes.count;
  const source = orderByStart(score);
  const startTick = new Uint32Array(count);
  const endTick = new Uint32Array(count);
  const startSeconds = new Float64Array(count);
  const endSeconds = new Float64Array(count);
  const pitch = new Uint8Array(count);
  const velocity = new Uint8Array(count);
  const channel = new Uint8Array(count);
  const track = new Uint16Array(count);
  const drum = new Uint8Array(count);
  const time = timeMap(score);
  const drumNotes: number[] = [];
  const pitchedNotes: number[] = [];
  for (let i = 0; i < count; i++) {
    const n = source[i]!;
    startTick[i] = notes.startTick[n]!;
    endTick[i] = notes.endTick[n]!;
    startSeconds[i] = time.secondsAt(startTick[i]!);
    endSeconds[i] = time.secondsAt(endTick[i]!);
    pitch[i] = notes.pitch[n]!;
    velocity[i] = notes.velocity[n]!;
    channel[i] = notes.channel[n]!;
    track[i] = notes.track[n]!;
    drum[i] = notes.channel[n] === DRUM_CHANNEL ? 1 : 0;
    (drum[i] ? drumNotes : pitchedNotes).push(i);
  }
  return {
    score,
    time,
    ticksPerQuarter: quarterTicks(score, time),
    count,
    startTick,
    endTick,
    startSeconds,
    endSeconds,
    pitch,
    velocity,
    channel,
    track,
    drum,
    pitched: Uint32Array.from(pitchedNotes),
    drums: Uint32Array.from(drumNotes),
    source,
  };
}

function quarterTicks(score: Score, time: TimeMap): number {
  return score.division.kind === "metrical" ? score.division.ticksPerQuarter : 0.5 / time.secondsPerTick[0]!;
}

/** Note indices by start tick, then pitch. Sorts whole numbers that carry tick, pitch and index in one double. */
function orderByStart(score: Score): Uint32Array {
  const { count, startTick, pitch } = score.notes;
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) keys[i] = startTick[i]! * 128 + pitch[i]!;
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order.sort((a, b) => keys[a]! - keys[b]! || a - b);
}
