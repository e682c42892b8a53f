import type { Chroma } from "./chroma.ts";
import { type KeyChange, keyChanges } from "./key-changes.ts";
import { albrechtShanahan, type KeyWindows, keyWindows, krumhanslKessler, sumSpans } from "./key-windows.ts";
import type { Material } from "./material.ts";
import { round } from "./round.ts";
import { fifthsName, type KeyIndex, tonicFifths } from "./spelling.ts";

/**
 * The key of the whole piece, one of 24, and where it changes.
 *
 * Method: a softmax over the keys of a weighted sum of evidence: the mean of windowed profile choices, the logarithm of the same
 * (a key that is at home everywhere), profile correlations of all notes weighed by duration (Albrecht and Shanahan 2013;
 * Krumhansl and Kessler 1982), the profile of the opening, and the weight of the tonic triad in the close. Weights fitted by
 * conditional logistic regression on pop, folk and keyboard sets, each weighing the same, judged with each set left out in turn.
 * A key signature meta other than C major (which means "unset" in practice) speaks for its two keys.
 * Null without pitched notes, with fewer than three pitch classes, or when no profile fits (atonal material).
 */
export interface KeyFeature {
  /** Spelled: "Eb", "F#". */
  readonly tonic: string;
  readonly mode: "major" | "minor";
  /** 0 to 1: the chance that tonic and mode are both right. */
  readonly confidence: number;
  readonly runnerUp: { readonly tonic: string; readonly mode: "major" | "minor"; readonly confidence: number };
  /** Whether the main key signature meta has this key's accidentals; null when there is none, or only an unset C major. */
  readonly signatureAgrees: boolean | null;
  /** Stretches of one key, the first included; one entry when the key never changes. */
  readonly changes: readonly KeyChange[];
}

/** Spans (eighths) of a window and from one to the next. */
const WINDOW = 32;
const HOP = 16;

const OPENING = 16;
const CLOSING = 2;
const LOCAL = 3.03;
const LOCAL_LOG = 1.11;
const ALBRECHT = 1.41;
const KRUMHANSL = 1.82;
const OPEN = 2.79;
const CLOSE = 1.19;
const SIGNATURE = 2.0;

const LEAST_CLASSES = 3;
const LEAST_FIT = 0.4;

/** What the rest of the harmony needs: the key as numbers and the windows it was found in. */
export interface FoundKey {
  readonly key: KeyIndex;
  /** Tonic on the line of fifths. */
  readonly tonic: number;
  readonly windows: KeyWindows;
  readonly feature: KeyFeature;
}

/** `signature`: sharps or minus flats and mode of the main key signature meta, null without one. */
export function key(m: Material, c: Chroma, signature: { fifths: number; minor: boolean } | null): FoundKey | null {
  const all = new Float64Array(12);
  if (!sumSpans(c, 0, c.count, all) || all.filter((x) => x > 0).length < LEAST_CLASSES) return null;
  const windows = keyWindows(c, WINDOW, HOP);
  const score = new Float64Array(24);
  const fit = new Float64Array(24);
  albrechtShanahan(all, fit);
  if (Math.max(...fit) < LEAST_FIT) return null;
  for (let k = 0; k < 24; k++) score[k] = ALBRECHT * fit[k]!;
  krumhanslKessler(all, fit);
  for (let k = 0; k < 24; k++) score[k] = score[k]! + KRUMHANSL * fit[k]!;
  addLocal(windows, score);
  addEnds(c, score);
  if (signature !== null && signature.fifths !== 0) addSignature(signature.fifths, score);
  return answer(m, c, windows, score, signature);
}

function addLocal(w: KeyWindows, score: Float64Array): void {
  let heard = 0;
  const mean = new Float64Array(24);
  for (let i = 0; i < w.probability.length; i++) {
    mean[i % 24] = mean[i % 24]! + w.probability[i]!;
    heard += w.probability[i]!;
  }
  for (let k = 0; k < 24; k++) {
    const share = mean[k]! / heard;
    score[k] = score[k]! + LOCAL * share + LOCAL_LOG * Math.log(share + 0.02);
  }
}

function addEnds(c: Chroma, score: Float64Array): void {
  let first = 0;
  let last = c.count - 1;
  while (first < last && c.bass[first]! < 0) first++;
  while (last > first && c.bass[last]! < 0) last--;
  const h = new Float64Array(12);
  const fit = new Float64Array(24);
  if (sumSpans(c, first, first + OPENING, h)) {
    albrechtShanahan(h, fit);
    for (let k = 0; k < 24; k++) score[k] = score[k]! + OPEN * fit[k]!;
  }
  if (sumSpans(c, last + 1 - CLOSING, last + 1, h)) {
    const total = h.reduce((a, b) => a + b, 0);
    for (let k = 0; k < 24; k++) {
      const third = (k + (k < 12 ? 4 : 3)) % 12;
      score[k] = score[k]! + (CLOSE * (h[k % 12]! + h[(k + 7) % 12]! + h[third]!)) / total;
    }
  }
}

function addSignature(fifths: number, score: Float64Array): void {
  const major = (((fifths * 7) % 12) + 12) % 12;
  score[major] = score[major]! + SIGNATURE;
  const minor = 12 + ((major + 9) % 12);
  score[minor] = score[minor]! + SIGNATURE;
}

function answer(
  m: Material,
  c: Chroma,
  windows: KeyWindows,
  score: Float64Array,
  signature: { fifths: number } | null,
): FoundKey {
  let best = 0;
  for (let k = 1; k < 24; k++) if (score[k]! > score[best]!) best = k;
  let second = best === 0 ? 1 : 0;
  let sum = 0;
  for (let k = 0; k < 24; k++) {
    if (k !== best && score[k]! > score[second]!) second = k;
    sum += Math.exp(score[k]! - score[best]!);
  }
  const fifths = signature?.fifths ?? null;
  const named = (k: KeyIndex) => ({
    tonic: fifthsName(tonicFifths(k, fifths)),
    mode: k < 12 ? ("major" as const) : ("minor" as const),
    confidence: round(Math.exp(score[k]! - score[best]!) / sum, 3),
  });
  const tonic = tonicFifths(best, fifths);
  const written = best < 12 ? tonic : tonic - 3;
  const feature = {
    ...named(best),
    runnerUp: named(second),
    signatureAgrees: fifths === null || fifths === 0 ? null : (fifths - written) % 12 === 0,
    changes: keyChanges(m, c, windows, best, fifths),
  };
  return { key: best, tonic, windows, feature };
}
