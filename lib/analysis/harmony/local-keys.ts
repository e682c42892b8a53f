import { CHORD_TYPES, POWER_CHORD } from "../../music/chord-types.ts";
import { LOCAL_KEYS } from "./learned-local-keys.ts";
import type { ChordSegments } from "./search/chord-segments.ts";
import { type Chroma, WHOLE } from "./sound/chroma.ts";
import type { KeyIndex } from "./spelling.ts";

/**
 * The key that holds in each window of a piece.
 *
 * Method: a linear-chain conditional random field over the 24 keys (Lafferty, McCallum and Pereira 2001), all changes of
 * key costing alike (as in Temperley, "The Cognition of Basic Musical Structures", 2001, ch. 7). What speaks for a key in a
 * window: which degrees sound and lie in the bass, which chords stand on which degree, where falls of a fifth lead, there
 * and in the windows around; and how near the key lies to the main one. All weights are learned
 * (`bun scripts/learn.ts localkeys`).
 */

/** Spans (eighths) in a window. */
export const KEY_WINDOW = 8;

/** What is counted in each window by pitch class: what sounds, the bass, roots of chords, where falling fifths lead. */
export const KEY_COUNTS = ["sound", "bass", "major", "minor", "dominant", "diminished", "toMajor", "toMinor"] as const;
const COUNTS = KEY_COUNTS.length;
const ROW = COUNTS * 12;
const [, BASS, MAJOR, MINOR, DOMINANT, DIMINISHED, TO_MAJOR, TO_MINOR] = KEY_COUNTS.keys() as unknown as number[];

/** Windows to either side that speak for a window as well. */
export const KEY_REACH = 2;

export interface LocalKeyWeights {
  /** By mode (major, minor), then `KEY_COUNTS`, then interval above the tonic. */
  readonly degrees: readonly number[];
  /** What the windows from `-KEY_REACH` to `KEY_REACH` count. */
  readonly reach: readonly number[];
  /** What the main key says: by its mode, the other's mode, and the interval from one tonic to the other. */
  readonly relation: readonly number[];
  readonly change: number;
}

/** First span of a window. */
export function firstSpan(window: number): number {
  return window * KEY_WINDOW;
}

/** The key of each window. */
export function localKeys(
  chroma: Chroma,
  segments: ChordSegments,
  main: KeyIndex,
  weights: LocalKeyWeights = LOCAL_KEYS,
): Uint8Array {
  const counts = keyCounts(chroma, segments);
  return bestPath(localEvidence(counts, main, weights), weights.change);
}

/** `KEY_COUNTS` of each window, 12 pitch classes each. */
export function keyCounts(chroma: Chroma, segments: ChordSegments): Float64Array {
  const { count, weight, bass } = chroma;
  const counts = new Float64Array(Math.ceil(count / KEY_WINDOW) * ROW);
  const unit = 1 / KEY_WINDOW;
  for (let s = 0; s < count; s++) {
    const row = Math.floor(s / KEY_WINDOW) * ROW;
    for (let p = 0, at = s * 12; p < 12; p++, at++) {
      const sound = weight[at]!;
      if (sound > 0) counts[row + p] = counts[row + p]! + (Math.min(WHOLE, sound) / WHOLE) * unit;
    }
    if (bass[s]! >= 0) counts[row + BASS! * 12 + (bass[s]! % 12)]! += unit;
  }
  for (let i = 0; i < segments.count; i++) addChord(segments, i, counts, unit);
  return counts;
}

function addChord(segments: ChordSegments, i: number, counts: Float64Array, unit: number): void {
  const kind = countOf(segments, i);
  if (kind < 0) return;
  const root = segments.root[i]!;
  for (let s = segments.span[i]!; s < segments.span[i + 1]!; s++)
    counts[Math.floor(s / KEY_WINDOW) * ROW + kind * 12 + root]! += unit;
  const before = i === 0 ? -1 : countOf(segments, i - 1);
  if (before !== MAJOR && before !== DOMINANT) return;
  if (kind === DIMINISHED || (segments.root[i - 1]! + 5) % 12 !== root) return;
  const leads = kind === MINOR ? TO_MINOR! : TO_MAJOR!;
  counts[Math.floor(segments.span[i]! / KEY_WINDOW) * ROW + leads * 12 + root]! += FALL;
}

/** A fall of a fifth counts like a chord of this many windows. */
const FALL = 0.5;

/** Which of `KEY_COUNTS` a chord adds to; -1 for none. */
function countOf({ root, type }: ChordSegments, i: number): number {
  if (root[i]! < 0 || type[i]! >= POWER_CHORD) return -1;
  const { family, name } = CHORD_TYPES[type[i]!]!;
  if (family === 0) return name === "7" || name === "9" ? DOMINANT! : MAJOR!;
  return family === 1 ? MINOR! : family === 2 ? DIMINISHED! : -1;
}

/** What speaks for each of 24 keys in each window. */
export function localEvidence(counts: Float64Array, main: KeyIndex, weights: LocalKeyWeights): Float64Array {
  const windows = counts.length / ROW;
  const alone = new Float64Array(windows * 24);
  for (let w = 0; w < windows; w++)
    for (let at = 0; at < ROW; at++) {
      const x = counts[w * ROW + at]!;
      if (x > 0) addDegrees(alone, w, at, x, weights);
    }
  const evidence = new Float64Array(windows * 24);
  for (let k = 0; k < 24; k++) {
    const home = weights.relation[relation(main, k)]!;
    for (let w = 0; w < windows; w++) {
      let sum = home;
      for (let apart = -KEY_REACH; apart <= KEY_REACH; apart++) {
        const other = w + apart;
        if (other >= 0 && other < windows) sum += weights.reach[apart + KEY_REACH]! * alone[other * 24 + k]!;
      }
      evidence[w * 24 + k] = sum;
    }
  }
  return evidence;
}

function addDegrees(alone: Float64Array, window: number, at: number, x: number, { degrees }: LocalKeyWeights): void {
  const p = at % 12;
  const row = at - p;
  for (let tonic = 0; tonic < 12; tonic++) {
    const degree = row + (p < tonic ? p - tonic + 12 : p - tonic);
    alone[window * 24 + tonic]! += x * degrees[degree]!;
    alone[window * 24 + 12 + tonic]! += x * degrees[ROW + degree]!;
  }
}

/** Place in `relation` of a key against the main one. */
export function relation(main: KeyIndex, key: KeyIndex): number {
  return (main < 12 ? 0 : 24) + (key < 12 ? 0 : 12) + (((key % 12) - (main % 12) + 12) % 12);
}

/** The path with most evidence, less the cost of its changes. */
function bestPath(evidence: Float64Array, cost: number): Uint8Array {
  const windows = evidence.length / 24;
  const from = new Uint8Array(evidence.length);
  const total = new Float64Array(24);
  let best = 0;
  for (let w = 0; w < windows; w++) {
    const change = w === 0 ? Number.NEGATIVE_INFINITY : total[best]! - cost;
    const before = best;
    for (let k = 0; k < 24; k++) {
      const moves = change > total[k]!;
      from[w * 24 + k] = moves ? before : k;
      total[k] = (moves ? change : total[k]!) + evidence[w * 24 + k]!;
    }
    best = 0;
    for (let k = 1; k < 24; k++) if (total[k]! > total[best]!) best = k;
  }
  const path = new Uint8Array(windows);
  for (let w = windows - 1, k = best; w >= 0; w--) {
    path[w] = k;
    k = from[w * 24 + k]!;
  }
  return path;
}
