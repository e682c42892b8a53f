import type { Chroma } from "./chroma.ts";
import { FAMILIES, FAMILY_FIFTH, FAMILY_THIRD } from "./tables/chord-types.ts";

/**
 * Which chord sounds in each span: root and triad family, the spans' own evidence weighed against changing.
 *
 * Method: every span scores each root and family by what sounds inside and outside the template and by its bass (the
 * positive and negative evidence of Pardo and Birmingham, "Algorithms for chordal analysis", CMJ 26(2), 2002); a Viterbi
 * search picks the path, paying for every change, least at a bar line (Sheh and Ellis, "Chord segmentation and recognition
 * using EM-trained HMMs", ISMIR 2003, with templates in place of training). The weights were searched on half of a pop
 * corpus with chord truth and judged on the other half, where they did as well.
 */

/** Evidence a beat. A whole triad in root position that fills the beat scores about 4.7. */
const ROOT = 1.2;
const THIRD = 0.87;
const FIFTH = 1.23;
const EXTENSION = 0.15;
const OUTSIDE = -0.87;
/** A seventh chord all of whose four notes sound is that chord in any inversion (Am7/C, not C6). */
const COMPLETE_SEVENTH = 1.0;
/** A diminished or augmented chord is nothing without its third. */
const MISSING_THIRD = 0.8;
const BASS_ROOT = 1.37;
const BASS_THIRD = 0.53;
const BASS_FIFTH = 0.15;
const BASS_EXTENSION = 0.28;
/** What speaks for each family before a note is heard, in the order of `FAMILY_THIRD`. */
const PRIOR = [0, -0.1, -0.35 - MISSING_THIRD, -1.1 - MISSING_THIRD, -1.1, -1.2];
const NO_CHORD_PRIOR = 0.3;
/** Cost of a change of chord between beats, on a beat and at a bar line. */
const CHANGE_BETWEEN = 2.5;
const CHANGE_ON_BEAT = 1.4;
const CHANGE_AT_BAR = 0.55;
/** A span is about half a beat; what it says is as good as this much of one. */
const SHARE = 0.65;
/** More than one voice on a pitch class adds nothing beyond this. */
const FULL = 1.3;
/** What sounded in the span before still counts this much: broken chords. */
const ECHO = 0.3;

const STATES = 12 * FAMILIES + 1;
/** The state in which no chord sounds; the others are root times `FAMILIES` plus family. */
export const NONE = STATES - 1;

/** Prior and evidence of the bass, by its interval above the root, then family; a last row for spans without bass. */
const BASS = Float64Array.from({ length: 13 * FAMILIES }, (_, i) => {
  const interval = Math.floor(i / FAMILIES);
  const family = i % FAMILIES;
  const prior = PRIOR[family]!;
  if (interval === 12) return prior;
  if (interval === 0) return prior + BASS_ROOT;
  if (interval === FAMILY_THIRD[family]) return prior + BASS_THIRD;
  if (interval === FAMILY_FIFTH[family]) return prior + BASS_FIFTH;
  return prior + (interval >= 9 ? BASS_EXTENSION : 0);
});

/** A note of the chord counts for itself and is not outside. */
const ROOT_IN = ROOT - OUTSIDE;
const THIRD_IN = THIRD - OUTSIDE;
const FIFTH_IN = FIFTH - OUTSIDE;
const DECISIVE_THIRD_IN = THIRD_IN + MISSING_THIRD;
const EXTENSION_IN = EXTENSION - OUTSIDE;

const COSTS = Float64Array.of(CHANGE_BETWEEN / SHARE, CHANGE_ON_BEAT / SHARE, CHANGE_AT_BAR / SHARE);

/** Working space: score of the best path to each state, the span at which that path came to it, evidence of one root. */
const total = new Float64Array(STATES);
const since = new Int32Array(STATES);
const evidence = new Float64Array(FAMILIES);
/** The best total of each root. */
const rootMost = new Float64Array(12);

/**
 * Viterbi over 73 states a span, all changes costing alike, so linear in states. A root that does not sound can't begin a
 * chord, which leaves most roots of most spans without work. As every change comes from the best state, the best state
 * of each span and since when its path is on it are all that has to be remembered.
 */
