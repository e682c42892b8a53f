import type { Onsets } from "./beats-onsets.ts";

/**
 * What could make a listener hear a beat, on a grid of sixteenths (quarters of the pulse): one row per kind of accent.
 * The kinds are those of Lerdahl & Jackendoff 1983 (metrical preference rules) that notes alone can show.
 */
export interface Accents {
  /** Sixteenths covered, at most `MAX_STEPS`. */
  readonly length: number;
  /** Sixteenth of the pulse grid on which row index 0 lies. */
  readonly start: number;
  /** By accent kind, in the order of `ACCENTS`. */
  readonly rows: readonly Float32Array[];
  /** Whether a kind occurs at all. */
  readonly present: readonly boolean[];
  /** Pitch classes struck in each sixteenth. */
  readonly pitchClasses: Uint16Array;
}

/** How many start; how long the longest lasts; a low note and how long; change of harmony; loudness; bass drum; snare. */
export const ACCENTS = ["onset", "length", "bass", "harmony", "velocity", "kick", "snare"] as const;

/** 128 bars of 4/4: enough to hear a meter, and the bound on time and memory. */
export const MAX_STEPS = 2048;

const rows = ACCENTS.map(() => new Float32Array(MAX_STEPS));
const masks = new Uint16Array(MAX_STEPS);
/** Steps of the buffers that the last call filled. */
let filled = 0;

/** The result lies on buffers that hold until the next call. Null when the music spans less than a bar. */
export function accents(o: Onsets, positions: Float64Array, secondsPerPulse: number): Accents | null {
  for (const row of rows) row.fill(0, 0, filled);
  masks.fill(0, 0, filled);
  const start = Math.round(positions[0]! * 4);
  const length = fill(o, positions, start, secondsPerPulse);
  filled = length;
  if (length < 16) return null;
  harmonyChange(length);
  return { length, start, rows, present: rows.map((row) => occurs(row, length)), pitchClasses: masks };
}

function occurs(row: Float32Array, length: number): boolean {
  for (let t = 0; t < length; t++) if (row[t]! > 0) return true;
  return false;
}

const LOG_NOTES = Float64Array.from({ length: 64 }, (_, n) => Math.log2(1 + n));

function logNotes(notes: number): number {
  return notes < LOG_NOTES.length ? LOG_NOTES[notes]! : Math.log2(1 + notes);
}

/** One dense loop over the onsets. Returns the sixteenths filled. */
function fill(o: Onsets, positions: Float64Array, start: number, secondsPerPulse: number): number {
  const [onset, longest, bass, , velocity, kick, snare] = rows as Float32Array[] & { length: 7 };
  const loudness = spread(o);
  let length = 0;
  // The lowest pitch of late, rising a quarter tone an onset: what lies within a third above it is the bass.
  let low = 60;
  for (let i = 0; i < o.count; i++) {
    const t = Math.round(positions[i]! * 4) - start;
    if (t >= MAX_STEPS) break;
    if (t < 0) continue;
    length = t + 1;
    onset![t]! += logNotes(o.notes[i]!);
    if (loudness.deviation > 2) {
      const louder = (o.velocity[i]! - loudness.mean) / loudness.deviation;
      if (louder > velocity![t]!) velocity![t] = Math.min(2, louder);
    }
    if (o.drums[i]! & 1) kick![t] = 1;
    if (o.drums[i]! & 2) snare![t] = 1;
    const lowest = o.bass[i]!;
    if (lowest === 128) continue;
    longest![t] = Math.max(longest![t]!, Math.min(2, o.longest[i]! / secondsPerPulse));
    if (lowest <= low + 4) {
      bass![t] = Math.max(bass![t]!, Math.min(2, o.bassLength[i]! / secondsPerPulse) + 0.25);
      low = Math.min(lowest, low);
    }
    low = Math.min(low + 0.25, lowest + 24);
    masks[t]! |= o.pitchClasses[i]!;
  }
  return length;
}

function spread(o: Onsets): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < o.count; i++) {
    sum += o.velocity[i]!;
    squares += o.velocity[i]! * o.velocity[i]!;
  }
  const mean = sum / o.count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / o.count - mean * mean)) };
}

/** Steps of a half note. */
const HALF = 8;

/** Six bits spread to six fields of four bits: half notes of steps add up in them without carrying over. */
const FIELDS = Int32Array.from({ length: 64 }, (_, mask) => {
  let fields = 0;
  for (let c = 0; c < 6; c++) if ((mask >> c) & 1) fields |= 1 << (4 * c);
  return fields;
});

/** Cosine distance between the pitch classes of the half note before and the half note after each eighth with an onset. */
function harmonyChange(length: number): void {
  const harmony = rows[3]!;
  // Steps in which each pitch class starts, C to F and F# to B, in the half notes before and after.
  let [lowBefore, highBefore, lowAfter, highAfter] = [0, 0, 0, 0];
  for (let t = 0; t < HALF; t++) {
    lowAfter += FIELDS[masks[t]! & 63]!;
    highAfter += FIELDS[masks[t]! >> 6]!;
  }
  for (let t = 0; t < length; t++) {
    const now = masks[t]!;
    if (now !== 0 && t % 2 === 0) harmony[t] = distance(lowBefore, highBefore, lowAfter, highAfter);
    const entering = t + HALF < length ? masks[t + HALF]! : 0;
    const leaving = t < HALF ? 0 : masks[t - HALF]!;
    lowBefore += FIELDS[now & 63]! - FIELDS[leaving & 63]!;
    highBefore += FIELDS[now >> 6]! - FIELDS[leaving >> 6]!;
    lowAfter += FIELDS[entering & 63]! - FIELDS[now & 63]!;
    highAfter += FIELDS[entering >> 6]! - FIELDS[now >> 6]!;
  }
}

function distance(lowBefore: number, highBefore: number, lowAfter: number, highAfter: number): number {
  let [dot, a, b] = [0, 0, 0];
  for (let shift = 0; shift < 24; shift += 4) {
    const x = (lowBefore >> shift) & 15;
    const y = (lowAfter >> shift) & 15;
    const u = (highBefore >> shift) & 15;
    const v = (highAfter >> shift) & 15;
    dot += x * y + u * v;
    a += x * x + u * u;
    b += y * y + v * v;
  }
  return a > 0 && b > 0 ? 1 - dot / Math.sqrt(a * b) : 0;
}
