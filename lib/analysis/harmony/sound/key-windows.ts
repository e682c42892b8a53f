import type { Chroma } from "./chroma.ts";
import { ALBRECHT_SHANAHAN, type KeyProfile } from "./key-profiles.ts";

/** How well each of 24 keys fits the music around each moment. */
export interface KeyWindows {
  readonly count: number;
  /** Spans from one window to the next; a window is twice as long. */
  readonly hop: number;
  /** Probability of each key, 24 a window, each window summing to 1 (all 0 in silence). */
  readonly probability: Float64Array;
  /** Mean probability of each of the 24 keys over the windows that sound. */
  readonly share: Float64Array;
  /** Mean correlation of the best key of each window. */
  readonly fit: number;
  /** How long each pitch class sounds in the whole piece. */
  readonly sum: Float64Array;
}

/** Correlation of a pitch-class distribution with the 24 rotations of a profile pair, into `into`. */
export type Correlate = (distribution: Float64Array, into: Float64Array) => void;

export const albrechtShanahan = correlation(ALBRECHT_SHANAHAN);

/** Profiles laid out per key, centred and of length 1, so that a correlation is one dot product over the norm of the distribution. */
function correlation(profile: KeyProfile): Correlate {
  const table = new Float64Array(24 * 12);
  for (let key = 0; key < 24; key++) {
    const values = key < 12 ? profile.major : profile.minor;
    const mean = values.reduce((a, b) => a + b, 0) / 12;
    const length = Math.hypot(...values.map((v) => v - mean));
    for (let degree = 0; degree < 12; degree++)
      table[key * 12 + ((key + degree) % 12)] = (values[degree]! - mean) / length;
  }
  return (distribution, into) => {
    let mean = 0;
    let square = 0;
    for (let p = 0; p < 12; p++) {
      mean += distribution[p]! / 12;
      square += distribution[p]! * distribution[p]!;
    }
    const norm = Math.sqrt(Math.max(0, square - 12 * mean * mean));
    for (let key = 0; key < 24; key++) {
      let dot = 0;
      for (let p = 0; p < 12; p++) dot += table[key * 12 + p]! * distribution[p]!;
      into[key] = norm > 1e-9 ? dot / norm : 0;
    }
  };
}

/** Softness of the choice inside a window. */
const SHARPNESS = 12;
/** A key that correlates this much less than the best (odds of 1 to 1,000) has no part in a window. */
const BEHIND = 7 / SHARPNESS;

/** Spans (eighths) from one window to the next, a window being twice as long. */
const HOP = 16;

/** Windows of two hops, one beginning at every hop, each key weighed by softmax of correlation. */
export function keyWindows(chroma: Chroma): KeyWindows {
  const hop = HOP;
  const count = Math.ceil(chroma.count / hop);
  const probability = new Float64Array(count * 24);
  const share = new Float64Array(24);
  let first = new Float64Array(12);
  let second = new Float64Array(12);
  const distribution = new Float64Array(12);
  const sum = new Float64Array(12);
  const fit = new Float64Array(24);
  let heard = 0;
  let best = 0;
  sumSpans(chroma, 0, hop, second);
  for (let w = 0; w < count; w++) {
    [first, second] = [second, first];
    sumSpans(chroma, (w + 1) * hop, (w + 2) * hop, second);
    let total = 0;
    for (let p = 0; p < 12; p++) {
      sum[p] = sum[p]! + first[p]!;
      total += distribution[p] = first[p]! + second[p]!;
    }
    if (total === 0) continue;
    albrechtShanahan(distribution, fit);
    heard++;
    best += softmax(fit);
    for (let key = 0; key < 24; key++) {
      probability[w * 24 + key] = fit[key]!;
      share[key] = share[key]! + fit[key]!;
    }
  }
  for (let key = 0; key < 24; key++) share[key] = share[key]! / Math.max(1, heard);
  return { count, hop, probability, share, fit: best / Math.max(1, heard), sum };
}

/** Turns correlations into probabilities in place; returns the largest correlation. */
function softmax(fit: Float64Array): number {
  let most = -1;
  for (let key = 0; key < 24; key++) if (fit[key]! > most) most = fit[key]!;
  let sum = 0;
  for (let key = 0; key < 24; key++) {
    const behind = most - fit[key]!;
    sum += fit[key] = behind > BEHIND ? 0 : Math.exp(-SHARPNESS * behind);
  }
  for (let key = 0; key < 24; key++) fit[key] = fit[key]! / sum;
  return most;
}

/** Sums the chroma of a range of spans into `distribution`. */
export function sumSpans({ count, weight }: Chroma, from: number, to: number, distribution: Float64Array): void {
  const start = Math.max(0, from) * 12;
  const end = Math.min(count, to) * 12;
  for (let p = 0; p < 12; p++) {
    let sum = 0;
    for (let i = start + p; i < end; i += 12) sum += weight[i]!;
    distribution[p] = sum;
  }
}
