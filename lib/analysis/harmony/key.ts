import { fifthsName } from "../../music/note-names.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { type KeyChange, keyChanges } from "./key-changes.ts";
import { addTo, type KeyScratch, keyEvidence } from "./key-evidence.ts";
import type { Signature } from "./key-signatures.ts";
import { localKeys } from "./local-keys.ts";
import type { ChordSegments } from "./search/chord-segments.ts";
import type { Chroma } from "./sound/chroma.ts";
import type { KeyWindows } from "./sound/key-windows.ts";
import { type KeyIndex, tonicFifths } from "./spelling.ts";

/**
 * The key of the whole piece, one of 24, and where it changes.
 *
 * Method: a softmax over the 24 keys of a weighted sum of evidence (key-evidence.ts), a little flattened so that of the
 * keys said at .9 and more 95 in 100 are right in each collection, is the confidence; a handful of notes lowers it. A key
 * signature meta speaks for its two keys, unless it says C major, which mostly means that nobody set one.
 *
 * Null without pitched notes, with fewer than three pitch classes, or when no window fits a key (atonal material, see
 * `LEAST_FIT`).
 */
export interface KeyFeature {
  /** Spelled: "Eb", "F#". */
  readonly tonic: string;
  readonly mode: "major" | "minor";
  /** 0 to 1: the chance that tonic and mode are both right. */
  readonly confidence: number;
  readonly runnerUp: { readonly tonic: string; readonly mode: "major" | "minor"; readonly confidence: number };
  /** Whether the main key signature meta has this key's accidentals; null without one, or with an unset C major. */
  readonly signatureAgrees: boolean | null;
  /** Stretches of one key, the first included; one entry when the key never changes. */
  readonly changes: readonly KeyChange[];
}

/** Weights of a key signature meta, in natural logarithms of odds. */
const SIGNATURE_WEIGHT = 2.5;
const SIGNATURE_MINOR_WEIGHT = 1;

/** The softmax is flattened by this, and further where there is little to go by: a lone triad may be I, IV or V. */
const CAUTION = 0.87;
const ENOUGH_NOTES = 24;
const ENOUGH_CLASSES = 5;

const LEAST_CLASSES = 3;
/**
 * Atonal: the best key of a window correlates less than this on average (whole-tone and chromatic music lies far below,
 * tonal pieces above), or less than `DOUBTFUL_FIT` where all pitch classes sound about as long, as in twelve-tone rows
 * (`LEAST_CONTRAST`, distance from the flat distribution).
 */
const LEAST_FIT = 0.54;
const DOUBTFUL_FIT = 0.65;
const LEAST_CONTRAST = 0.07;

/** What the rest of the harmony needs: the key as numbers and the windows it was found in. */
export interface FoundKey {
  readonly key: KeyIndex;
  /** Tonic on the line of fifths. */
  readonly tonic: number;
  /** The key that holds in each window of `KEY_WINDOW` spans. */
  readonly path: Uint8Array;
  readonly feature: KeyFeature;
}

export function key(
  piece: Piece,
  chroma: Chroma,
  segments: ChordSegments,
  windows: KeyWindows,
  signature: Signature | null,
  scratch: KeyScratch,
): FoundKey | null {
  if (!isTonal(windows)) return null;
  const score = keyEvidence(chroma, segments, windows, scratch);
  if (signature !== null) addSignature(signature, score);
  return answer(piece, chroma, segments, windows, score, signature);
}

/** Whether the music is in any key. */
export function isTonal(windows: KeyWindows): boolean {
  if (classCount(windows) < LEAST_CLASSES || windows.fit < LEAST_FIT) return false;
  return windows.fit >= DOUBTFUL_FIT || contrast(windows.sum) >= LEAST_CONTRAST;
}

/** Euclidean distance of a pitch-class distribution from the flat one, 0 to 0.96. */
function contrast(distribution: Float64Array): number {
  let total = 0;
  for (const x of distribution) total += x;
  let square = 0;
  for (const x of distribution) square += (x / total - 1 / 12) ** 2;
  return Math.sqrt(square);
}

/** A signature speaks for both its keys, but C major not at all: that is what a program writes when nobody set one. */
function addSignature({ fifths, minor }: Signature, score: Float64Array): void {
  if (fifths === 0 && !minor) return;
  const major = (((fifths * 7) % 12) + 12) % 12;
  const parallel = 12 + ((major + 9) % 12);
  addTo(score, [major, parallel], SIGNATURE_WEIGHT);
  if (minor) addTo(score, [parallel], SIGNATURE_MINOR_WEIGHT);
}

/** 0 to 1: whether the notes and pitch classes are enough to tell a key from its neighbours. */
function sufficiency(piece: Piece, windows: KeyWindows): number {
  return (
    Math.sqrt(Math.min(1, piece.pitched.length / ENOUGH_NOTES)) * Math.min(1, classCount(windows) / ENOUGH_CLASSES)
  );
}

/** How many pitch classes sound. */
const classCount = (windows: KeyWindows) => windows.sum.filter((x) => x > 0).length;

function answer(
  piece: Piece,
  chroma: Chroma,
  segments: ChordSegments,
  windows: KeyWindows,
  score: Float64Array,
  signature: Signature | null,
): FoundKey {
  let best = 0;
  for (let k = 1; k < 24; k++) if (score[k]! > score[best]!) best = k;
  const caution = CAUTION * sufficiency(piece, windows);
  let second = best === 0 ? 1 : 0;
  let sum = 0;
  for (let k = 0; k < 24; k++) {
    if (k !== best && score[k]! > score[second]!) second = k;
    sum += Math.exp(caution * (score[k]! - score[best]!));
  }
  const fifths = signature?.fifths ?? null;
  const unset = signature === null || (fifths === 0 && !signature.minor);
  const named = (k: KeyIndex) => ({
    tonic: fifthsName(tonicFifths(k, fifths)),
    mode: k < 12 ? ("major" as const) : ("minor" as const),
    confidence: round(Math.exp(caution * (score[k]! - score[best]!)) / sum, 3),
  });
  const tonic = tonicFifths(best, fifths);
  const path = localKeys(chroma, segments, best);
  const written = best < 12 ? tonic : tonic - 3;
  const feature = {
    ...named(best),
    runnerUp: named(second),
    signatureAgrees: unset ? null : (signature.fifths - written) % 12 === 0,
    changes: keyChanges(piece, chroma, path, fifths),
  };
  return { key: best, tonic, path, feature };
}
