import { FAMILIES, FAMILY_FIFTH, FAMILY_THIRD } from "../../../music/chord-types.ts";
import type { Chroma } from "../sound/chroma.ts";
import type { KeyWindows } from "../sound/key-windows.ts";
import { NONE } from "./chord-path.ts";
import { SPREAD_CHORDS } from "./learned-spread-chords.ts";
import { MixedSound } from "./mixed-sound.ts";

/**
 * Which chord sounds in each span where chords are spread over lines: counterpoint, broken chords, a bass in eighths.
 *
 * Method: a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) over the states of chord-path.ts, all
 * changes costing alike by where they fall. A state's evidence is a template over what sounds in and around the span, the
 * bass before, in and after it, whole triads and sevenths, and the chord's place in the keys that fit here. All weights are
 * learned (`bun scripts/learn.ts chords`).
 */

const STATES = 12 * FAMILIES + 1;

/** Where the basses that are looked at lie. */
export const BASS_AT = [0, -1, 1] as const;

/** What may stand above each family's triad. */
export const SEVENTHS: readonly (readonly number[])[] = [[10, 11], [10], [9, 10], [10], [10], []];

/** The weights, in one unit of evidence (natural logarithms of odds). */
export interface SpreadChordWeights {
  /** One for each of `MIX`. */
  readonly mix: readonly number[];
  /** By family, then interval above the root: 6 rows of 12. */
  readonly template: readonly number[];
  /** For each of `BASS_AT` by interval above the root (12: no bass), then family: 3 times 13 rows of 6. */
  readonly bass: readonly number[];
  /** By mode of the key (major, minor), root above the tonic, family: 24 rows of 6. */
  readonly key: readonly number[];
  /** By family. */
  readonly prior: readonly number[];
  /** No chord: in silence, while something sounds. */
  readonly none: readonly number[];
  /** Cost of a change between beats, on a beat, at a bar line. */
  readonly change: readonly number[];
  /** A whole triad by family, then a whole seventh chord. */
  readonly whole: readonly number[];
}

/** Keys less likely than this have no part. */
const LEAST_LIKELY = 0.01;

/** Which window of keys speaks for a span. */
export function windowOf(windows: KeyWindows, span: number): number {
  return Math.max(0, Math.min(windows.count - 1, Math.floor((span - windows.hop / 2) / windows.hop)));
}

export class SpreadChordSearch {
  private readonly total = new Float64Array(STATES);
  private readonly since = new Int32Array(STATES);
  /** What sounds, mixed, twice over to save the modulo. */
  private readonly mixed = new Float64Array(24);
  private readonly evidence = new Float64Array(STATES);
  private readonly prior = new Float64Array(STATES - 1);

  /** The state of each span, as `ChordSearch.path`. */
  path(chroma: Chroma, strength: Uint8Array, windows: KeyWindows, weights = SPREAD_CHORDS): Uint8Array {
    const { count } = chroma;
    const { total, since, evidence } = this;
    const sound = new MixedSound(chroma, weights.mix);
    const bestState = new Uint8Array(count);
    const bestSince = new Int32Array(count);
    let best = NONE;
    let window = -1;
    total.fill(0);
    since.fill(0);
    for (let s = 0; s < count; s++) {
      const next = windowOf(windows, s);
      if (next !== window) this.weighKeys(windows, (window = next), weights);
      const heard = sound.mix(s, this.mixed);
      this.weigh(chroma, s, heard, weights);
      const change = s === 0 ? Number.NEGATIVE_INFINITY : total[best]! - weights.change[strength[s]!]!;
      const floor = total[best]!;
      best = 0;
      for (let state = 0; state < STATES; state++) {
        let sum = total[state]!;
        if (change > sum) {
          sum = change;
          since[state] = s;
        }
        total[state] = sum - floor + evidence[state]!;
        if (total[state]! > total[best]!) best = state;
      }
      bestState[s] = best;
      bestSince[s] = since[best]!;
    }
    return retrace(bestState, bestSince);
  }

  /** Fills `prior`: what family and place in the likely keys say for each chord. */
  private weighKeys({ probability }: KeyWindows, window: number, { key, prior }: SpreadChordWeights): void {
    for (let state = 0; state < STATES - 1; state++) this.prior[state] = prior[state % FAMILIES]!;
    for (let k = 0; k < 24; k++) {
      const chance = probability[window * 24 + k]!;
      if (chance < LEAST_LIKELY) continue;
      for (let root = 0; root < 12; root++) {
        const row = ((k < 12 ? 0 : 12) + ((root - k + 24) % 12)) * FAMILIES;
        for (let f = 0; f < FAMILIES; f++) this.prior[root * FAMILIES + f]! += chance * key[row + f]!;
      }
    }
  }

  /** Fills `evidence` of all states in a span. One of the dense loops. */
  private weigh({ bass, count }: Chroma, s: number, heard: boolean, weights: SpreadChordWeights): void {
    const { evidence, mixed, prior } = this;
    const { template, whole } = weights;
    for (let root = 0; root < 12; root++)
      for (let f = 0; f < FAMILIES; f++) {
        let sum = prior[root * FAMILIES + f]!;
        for (let i = 0; i < 12; i++) sum += template[f * 12 + i]! * mixed[root + i]!;
        const triad = Math.min(mixed[root]!, mixed[root + FAMILY_THIRD[f]!]!, mixed[root + FAMILY_FIFTH[f]!]!);
        if (triad > 0) {
          let seventh = 0;
          for (const i of SEVENTHS[f]!) if (mixed[root + i]! > seventh) seventh = mixed[root + i]!;
          sum += whole[f]! * triad + whole[FAMILIES + f]! * Math.min(triad, seventh);
        }
        evidence[root * FAMILIES + f] = sum;
      }
    for (let place = 0; place < BASS_AT.length; place++) {
      const at = s + BASS_AT[place]!;
      const low = at < 0 || at >= count ? -1 : bass[at]!;
      for (let root = 0; root < 12; root++) {
        const row = (place * 13 + (low < 0 ? 12 : (low - root + 12) % 12)) * FAMILIES;
        for (let f = 0; f < FAMILIES; f++) evidence[root * FAMILIES + f]! += weights.bass[row + f]!;
      }
    }
    evidence[NONE] = weights.none[heard ? 1 : 0]!;
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
