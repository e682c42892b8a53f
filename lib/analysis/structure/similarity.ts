import { type BarContents, HALVES, WORDS } from "./bar-contents.ts";
import { MOST_BARS, type StructureScratch } from "./scratch.ts";

/** Every bar against every other. The matrix holds until the same analyser's next piece. */
export interface Similarity {
  readonly count: number;
  /** Rows of `count` by bar: 1 alike, 0 unrelated; both sides of the diagonal. */
  readonly matrix: Float32Array;
  /** Likeness of each bar to the most alike other one, 0 when it is like none. */
  readonly nearest: Float32Array;
}

/** What the tune counts against what sounds, where either bar has a tune. */
const TUNE = 0.6;

/**
 * Self-similarity matrix (Foote 1999): of the tunes of two bars how much they share (Dice's coefficient), of what sounds in
 * their halves the cosine; bars of one `hash` are alike whatever they hold, silent bars among themselves.
 */
export function similarity(contents: BarContents, hash: Int32Array, { matrix }: StructureScratch): Similarity {
  const { count } = contents;
  const nearest = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    matrix[i * count + i] = 1;
    for (let j = 0; j < i; j++) {
      const like = hash[i] === hash[j] ? 1 : likeness(contents, i, j, 0);
      matrix[i * count + j] = like;
      matrix[j * count + i] = like;
      if (like > nearest[i]!) nearest[i] = like;
      if (like > nearest[j]!) nearest[j] = like;
    }
  }
  return { count, matrix: matrix.subarray(0, Math.min(count, MOST_BARS) * count), nearest };
}

/** Likeness of bar `i` to bar `j` moved up by so many semitones. */
export function likeness({ chroma, sounds, tune, tuneSize }: BarContents, i: number, j: number, up: number): number {
  const size = tuneSize[i]! + tuneSize[j]!;
  const [a, b] = [i * HALVES, j * HALVES];
  const sound = up === 0 ? cosine(chroma, a, b) : cosineTransposed(chroma, a, b, up);
  if (size === 0) return sound;
  let shared = 0;
  if (up === 0)
    for (let word = 0; word < WORDS; word++) shared += bitCount(tune[i * WORDS + word]! & tune[j * WORDS + word]!);
  else shared = sharedTransposed(tune, i * WORDS, j * WORDS, up);
  const tunes = (2 * shared) / size;
  return sounds[i]! + sounds[j]! === 0 ? tunes : TUNE * tunes + (1 - TUNE) * sound;
}

/** Cosine of what sounds in two bars; four products a step, this is where the time of the structure goes. */
function cosine(chroma: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < HALVES; d += 4)
    sum +=
      chroma[a + d]! * chroma[b + d]! +
      chroma[a + d + 1]! * chroma[b + d + 1]! +
      chroma[a + d + 2]! * chroma[b + d + 2]! +
      chroma[a + d + 3]! * chroma[b + d + 3]!;
  return sum;
}

function cosineTransposed(chroma: Float64Array, a: number, b: number, up: number): number {
  let sum = 0;
  for (let d = 0; d < HALVES; d++) {
    const half = d >= 12 ? 12 : 0;
    sum += chroma[a + d]! * chroma[b + half + ((d - half - up + 12) % 12)]!;
  }
  return sum;
}

function sharedTransposed(tune: Int32Array, a: number, b: number, up: number): number {
  let shared = 0;
  for (let bit = 0; bit < 32 * WORDS; bit++) {
    if (((tune[a + (bit >> 5)]! >>> (bit & 31)) & 1) === 0) continue;
    const pc = bit % 12;
    const other = bit - pc + ((pc - up + 12) % 12);
    shared += (tune[b + (other >> 5)]! >>> (other & 31)) & 1;
  }
  return shared;
}

/** Bits that are set in a word of 32. */
function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
