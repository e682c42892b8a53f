import { CHORD_TYPES, NO_CHORD, POWER_CHORD } from "../../music/chord-types.ts";
import type { ChordSegments } from "./search/chord-segments.ts";
import type { Chroma } from "./sound/chroma.ts";
import { albrechtShanahan, type KeyWindows, sumSpans } from "./sound/key-windows.ts";
import type { KeyIndex } from "./spelling.ts";

/**
 * What speaks for each of the 24 keys, as natural logarithms of odds: a weighted sum of correlations with the profiles
 * of Albrecht and Shanahan (2013) and of plain facts about the whole piece.
 *
 * Weights: conditional logistic regression over eight collections (pop, two of folk with chords or without, unaccompanied
 * folk songs, keyboard cycles, fugues, chorales, movements of sonatas and quartets), each weighing the same but pop, whose
 * keys are the least certain, twice; beginnings of the pieces, cut off anywhere, weigh a little too, so that not all is built on
 * the ending. Each kind of evidence gained on halves and on whole collections left out of the fit.
 */

/** Which key fits each window best, averaged; what it weighs more the longer the piece, up to `LONG_SPANS` spans (eighths). */
const LOCAL_WEIGHT = 1.7;
const LOCAL_LONG_WEIGHT = 1.17;
const LONG_SPANS = 400;
/** Profiles of the opening, of the highest notes and of the bass. */
const OPENING_WEIGHT = 2.36;
const OPENING_SPANS = 16;
const TOP_WEIGHT = 1.84;
const BASS_WEIGHT = 1.53;
/** Notes outside the scale: logarithm of their share. */
const SCALE_WEIGHT = 1.55;
const LEAST_OUTSIDE = 0.02;
/** Which third above the tonic sounds more. */
const THIRD_WEIGHT = 0.95;
const LEAST_THIRD = 0.01;
/** How long the tonic chord sounds against the relative key's. */
const TONIC_CHORD_WEIGHT = 0.65;
/** How many of the falls of a major chord by a fifth lead to the tonic chord. */
const CADENCE_WEIGHT = 0.56;
/** The chord that opens and closes the piece; the last bass note; the last of the highest notes. */
const FRAME_WEIGHT = 0.51;
const LAST_BASS_WEIGHT = 0.73;
const LAST_TOP_WEIGHT = 0.4;

/** Correlations of one profile, while they are weighed. */
export interface KeyScratch {
  readonly fit: Float64Array;
}

export function createKeyScratch(): KeyScratch {
  return { fit: new Float64Array(24) };
}

export function keyEvidence(
  chroma: Chroma,
  segments: ChordSegments,
  windows: KeyWindows,
  { fit }: KeyScratch,
): Float64Array {
  const distribution = new Float64Array(12);
  const score = new Float64Array(24);
  const local = LOCAL_WEIGHT + LOCAL_LONG_WEIGHT * Math.min(1, chroma.count / LONG_SPANS);
  for (let k = 0; k < 24; k++) score[k] = local * windows.share[k]!;
  addProfile(countPitches(chroma.top, distribution), fit, TOP_WEIGHT, score);
  addProfile(countPitches(chroma.bass, distribution), fit, BASS_WEIGHT, score);
  const first = chroma.bass.findIndex((pitch) => pitch >= 0);
  sumSpans(chroma, first, first + OPENING_SPANS, distribution);
  addProfile(distribution, fit, OPENING_WEIGHT, score);
  addScale(windows.sum, score);
  addChords(segments, score);
  addLast(chroma.bass, LAST_BASS_WEIGHT, score);
  addLast(chroma.top, LAST_TOP_WEIGHT, score);
  return score;
}

function addProfile(distribution: Float64Array, fit: Float64Array, weight: number, score: Float64Array): void {
  albrechtShanahan(distribution, fit);
  for (let k = 0; k < 24; k++) score[k] = score[k]! + weight * fit[k]!;
}

export function addTo(score: Float64Array, keys: readonly KeyIndex[], weight: number): void {
  for (const k of keys) score[k] = score[k]! + weight;
}

/** Spans in which each pitch class is the lowest (or highest) note. */
function countPitches(pitch: Int8Array, into: Float64Array): Float64Array {
  into.fill(0);
  for (let i = 0; i < pitch.length; i++) {
    const p = pitch[i]!;
    if (p >= 0) into[p % 12] = into[p % 12]! + 1;
  }
  return into;
}

/** The piece ends on the tonic, whatever its mode: a minor one may well end on its major chord (a Picardy third). */
function addLast(pitch: Int8Array, weight: number, score: Float64Array): void {
  let last = pitch.length - 1;
  while (last >= 0 && pitch[last]! < 0) last--;
  if (last >= 0) addTo(score, [pitch[last]! % 12, 12 + (pitch[last]! % 12)], weight);
}

/** Semitones above the tonic outside the major scale, and outside the natural and the harmonic minor one. */
const OUTSIDE_MAJOR = [1, 3, 6, 8, 10];
const OUTSIDE_MINOR = [1, 4, 6, 9];

/** What the scale degrees say, by how long each pitch class sounds in the whole piece. */
function addScale(sum: Float64Array, score: Float64Array): void {
  let total = 0;
  for (const x of sum) total += x;
  for (let k = 0; k < 24; k++) {
    let outside = 0;
    for (const degree of k < 12 ? OUTSIDE_MAJOR : OUTSIDE_MINOR) outside += sum[(k + degree) % 12]!;
    const minor = sum[(k + 3) % 12]!;
    const major = sum[(k + 4) % 12]!;
    const third = (k < 12 ? major : minor) / (major + minor + LEAST_THIRD * total);
    score[k] = score[k]! - SCALE_WEIGHT * Math.log(LEAST_OUTSIDE + outside / total) + THIRD_WEIGHT * third;
  }
}

/** The key of which a chord is the tonic, -1 for other than major, minor and suspended chords. */
function tonicOf(segments: ChordSegments, i: number): KeyIndex {
  const type = segments.type[i]!;
  if (type === NO_CHORD || type >= POWER_CHORD) return -1;
  const { family } = CHORD_TYPES[type]!;
  return family === 2 || family === 3 ? -1 : segments.root[i]! + (family === 1 ? 12 : 0);
}

/** What the chords say: how long they sound, the first and the last, and where falling fifths lead. */
function addChords(segments: ChordSegments, score: Float64Array): void {
  const spans = new Float64Array(24);
  const cadences = new Float64Array(24);
  let count = 0;
  let first = -1;
  let last = -1;
  let before = -1;
  for (let i = 0; i < segments.count; i++) {
    const k = tonicOf(segments, i);
    if (k >= 0) {
      if (first < 0) first = k;
      last = k;
      spans[k] = spans[k]! + segments.span[i + 1]! - segments.span[i]!;
      if (before >= 0 && before < 12 && (before + 5) % 12 === k % 12) {
        cadences[k] = cadences[k]! + 1;
        count++;
      }
    }
    before = k;
  }
  for (let k = 0; k < 24; k++) {
    const relative = k < 12 ? 12 + ((k + 9) % 12) : (k + 3) % 12;
    score[k] = score[k]! + (TONIC_CHORD_WEIGHT * spans[k]!) / (spans[k]! + spans[relative]! + 1);
    score[k] = score[k]! + (CADENCE_WEIGHT * cadences[k]!) / (count + 2);
  }
  if (last >= 0 && first === last) addTo(score, [last], FRAME_WEIGHT);
}