export function chordPath(c: Chroma, strength: Uint8Array): Uint8Array {
  const { count } = c;
  const bestState = new Uint8Array(count);
  const bestSince = new Int32Array(count);
  total.fill(0);
  since.fill(0);
  rootMost.fill(0);
  let best = NONE;
  let most = 0;
  for (let s = 0; s < count; s++) {
    const change = s === 0 ? 0 : most - COSTS[strength[s]!]!;
    const loudness = listen(c, s);
    const bass = c.bass[s]!;
    best = NONE;
    if (total[NONE]! < change) since[NONE] = s;
    most = Math.max(total[NONE]!, change) + NO_CHORD_PRIOR - 2 * loudness;
    total[NONE] = most;
    for (let root = 0; root < 12; root++) {
      const first = root * FAMILIES;
      const end = first + FAMILIES;
      // No chord on this root is worth beginning or staying on.
      if (sounding[root] === 0 && rootMost[root]! < change) {
        if (rootMost[root] !== DEAD) total.fill(DEAD, first, end);
        rootMost[root] = DEAD;
        continue;
      }
      weigh(root, loudness, bass);
      let top = DEAD;
      for (let state = first, family = 0; state < end; state++, family++) {
        let sum = total[state]!;
        if (sum < change) {
          sum = change;
          since[state] = s;
        }
        sum += evidence[family]!;
        total[state] = sum;
        if (sum > top) top = sum;
        if (sum > most) {
          most = sum;
          best = state;
        }
      }
      rootMost[root] = top;
    }
    bestState[s] = best;
    bestSince[s] = since[best]!;
  }
  return retrace(bestState, bestSince);
}

function retrace(bestState: Uint8Array, bestSince: Int32Array): Uint8Array {
  const path = new Uint8Array(bestState.length);
  for (let last = path.length - 1; last >= 0; ) {
    const first = bestSince[last]!;
    path.fill(bestState[last]!, first, last + 1);
    last = first - 1;
  }
  return path;
}

const DEAD = -Infinity;

const sounding = new Float64Array(24);

/** A `Math.min` that need not mind NaN and signed zeros: an eighth of the time of the search. */
function lesser(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: this is the fast way
  return a < b ? a : b;
}

function greater(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: this is the fast way
  return a > b ? a : b;
}

/** The dense part: evidence of what sounds for the six families on a root into `evidence`. */
function weigh(root: number, loudness: number, bass: number): void {
  const x = sounding;
  const row = (bass < 0 ? 12 : (bass - root + 12) % 12) * FAMILIES;
  const x1 = x[root]!;
  const minor3 = x[root + 3]!;
  const major3 = x[root + 4]!;
  const fourth = x[root + 5]!;
  const dim5 = x[root + 6]!;
  const x5 = x[root + 7]!;
  const x6 = x[root + 9]!;
  const minor7 = x[root + 10]!;
  const x7 = greater(minor7, x[root + 11]!);
  const dim7 = greater(minor7, x6);
  const whole = lesser(x1, x5);
  const open = OUTSIDE * loudness + ROOT_IN * x1;
  const fifth = open + FIFTH_IN * x5;
  evidence[0] =
    fifth +
    THIRD_IN * major3 +
    EXTENSION * x7 -
    OUTSIDE * greater(x7, x6 / 2) +
    COMPLETE_SEVENTH * lesser(whole, lesser(major3, x7)) +
    BASS[row]!;
  evidence[1] =
    fifth +
    THIRD_IN * minor3 +
    EXTENSION_IN * x7 +
    COMPLETE_SEVENTH * lesser(whole, lesser(minor3, x7)) +
    BASS[row + 1]!;
  evidence[2] =
    open +
    FIFTH_IN * dim5 +
    DECISIVE_THIRD_IN * minor3 +
    EXTENSION_IN * dim7 +
    COMPLETE_SEVENTH * lesser(lesser(x1, dim5), lesser(minor3, dim7)) +
    BASS[row + 2]!;
  evidence[3] = open + FIFTH_IN * x[root + 8]! + DECISIVE_THIRD_IN * major3 + BASS[row + 3]!;
  evidence[4] =
    fifth +
    THIRD_IN * fourth +
    EXTENSION_IN * minor7 +
    COMPLETE_SEVENTH * lesser(whole, lesser(fourth, minor7)) +
    BASS[row + 4]!;
  evidence[5] = fifth + THIRD_IN * x[root + 2]! + BASS[row + 5]!;
}

/** Fills `sounding` (twice over, to save the modulo) and returns its sum. */
function listen(c: Chroma, span: number): number {
  const echo = span > 0 && c.bass[span]! >= 0 ? ECHO : 0;
  const scale = 1 / (1 + echo);
  let loudness = 0;
  for (let p = 0, at = span * 12; p < 12; p++, at++) {
    const before = echo === 0 ? 0 : c.weight[at - 12]! * echo;
    const w = lesser(FULL, (c.weight[at]! + before) * scale);
    sounding[p] = w;
    sounding[p + 12] = w;
    loudness += w;
  }
  return loudness;
}
