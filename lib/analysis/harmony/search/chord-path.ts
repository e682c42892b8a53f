import { FAMILIES } from "../../../music/chord-types.ts";
import { type Chroma, WHOLE } from "../sound/chroma.ts";
import {
  BASS,
  COMPLETE,
  COSTS,
  DECISIVE_THIRD_IN,
  ECHOED,
  EXTENSION_ALONE,
  EXTENSION_IN,
  FIFTH_IN,
  LOUDEST,
  NO_SENSE,
  NOT_IN,
  OWN,
  ROOT_IN,
  SILENCE,
  THIRD_IN,
  TOTAL_SHIFT,
} from "./chord-weights.ts";

/**
 * Which chord sounds in each span: root and triad family, the spans' own evidence weighed against changing.
 *
 * Method: every span scores each root and family by what sounds inside and outside the template and by its bass (the
 * positive and negative evidence of Pardo and Birmingham, "Algorithms for chordal analysis", CMJ 26(2), 2002); a Viterbi
 * search picks the path, paying for every change, least at a bar line (Sheh and Ellis, "Chord segmentation and recognition
 * using EM-trained HMMs", ISMIR 2003, with templates in place of training). The weights are in tables/chord-weights.ts.
 */

const STATES = 12 * FAMILIES + 1;
/** The state in which no chord sounds; the others are root times `FAMILIES` plus family. */
export const NONE = STATES - 1;

/**
 * A total holds in its low bits the span at which the path came to its state: the larger of two brings its beginning
 * along.
 */
const SPAN_BITS = 15;
const SPAN_MASK = (1 << SPAN_BITS) - 1;

/** Finds the path of one piece after the other; its buffers hold what it hears of the piece at hand. */
export class ChordSearch {
  /** Total of the best path to each state, and of each root. */
  private readonly total = new Int32Array(STATES);
  private readonly rootMost = new Int32Array(12);
  /** What is taken off all totals: the best of the span before, which keeps them small. */
  private before = 0;
  /** The total of a path that changes its chord here. */
  private change = 0;
  /** What sounds in a span: 12 pitch classes, twice over to save the modulo, and their sum. */
  private readonly sounding = new Int32Array(24);
  private loudness = 0;
  /** What sounds in the span last listened to, without echo. */
  private readonly now = new Int32Array(12);

  /**
   * Viterbi over 73 states a span, all changes costing alike, so linear in states. A root that does not sound can't begin a
   * chord, which leaves most roots of most spans without work. As every change comes from the best state, the best state
   * of each span and since when its path is on it are all that has to be remembered.
   */
  path(chroma: Chroma, strength: Uint8Array): Uint8Array {
    const { count } = chroma;
    const bestState = new Uint8Array(count);
    const bestSince = new Int32Array(count);
    this.total.fill(0);
    this.rootMost.fill(0);
    this.before = 0;
    /** The roots weighed in the span before, a bit each. */
    let alive = 0xfff;
    for (let s = 0; s < count; s++) {
      this.change = s === 0 ? 0 : (-COSTS[strength[s]!]! << SPAN_BITS) | s;
      const roots = this.stayingRoots(alive, this.listen(chroma, s));
      let best = NONE;
      let most = this.reach(NONE, this.loudness === 0 ? SILENCE : NO_SENSE);
      const bass = chroma.bass[s]! < 0 ? -1 : chroma.bass[s]! % 12;
      for (let left = roots; left !== 0; left &= left - 1) {
        const root = 31 - Math.clz32(left & -left);
        if ((alive & (1 << root)) === 0) this.begin(root);
        const top = this.weigh(root, bass < 0 ? 12 : bass < root ? bass - root + 12 : bass - root);
        this.rootMost[root] = top;
        if (top > most) {
          most = top;
          best = root;
        }
      }
      if (best !== NONE) {
        best *= FAMILIES;
        while (this.total[best] !== most) best++;
      }
      bestState[s] = best;
      bestSince[s] = most & SPAN_MASK;
      alive = roots;
      this.before = most & ~SPAN_MASK;
    }
    return retrace(bestState, bestSince);
  }

  /** The roots that sound, and those that still are worth staying on. */
  private stayingRoots(alive: number, heard: number): number {
    let roots = heard;
    for (let left = alive & ~heard; left !== 0; left &= left - 1) {
      const root = 31 - Math.clz32(left & -left);
      if (this.rootMost[root]! - this.before >= this.change) roots |= 1 << root;
    }
    return roots;
  }

