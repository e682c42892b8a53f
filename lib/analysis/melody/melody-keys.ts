import type { MelodyLine } from "./melody-lines.ts";

/**
 * Keys to look tunes up by. A key stands for five notes: their four steps in semitones, 6 bits each, so that the key of the
 * music plays no part. Of every three such groups in a row the one whose hash is smallest is kept (winnowing, Schleimer,
 * Wilkerson and Aiken 2003): about half of them, and always one of seven notes.
 */

/** Notes that a tune must have to be looked up. */
export const LEAST_TUNE = 7;

const STEPS = 4;
const STEP_BITS = 6;
const LARGEST_STEP = 31;
const KEY_MASK = (1 << (STEPS * STEP_BITS)) - 1;
const WINDOW = LEAST_TUNE - STEPS;
/** Keys of a piece at most. */
const MOST_KEYS = 2048;

/** The keys of a piece, the lines with most notes first; about 240 to 460 a piece, 0.5 to 0.7 thousand in long ones. */
export function melodyKeys(lines: readonly MelodyLine[]): Int32Array {
  const keys = new Set<number>();
  for (const { pitch } of lines.toSorted((a, b) => b.pitch.length - a.pitch.length)) winnow(pitch, keys);
  return Int32Array.from(keys);
}

/**
 * Which keys a piece holds that has a tune: every member stands for one way, of which all keys must be there. Without a wrong
 * note there is one way; with one, as many as there are places for it and other notes within an octave, or for a tune of
 * fourteen notes and more its two halves, of which one is right. Throws for fewer than `LEAST_TUNE` notes.
 */
export function tuneKeys(pitches: readonly number[], wrong: 0 | 1): Int32Array[] {
  if (pitches.length < LEAST_TUNE)
    throw new Error(`Cannot look up a tune: ${pitches.length} notes, expected ${LEAST_TUNE} or more`);
  if (wrong === 0) return [keysOf(pitches)];
  const half = Math.floor(pitches.length / 2);
  if (half >= LEAST_TUNE) return [keysOf(pitches.slice(0, half)), keysOf(pitches.slice(half))];
  const ways = [keysOf(pitches)];
  for (let place = 0; place < pitches.length; place++)
    for (let by = -12; by <= 12; by++) if (by !== 0) ways.push(keysOf(pitches.with(place, pitches[place]! + by)));
  return ways;
}

function keysOf(pitches: readonly number[]): Int32Array {
  const keys = new Set<number>();
  winnow(pitches, keys);
  return Int32Array.from(keys);
}

/** Adds the kept keys of a line. */
function winnow(pitch: ArrayLike<number>, keys: Set<number>): void {
  let packed = 0;
  // The last three keys and their hashes.
  let [one, two, three] = [0, 0, 0];
  let [hashOne, hashTwo, hashThree] = [0, 0, 0];
  for (let i = 1; i < pitch.length; i++) {
    const step = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, pitch[i]! - pitch[i - 1]!));
    packed = ((packed << STEP_BITS) | (step + LARGEST_STEP + 1)) & KEY_MASK;
    if (i < STEPS) continue;
    one = two;
    two = three;
    three = packed;
    hashOne = hashTwo;
    hashTwo = hashThree;
    hashThree = mix(packed);
    if (i < STEPS + WINDOW - 1) continue;
    keys.add(hashOne <= hashTwo ? (hashOne <= hashThree ? one : three) : hashTwo <= hashThree ? two : three);
    if (keys.size >= MOST_KEYS) return;
  }
}

/** The last steps of MurmurHash3 (Appleby). */
function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
