import { type Accents, KINDS, ONSET } from "./meter-accents.ts";
import { LAGS, LAGS_COMPARED } from "./tables/meters.ts";

/** How much of the music comes again after some time. */
export interface Repetition {
  /** By lag in sixteenths: share of pitch classes, and of onset strength, found again after it, less the mean of the lags up to three bars. */
  readonly pitches: Float64Array;
  readonly onsets: Float64Array;
}

const BITS = Uint8Array.from({ length: 4096 }, (_, i) => i.toString(2).replaceAll("0", "").length);

/** 32 bars of 4/4 show as well as more what comes again. */
const MAX_COMPARED = 512;

const strength = new Float64Array(MAX_COMPARED);
const bitsBefore = new Float64Array(MAX_COMPARED + 1);
const squaresBefore = new Float64Array(MAX_COMPARED + 1);

/** Compares the music with itself at each of `LAGS` (autocorrelation, Brown 1993). */
export function repetition(a: Accents): Repetition {
  const length = Math.min(a.length, MAX_COMPARED);
  const count = fill(a, length);
  const pitches = new Float64Array(LAGS.at(-1)! + 1);
  const onsets = new Float64Array(LAGS.at(-1)! + 1);
  for (const lag of LAGS) if (lag < length) compare(a, count, length, lag, pitches, onsets);
  return { pitches: againstMean(pitches), onsets: againstMean(onsets) };
}

/** Lays out strengths and running sums by step; returns the struck steps within `length`. */
function fill(a: Accents, length: number): number {
  strength.fill(0, 0, length);
  let count = 0;
  for (; count < a.struckCount && a.struck[count]! < length; count++) {
    strength[a.struck[count]!] = a.values[count * KINDS + ONSET]!;
  }
  for (let t = 0; t < length; t++) {
    bitsBefore[t + 1] = bitsBefore[t]! + BITS[a.pitchClasses[t]!]!;
    squaresBefore[t + 1] = squaresBefore[t]! + strength[t]! * strength[t]!;
  }
  return count;
}

function compare(
  a: Accents,
  count: number,
  length: number,
  lag: number,
  pitches: Float64Array,
  onsets: Float64Array,
): void {
  const { struck, pitchClasses } = a;
  const end = length - lag;
  let [same, dot] = [0, 0];
  for (let k = 0; k < count; k++) {
    const t = struck[k]!;
    if (t >= end) break;
    const again = strength[t + lag]!;
    if (again === 0) continue;
    dot += strength[t]! * again;
    same += BITS[pitchClasses[t]! & pitchClasses[t + lag]!]!;
  }
  const all = bitsBefore[end]! + bitsBefore[length]! - bitsBefore[lag]!;
  const squares = squaresBefore[end]! + squaresBefore[length]! - squaresBefore[lag]!;
  pitches[lag] = all > 0 ? (2 * same) / all : 0;
  onsets[lag] = squares > 0 ? (2 * dot) / squares : 0;
}

function againstMean(byLag: Float64Array): Float64Array {
  let sum = 0;
  for (const lag of LAGS_COMPARED) sum += byLag[lag]!;
  const mean = sum / LAGS_COMPARED.length;
  return byLag.map((value) => value - mean);
}
