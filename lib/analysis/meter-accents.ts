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
const running = new Float32Array(12 * (MAX_STEPS + 1));
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

/** Cosine distance between the pitch classes of the half note before and the half note after each eighth with an onset. */
function harmonyChange(length: number): void {
  const harmony = rows[3]!;
  for (let t = 0; t < length; t++) {
    const mask = masks[t]!;
    for (let c = 0, at = t * 12; c < 12; c++, at++) running[at + 12] = running[at]! + ((mask >> c) & 1);
  }
  for (let t = 0; t < length; t += 2) {
    if (masks[t] === 0) continue;
    const before = Math.max(0, t - 8) * 12;
    const after = Math.min(length, t + 8) * 12;
    const now = t * 12;
    let [dot, a, b] = [0, 0, 0];
    for (let c = 0; c < 12; c++) {
      const x = running[now + c]! - running[before + c]!;
      const y = running[after + c]! - running[now + c]!;
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    if (a > 0 && b > 0) harmony[t] = 1 - dot / Math.sqrt(a * b);
  }
}
