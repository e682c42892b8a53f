import type { Chroma } from "./chroma.ts";
import {
  CHORD_TYPES,
  FAMILIES,
  FAMILY_FIFTH,
  FAMILY_THIRD,
  NO_CHORD,
  POWER_CHORD,
  SINGLE_NOTE,
} from "./tables/chord-types.ts";

/**
 * Chords as columns, before they are spelled: the spans of the chroma grouped into stretches of one harmony.
 *
 * Method: every span scores each root and triad family by what sounds inside and outside the template and by its bass
 * (the positive and negative evidence of Pardo and Birmingham, "Algorithms for chordal analysis", CMJ 26(2), 2002); a
 * Viterbi search picks the path, paying for every change (Sheh and Ellis, "Chord segmentation and
 * recognition using EM-trained HMMs", ISMIR 2003, with templates in place of training). Sevenths, sixths and ninths are told
 * over the whole stretch. Weights were searched on half of a pop corpus with chord truth and judged on the other half.
 */
export interface ChordSegments {
  readonly count: number;
  /** First span of each segment; one more entry closes the last. */
  readonly span: Int32Array;
  /** Pitch class of the root, -1 for no chord. */
  readonly root: Int8Array;
  /** Index of `CHORD_TYPES`, `NO_CHORD` for no chord. */
  readonly type: Int8Array;
  /** Pitch class of the bass, -1 for no chord. */
  readonly bass: Int8Array;
}

/** Evidence per span and state; a whole triad in root position that fills a span scores about 4.8. */
const ROOT = 1.35;
const THIRD = 0.87;
const FIFTH = 1.23;
const EXTENSION = 0.15;
const OUTSIDE = -0.74;
/** A seventh chord all of whose four notes sound is that chord in any inversion (Am7/C, not C6). */
const COMPLETE_SEVENTH = 1.0;
const BASS_ROOT = 1.35;
const BASS_THIRD = 0.53;
const BASS_FIFTH = 0.38;
const BASS_EXTENSION = 0.14;
const FAMILY_PRIOR = [0, -0.05, -0.55, -1.3, -1.0, -1.2];
const NO_CHORD_PRIOR = 0.3;
/** Cost of a change of chord. */
const CHANGE = 1.5;
/** More than one voice on a pitch class adds nothing beyond this. */
const FULL = 1.27;

const STATES = 12 * FAMILIES + 1;
const NONE = STATES - 1;

/** `share`: a span's length in beats, the unit of the evidence. */
export function chordSegments(c: Chroma, share = 0.5): ChordSegments {
  return name(c, bestPath(c, share));
}

/** The dense loop: Viterbi over 73 states a span, all changes costing alike, so linear in states. */
function bestPath(c: Chroma, share: number): Uint8Array {
  const { count, weight, bass } = c;
  const from = new Uint8Array(count * STATES);
  let before = new Float64Array(STATES);
  let after = new Float64Array(STATES);
  const x = new Float64Array(24);
  let best = 0;
  for (let s = 0; s < count; s++) {
    let total = 0;
    for (let p = 0; p < 12; p++) {
      const w = weight[s * 12 + p]!;
      x[p] = x[p + 12] = Math.min(w, FULL);
      total += x[p]!;
    }
    const lowest = bass[s]! < 0 ? -1 : bass[s]! % 12;
    const trust = (total > 0.3 ? 1 : total / 0.3) * share;
    const change = before[best]! - (s === 0 ? 0 : CHANGE);
    const previous = best;
    best = NONE;
    for (let state = 0; state < NONE; state++) {
      const root = (state / FAMILIES) | 0;
      const family = state - root * FAMILIES;
      const third = FAMILY_THIRD[family]!;
      const fifth = FAMILY_FIFTH[family]!;
      const x1 = x[root]!;
      const x3 = x[root + third]!;
      const x5 = x[root + fifth]!;
      let evidence = ROOT * x1 + THIRD * x3 + FIFTH * x5;
      let extension = 10;
      if (family === 0 && x[root + 11]! > x[root + 10]!) extension = 11;
      else if (family === 2 && x[root + 9]! > x[root + 10]!) extension = 9;
      let x7 = family === 3 || family === 5 ? 0 : x[root + extension]!;
      evidence += EXTENSION * x7 + COMPLETE_SEVENTH * Math.min(x1, x3, x5, x7, 1);
      if (family === 0 && x[root + 9]! > 2 * x7) x7 = x[root + (extension = 9)]! / 2;
      evidence = (evidence + OUTSIDE * (total - x1 - x3 - x5 - x7)) * share + FAMILY_PRIOR[family]! * trust;
      if (lowest >= 0) {
        const interval = lowest >= root ? lowest - root : lowest - root + 12;
        if (interval === 0) evidence += BASS_ROOT * share;
        else if (interval === third) evidence += BASS_THIRD * share;
        else if (interval === fifth) evidence += BASS_FIFTH * share;
        else if (interval === extension) evidence += BASS_EXTENSION * share;
      }
      const stay = before[state]!;
      after[state] = evidence + Math.max(stay, change);
      from[s * STATES + state] = stay >= change ? state : previous;
    }
    const stay = before[NONE]!;
    after[NONE] = (NO_CHORD_PRIOR - 2 * total) * share + Math.max(stay, change);
    from[s * STATES + NONE] = stay >= change ? NONE : previous;
    for (let state = 0; state < NONE; state++) if (after[state]! > after[best]!) best = state;
    [before, after] = [after, before];
  }
  const path = new Uint8Array(count);
  for (let s = count - 1, state = best; s >= 0; s--) {
    path[s] = state;
    state = from[s * STATES + state]!;
  }
  return path;
}

