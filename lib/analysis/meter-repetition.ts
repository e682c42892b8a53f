import { type Accents, MAX_STEPS } from "./meter-accents.ts";
import { LAGS } from "./tables/meters.ts";

/** How much of the music comes again after some time. */
export interface Repetition {
  /** By lag in sixteenths: share of pitch classes, and of onset strength, found again after it, less the mean of all lags. */
  readonly pitches: Float64Array;
  readonly onsets: Float64Array;
}

const BITS = Uint8Array.from({ length: 4096 }, (_, i) => i.toString(2).replaceAll("0", "").length);
const bitsBefore = new Float64Array(MAX_STEPS + 1);
const squaresBefore = new Float64Array(MAX_STEPS + 1);
/** Sixteenths on which something starts. */
const struck = new Int32Array(MAX_STEPS);

/** Compares the music with itself at each of `LAGS` (autocorrelation, Brown 1993). */
export function repetition(a: Accents): Repetition {
  const row = a.rows[0]!;
  let count = 0;
  for (let t = 0; t < a.length; t++) {
    if (row[t]! > 0) struck[count++] = t;
    bitsBefore[t + 1] = bitsBefore[t]! + BITS[a.pitchClasses[t]!]!;
    squaresBefore[t + 1] = squaresBefore[t]! + row[t]! * row[t]!;
  }
  const pitches = new Float64Array(49);
  const onsets = new Float64Array(49);
  for (const lag of LAGS) if (lag < a.length) compare(a, count, lag, pitches, onsets);
  const meanPitches = mean(pitches);
  const meanOnsets = mean(onsets);
  return { pitches: pitches.map((v) => v - meanPitches), onsets: onsets.map((v) => v - meanOnsets) };
}

function compare(a: Accents, count: number, lag: number, pitches: Float64Array, onsets: Float64Array): void {
  const masks = a.pitchClasses;
  const row = a.rows[0]!;
  const end = a.length - lag;
  let [same, dot] = [0, 0];
  for (let k = 0; k < count; k++) {
    const t = struck[k]!;
    if (t >= end) break;
    dot += row[t]! * row[t + lag]!;
    same += BITS[masks[t]! & masks[t + lag]!]!;
  }
  const all = bitsBefore[end]! + bitsBefore[a.length]! - bitsBefore[lag]!;
  const squares = squaresBefore[end]! + squaresBefore[a.length]! - squaresBefore[lag]!;
  pitches[lag] = all > 0 ? (2 * same) / all : 0;
  onsets[lag] = squares > 0 ? (2 * dot) / squares : 0;
}

/** The mean over `LAGS`; all other places are 0. */
function mean(byLag: Float64Array): number {
  return byLag.reduce((sum, value) => sum + value, 0) / LAGS.length;
}
