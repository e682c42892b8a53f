import { type Accents, KINDS, ONSET } from "./accents.ts";
import { LAGS, LAGS_COMPARED } from "./meters.ts";

/** How much of the music comes again after some time. */
export interface Repetition {
  /** By lag in sixteenths: share of pitch classes, and of onset strength, found again after it, less the mean of the lags up to three bars. */
  readonly pitches: Float64Array;
  readonly onsets: Float64Array;
}

const BITS = Uint8Array.from({ length: 4096 }, (_, i) => i.toString(2).replaceAll("0", "").length);

/** 32 bars of 4/4 show as well as more what comes again. */
const MAX_COMPARED = 512;

const LONGEST = LAGS.at(-1)!;
/** By step, with silence after them for the longest lag; sums up to each step. */
export interface RepetitionBuffers {
  readonly strength: Float64Array;
  readonly pitchClasses: Uint16Array;
  readonly bitsBefore: Float64Array;
  readonly squaresBefore: Float64Array;
}

export function createRepetitionBuffers(): RepetitionBuffers {
  return {
    strength: new Float64Array(MAX_COMPARED + LONGEST),
    pitchClasses: new Uint16Array(MAX_COMPARED + LONGEST),
    bitsBefore: new Float64Array(MAX_COMPARED + 1),
    squaresBefore: new Float64Array(MAX_COMPARED + 1),
  };
}

/** Compares the music with itself at each of `LAGS` (autocorrelation, Brown 1993). */
export function repetition(a: Accents, buffers: RepetitionBuffers): Repetition {
  const length = Math.min(a.length, MAX_COMPARED);
  const count = fill(a, length, buffers);
  const pitches = new Float64Array(LONGEST + 1);
  const onsets = new Float64Array(LONGEST + 1);
  for (let i = 0; i < LAGS.length; i += 3)
    compare(buffers, a.struck, count, LAGS[i]!, LAGS[i + 1]!, LAGS[i + 2]!, pitches, onsets);
  for (const lag of LAGS) share(buffers, lag, length, pitches, onsets);
  againstMean(pitches);
  againstMean(onsets);
  return { pitches, onsets };
}

/** Lays out strengths, pitch classes and running sums by step; returns the struck steps within `length`. */
function fill(
  a: Accents,
  length: number,
  { strength, pitchClasses, bitsBefore, squaresBefore }: RepetitionBuffers,
): number {
  strength.fill(0);
  pitchClasses.fill(0);
  let count = 0;
  for (; count < a.struckCount && a.struck[count]! < length; count++) {
    const t = a.struck[count]!;
    strength[t] = a.values[count * KINDS + ONSET]!;
    pitchClasses[t] = a.pitchClasses[t]!;
  }
  let [bits, squares] = [0, 0];
  for (let t = 0; t < length; t++) {
    bits += BITS[pitchClasses[t]!]!;
    squares += strength[t]! * strength[t]!;
    bitsBefore[t + 1] = bits;
    squaresBefore[t + 1] = squares;
  }
  return count;
}

/** What is found again after each of three lags: one dense loop, three times as fast as three. */
function compare(
  { strength, pitchClasses }: RepetitionBuffers,
  struck: Uint16Array,
  count: number,
  a: number,
  b: number,
  c: number,
  pitches: Float64Array,
  onsets: Float64Array,
): void {
  let [sameA, sameB, sameC, dotA, dotB, dotC] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < count; k++) {
    const t = struck[k]!;
    const value = strength[t]!;
    const classes = pitchClasses[t]!;
    dotA += value * strength[t + a]!;
    dotB += value * strength[t + b]!;
    dotC += value * strength[t + c]!;
    sameA += BITS[classes & pitchClasses[t + a]!]!;
    sameB += BITS[classes & pitchClasses[t + b]!]!;
    sameC += BITS[classes & pitchClasses[t + c]!]!;
  }
  pitches[a] = sameA;
  pitches[b] = sameB;
  pitches[c] = sameC;
  onsets[a] = dotA;
  onsets[b] = dotB;
  onsets[c] = dotC;
}

/** Turns what was found into shares of what could have been. */
function share(
  { bitsBefore, squaresBefore }: RepetitionBuffers,
  lag: number,
  length: number,
  pitches: Float64Array,
  onsets: Float64Array,
): void {
  const end = Math.max(0, length - lag);
  const from = Math.min(lag, length);
  const all = bitsBefore[end]! + bitsBefore[length]! - bitsBefore[from]!;
  const squares = squaresBefore[end]! + squaresBefore[length]! - squaresBefore[from]!;
  pitches[lag] = all > 0 ? (2 * pitches[lag]!) / all : 0;
  onsets[lag] = squares > 0 ? (2 * onsets[lag]!) / squares : 0;
}

function againstMean(byLag: Float64Array): void {
  let sum = 0;
  for (const lag of LAGS_COMPARED) sum += byLag[lag]!;
  const mean = sum / LAGS_COMPARED.length;
  for (let lag = 0; lag < byLag.length; lag++) byLag[lag]! -= mean;
}