  /** A root that was not weighed in the span before can only be changed to. */
  private begin(root: number): void {
    for (let state = root * FAMILIES, end = state + FAMILIES; state < end; state++)
      this.total[state] = this.before + this.change;
  }

  /** Moves one state on: from itself or by a this.change, whichever is better, and its evidence. */
  private reach(state: number, evidence: number): number {
    const sum =
      (Math.max((this.total[state]! - this.before) | 0, this.change) + ((evidence >> TOTAL_SHIFT) << SPAN_BITS)) | 0;
    this.total[state] = sum;
    return sum;
  }

  /** The dense part: moves the six families on a root on by what sounds; returns the best total among them. */
  private weigh(root: number, bass: number): number {
    const x = this.sounding;
    const row = bass * FAMILIES;
    const state = root * FAMILIES;
    const x1 = x[root]!;
    const minor3 = x[root + 3]!;
    const major3 = x[root + 4]!;
    const fourth = x[root + 5]!;
    const dim5 = x[root + 6]!;
    const x5 = x[root + 7]!;
    const x6 = x[root + 9]!;
    const minor7 = x[root + 10]!;
    const x7 = Math.max(minor7, x[root + 11]!);
    const dim7 = Math.max(minor7, x6);
    const whole = Math.min(x1, x5);
    const open = (Math.imul(ROOT_IN, x1) - Math.imul(NOT_IN, this.loudness)) | 0;
    const fifth = (open + Math.imul(FIFTH_IN, x5)) | 0;
    const major =
      (fifth +
        Math.imul(THIRD_IN, major3) +
        Math.imul(EXTENSION_ALONE, x7) +
        Math.imul(NOT_IN, Math.max(x7, x6 >> 1)) +
        Math.imul(COMPLETE, Math.min(whole, Math.min(major3, x7))) +
        BASS[row]!) |
      0;
    const minor =
      (fifth +
        Math.imul(THIRD_IN, minor3) +
        Math.imul(EXTENSION_IN, x7) +
        Math.imul(COMPLETE, Math.min(whole, Math.min(minor3, x7))) +
        BASS[row + 1]!) |
      0;
    const diminished =
      (open +
        Math.imul(FIFTH_IN, dim5) +
        Math.imul(DECISIVE_THIRD_IN, minor3) +
        Math.imul(EXTENSION_IN, dim7) +
        Math.imul(COMPLETE, Math.min(Math.min(x1, dim5), Math.min(minor3, dim7))) +
        BASS[row + 2]!) |
      0;
    const augmented =
      (open + Math.imul(FIFTH_IN, x[root + 8]!) + Math.imul(DECISIVE_THIRD_IN, major3) + BASS[row + 3]!) | 0;
    const fourths =
      (fifth +
        Math.imul(THIRD_IN, fourth) +
        Math.imul(EXTENSION_IN, minor7) +
        Math.imul(COMPLETE, Math.min(whole, Math.min(fourth, minor7))) +
        BASS[row + 4]!) |
      0;
    const seconds = (fifth + Math.imul(THIRD_IN, x[root + 2]!) + BASS[row + 5]!) | 0;
    const plain = Math.max(this.reach(state, major), this.reach(state + 1, minor));
    const altered = Math.max(this.reach(state + 2, diminished), this.reach(state + 3, augmented));
    const suspended = Math.max(this.reach(state + 4, fourths), this.reach(state + 5, seconds));
    return Math.max(plain, Math.max(altered, suspended));
  }

  /** Fills `sounding` and `this.loudness`; returns which pitch classes sound, a bit each. */
  private listen({ weight, bass }: Chroma, span: number): number {
    const echo = span > 0 && bass[span]! >= 0;
    const own = echo ? OWN : 65_536;
    const echoed = echo ? ECHOED : 0;
    let sum = 0;
    let heard = 0;
    for (let p = 0, at = span * 12; p < 12; p++, at++) {
      const x = Math.min(weight[at]!, 8 * WHOLE);
      const w = Math.min((Math.imul(x, own) + Math.imul(this.now[p]!, echoed)) >> 16, LOUDEST);
      this.now[p] = x;
      this.sounding[p] = w;
      this.sounding[p + 12] = w;
      sum = (sum + w) | 0;
      heard |= ((0 - w) >>> 31) << p;
    }
    this.loudness = sum;
    return heard;
  }
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
