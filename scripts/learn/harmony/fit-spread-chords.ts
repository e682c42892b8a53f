import { NONE } from "../../../lib/analysis/harmony/search/chord-path.ts";
import { MIX, MixedSound } from "../../../lib/analysis/harmony/search/mixed-sound.ts";
import {
  BASS_AT,
  SEVENTHS,
  type SpreadChordWeights,
  windowOf,
} from "../../../lib/analysis/harmony/search/spread-chords.ts";
import { CHORD_TYPES, FAMILIES, FAMILY_FIFTH, FAMILY_THIRD } from "../../../lib/music/chord-types.ts";
import type { TruthChord } from "../../bench/truth/truth-piece.ts";
import { Ascent, climb } from "./ascent.ts";
import { chainSlope } from "./chain.ts";
import { type Heard, labelSpans } from "./heard.ts";

const STATES = NONE + 1;
const COURSE = { rounds: 4, batch: 8, ridge: 0.01 };

/** Where each kind of weight stands among all. */
const SIZES = {
  template: 72,
  mix: MIX.length,
  bass: BASS_AT.length * 13 * FAMILIES,
  key: 24 * FAMILIES,
  prior: FAMILIES,
  none: 2,
  change: 3,
  whole: 2 * FAMILIES,
} as const;
type Part = keyof typeof SIZES;
const PARTS = Object.keys(SIZES) as Part[];
const AT = {} as Record<Part, number>;
let size = 0;
for (const part of PARTS) {
  AT[part] = size;
  size += SIZES[part];
}

/** Intervals that a family may weigh in its own way; what lies outside weighs alike for all. */
const OWN = [
  [0, 3, 4, 7, 10, 11],
  [0, 3, 4, 7, 10],
  [0, 3, 6, 7, 9, 10],
  [0, 4, 7, 8],
  [0, 3, 4, 5, 7],
  [0, 2, 3, 4, 7],
];

export function fitSpreadChords(pieces: readonly Heard[], seed: number): SpreadChordWeights {
  const ascent = new Ascent(firstWeights());
  const add = (heard: Heard) => addSlope(ascent, heard);
  climb(ascent, pieces, { ...COURSE, seed }, add, () => shareOutside(ascent.weights));
  return weightsOf(ascent.weights);
}

/** The state that a chord is, -1 for one that is none of the families. */
function stateOf({ root, kind }: TruthChord): number {
  if (root < 0) return NONE;
  const type = CHORD_TYPES.findIndex(({ name, intervals }) => name === kind && intervals.length > 2);
  return type < 0 ? -1 : root * FAMILIES + CHORD_TYPES[type]!.family;
}

/** Chord tones for, all else against; the numbers to start from decide little. */
function firstWeights(): Float64Array {
  const weights = new Float64Array(size);
  for (let f = 0; f < FAMILIES; f++) {
    for (let i = 0; i < 12; i++) {
      const inside = i === 0 || i === FAMILY_THIRD[f] || i === FAMILY_FIFTH[f];
      weights[AT.template + f * 12 + i] = inside ? 0.8 : -0.8;
    }
    weights[AT.bass + f] = 1.2;
  }
  weights.fill(0.05, AT.mix, AT.mix + MIX.length);
  weights[AT.mix] = 0.7;
  weights[AT.mix + 2] = 0.2;
  weights.set([0, -0.1, -1, -2, -1.2, -1.3], AT.prior);
  weights.set([3, 0.5], AT.none);
  weights.set([5, 3.2, 2], AT.change);
  return weights;
}

function weightsOf(all: Float64Array): SpreadChordWeights {
  const part = (name: Part) => Array.from(all.subarray(AT[name], AT[name] + SIZES[name]), (x) => Number(x.toFixed(3)));
  return Object.fromEntries(PARTS.map((name) => [name, part(name)])) as unknown as SpreadChordWeights;
}

function shareOutside(weights: Float64Array): void {
  for (let i = 0; i < 12; i++) {
    const alike = OWN.flatMap((own, f) => (own.includes(i) ? [] : [AT.template + f * 12 + i]));
    const mean = alike.reduce((sum, at) => sum + weights[at]!, 0) / alike.length;
    for (const at of alike) weights[at] = mean;
  }
}

/** Adds what one piece says: evidence of each span forward, then its slope back into the weights. */
function addSlope({ weights, slope }: Ascent, heard: Heard): void {
  const { chroma, spans, truth, seconds } = heard;
  const labels = labelSpans(seconds, truth.chords!, stateOf);
  const sounds = MIX.map((_, i) => soundOf(heard, i));
  const evidence = new Float64Array(chroma.count * STATES);
  const work = new SpanWork(weights, heard, sounds);
  for (let s = 0; s < chroma.count; s++) work.forward(s, evidence);
  const said = chainSlope(evidence, STATES, labels, spans.strength, weights.subarray(AT.change, AT.change + 3));
  const share = 1 / (4 * Math.sqrt(chroma.count));
  for (let s = 0; s < chroma.count; s++) if (labels[s]! >= 0) work.backward(s, said.evidence, slope, share);
  for (let k = 0; k < 3; k++) slope[AT.change + k]! += share * said.change[k]!;
}

/** One kind of sound of all spans, as `MixedSound` gives it alone. */
function soundOf({ chroma }: Heard, kind: number): Float64Array {
  const sound = new MixedSound(
    chroma,
    MIX.map((_, i) => Number(i === kind)),
  );
  const out = new Float64Array(chroma.count * 12);
  const span = new Float64Array(24);
  for (let s = 0; s < chroma.count; s++) {
    sound.mix(s, span);
    out.set(span.subarray(0, 12), s * 12);
  }
  return out;
}