/** Groups equal spans and names each group by what sounds over all of it. */
function name(c: Chroma, path: Uint8Array): ChordSegments {
  let count = 0;
  for (let s = 0; s < c.count; s++) if (s === 0 || path[s] !== path[s - 1]) count++;
  const span = new Int32Array(count + 1);
  const root = new Int8Array(count).fill(-1);
  const type = new Int8Array(count).fill(NO_CHORD);
  const bass = new Int8Array(count).fill(-1);
  const sum = new Float64Array(24);
  const low = new Float64Array(12);
  for (let s = 0, segment = 0; s < c.count; segment++) {
    const state = path[s]!;
    span[segment] = s;
    sum.fill(0);
    low.fill(0);
    let end = s;
    for (; end < c.count && path[end] === state; end++) {
      for (let p = 0; p < 12; p++) sum[p] = sum[p]! + Math.min(FULL, c.weight[end * 12 + p]!);
      const lowest = c.bass[end]!;
      if (lowest >= 0) low[lowest % 12] = low[lowest % 12]! + (end === s ? 2 : 1);
    }
    if (state !== NONE) {
      const at = (state / FAMILIES) | 0;
      for (let p = 0; p < 12; p++) sum[p + 12] = sum[p] = sum[p]! / (end - s);
      root[segment] = at;
      type[segment] = typeOver(sum, at, state % FAMILIES);
      bass[segment] = bassOver(low, at, type[segment]!);
    }
    s = end;
  }
  span[count] = c.count;
  return { count, span, root, type, bass };
}

/** Mean share of its time a note must sound to count as part of the chord. */
const PRESENT = 0.3;
const ABSENT = 0.04;

function typeOver(x: Float64Array, root: number, family: number): number {
  if (family <= 1 && x[root + FAMILY_THIRD[family]!]! < ABSENT) {
    let others = 0;
    for (let p = 0; p < 12; p++) if (p !== root && p !== (root + 7) % 12) others += x[p]!;
    if (others < ABSENT) return x[root + 7]! > ABSENT ? POWER_CHORD : SINGLE_NOTE;
  }
  let best = family;
  let most = 0;
  for (let t = FAMILIES; t < POWER_CHORD; t++) {
    const { family: grows, intervals } = CHORD_TYPES[t]!;
    if (grows !== family) continue;
    let sum = 0;
    let least = Infinity;
    for (let i = 3; i < intervals.length; i++) {
      const share = x[root + intervals[i]!]!;
      if (share < least) least = share;
      sum += share;
    }
    if (least > PRESENT && sum > most) {
      most = sum;
      best = t;
    }
  }
  return best;
}

/** The lowest note most of the time if it belongs to the chord, else the root. */
function bassOver(low: Float64Array, root: number, type: number): number {
  let best = root;
  for (const interval of CHORD_TYPES[type]!.intervals) {
    const pc = (root + interval) % 12;
    if (low[pc]! > low[best]!) best = pc;
  }
  return best;
}