class SpanWork {
  private readonly mixed = new Float64Array(24);
  private readonly back = new Float64Array(24);
  private readonly weights: Float64Array;
  private readonly heard: Heard;
  private readonly sounds: readonly Float64Array[];

  constructor(weights: Float64Array, heard: Heard, sounds: readonly Float64Array[]) {
    this.weights = weights;
    this.heard = heard;
    this.sounds = sounds;
  }

  private mix(s: number): boolean {
    for (let p = 0; p < 12; p++) {
      let sum = 0;
      for (let b = 0; b < MIX.length; b++) sum += this.weights[AT.mix + b]! * this.sounds[b]![s * 12 + p]!;
      this.mixed[p] = sum;
      this.mixed[p + 12] = sum;
    }
    let sounds = false;
    for (let p = 0; p < 12; p++) if (this.sounds[0]![s * 12 + p]! > 0) sounds = true;
    return sounds;
  }

  /** How much of a whole triad sounds. */
  private triad(root: number, f: number): number {
    const { mixed } = this;
    return Math.max(0, Math.min(mixed[root]!, mixed[root + FAMILY_THIRD[f]!]!, mixed[root + FAMILY_FIFTH[f]!]!));
  }

  /** How much of a whole seventh chord sounds on a triad. */
  private seventh(root: number, f: number, triad: number): number {
    let most = 0;
    for (const i of SEVENTHS[f]!) most = Math.max(most, this.mixed[root + i]!);
    return Math.min(triad, most);
  }

  /** The row of `bass` that speaks for a root at one of the places a bass is looked at. */
  private bassRow(s: number, root: number, place: number): number {
    const { bass, count } = this.heard.chroma;
    const at = s + BASS_AT[place]!;
    const low = at < 0 || at >= count ? -1 : bass[at]!;
    return AT.bass + (place * 13 + (low < 0 ? 12 : (low - root + 120) % 12)) * FAMILIES;
  }

  forward(s: number, evidence: Float64Array): void {
    const { weights, mixed } = this;
    const sounds = this.mix(s);
    for (let root = 0; root < 12; root++) {
      const row = s * STATES + root * FAMILIES;
      for (let f = 0; f < FAMILIES; f++) {
        let sum = weights[AT.prior + f]!;
        for (let i = 0, at = AT.template + f * 12; i < 12; i++, at++) sum += weights[at]! * mixed[root + i]!;
        const triad = this.triad(root, f);
        if (triad > 0) {
          sum += weights[AT.whole + f]! * triad;
          sum += weights[AT.whole + FAMILIES + f]! * this.seventh(root, f, triad);
        }
        evidence[row + f] = sum;
      }
      for (let place = 0; place < BASS_AT.length; place++) {
        const from = this.bassRow(s, root, place);
        for (let f = 0; f < FAMILIES; f++) evidence[row + f]! += weights[from + f]!;
      }
    }
    this.eachKey(s, (k, chance) => {
      for (let root = 0; root < 12; root++)
        for (let f = 0, from = keyRow(k, root); f < FAMILIES; f++)
          evidence[s * STATES + root * FAMILIES + f]! += chance * weights[from + f]!;
    });
    evidence[s * STATES + NONE] = weights[AT.none + Number(sounds)]!;
  }

  private eachKey(s: number, each: (key: number, chance: number) => void): void {
    const { windows } = this.heard;
    const from = windowOf(windows, s) * 24;
    for (let k = 0; k < 24; k++)
      if (windows.probability[from + k]! >= LEAST_LIKELY) each(k, windows.probability[from + k]!);
  }

  backward(s: number, said: Float64Array, slope: Float64Array, share: number): void {
    const sounds = this.mix(s);
    this.back.fill(0);
    for (let root = 0; root < 12; root++)
      for (let f = 0; f < FAMILIES; f++) {
        const much = said[s * STATES + root * FAMILIES + f]!;
        if (Math.abs(much) > LEAST_SLOPE) this.backState(s, root, f, share * much, slope);
      }
    slope[AT.none + Number(sounds)]! += share * said[s * STATES + NONE]!;
    for (let b = 0; b < MIX.length; b++)
      for (let p = 0; p < 12; p++)
        slope[AT.mix + b]! += (this.back[p]! + this.back[p + 12]!) * this.sounds[b]![s * 12 + p]!;
  }

  private backState(s: number, root: number, f: number, much: number, slope: Float64Array): void {
    const { weights, mixed, back } = this;
    slope[AT.prior + f]! += much;
    for (let i = 0, at = AT.template + f * 12; i < 12; i++, at++) {
      slope[at]! += much * mixed[root + i]!;
      back[root + i]! += much * weights[at]!;
    }
    const triad = this.triad(root, f);
    slope[AT.whole + f]! += much * triad;
    slope[AT.whole + FAMILIES + f]! += much * this.seventh(root, f, triad);
    for (let place = 0; place < BASS_AT.length; place++) slope[this.bassRow(s, root, place) + f]! += much;
    this.eachKey(s, (k, chance) => {
      slope[keyRow(k, root) + f]! += much * chance;
    });
  }
}

/** The row of `key` that speaks for a root in a key. */
const keyRow = (key: number, root: number) => AT.key + ((key < 12 ? 0 : 12) + ((root - key + 24) % 12)) * FAMILIES;

/** Keys less likely than this have no part, nor have chords whose chance is within `LEAST_SLOPE` of the truth. */
const LEAST_LIKELY = 0.01;
const LEAST_SLOPE = 1e-3;
