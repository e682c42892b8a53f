import { isCompound } from "../../music/compound-meter.ts";
import { notationWeights } from "./notation-weights.ts";

/**
 * The meters that are told apart, and what was learned about them: weights of a softmax regression over every meter
 * and every phase of its bar, on 5,300 files with known meters: pop songs, folk tunes of five collections, chorales,
 * string quartets, keyboard works, game music, vocal music of the Renaissance; no kind counts by its number of files.
 * With the collection left out of the learning altogether, exact (the right length of bar): pop .97 (.98), folk tunes with
 * chords .92 (.94), chorales .96 (.97), string quartets .75 (.82), keyboard works .61 (.73), game music .77 (.79), lone folk
 * melodies .61 (.65), fiddle tunes of three books .76, .66, .71 (.92, .74, .82). What is mistaken is mostly 2/4 or 2/2 for
 * 4/4. The weights below are of all files.
 */
export interface MeterCandidate {
  readonly numerator: number;
  readonly denominator: number;
  /** Sixteenths of a bar, and of the beat as it is counted (a dotted quarter in 6/8). */
  readonly bar: number;
  readonly beat: number;
  /** How common it is, as a log-odds offset. */
  readonly bias: number;
  /** What each notation trait adds to it, in the order of `NOTATION_TRAITS`. */
  readonly notation: Float64Array;
  /** Strength of each sixteenth of the bar: one more for each level of the metrical hierarchy it begins, normalised. */
  readonly template: Float64Array;
}

/**
 * Phase-dependent weights, by accent kind in the order of meter-accents.ts. `fit`: correlation of the accent with the
 * template. `peak`: the accent at the bar line against the mean of the beats, halved.
 */
export const ACCENT_WEIGHTS = {
  fit: [-0.113, 9.307, 0.55, 3.733, 0.212, -0.074, -2.315, 3.106, 2.918, 0.322],
  peak: [0, 10.8, 0.096, 5.096, 3.65, -1.059, 0, -8.456, 1.973, -1.057],
  /** The bar lines fall on whole bars from the start of the file. */
  fromStart: 1.276,
} as const;

/** Weights of what repeats, against the mean over lags, and of the share of accents' variance a period explains. */
export const REPEAT_WEIGHTS = {
  pitchesAfterBar: 2.312,
  onsetsAfterBar: 3.882,
  pitchesAfterTwoBars: 1.047,
  onsetsAfterTwoBars: 5.102,
  pitchesAfterFourBars: 2.679,
  onsetsAfterFourBars: 1.048,
  pitchesAfterBeat: 0.643,
  onsetsAfterBeat: 7.699,
  /** Explained by the bar beyond the beat. */
  barOnset: 1.722,
  barLength: 2.644,
  barHarmony: 0.794,
  beatOnset: -6.18,
  beatLength: 13.386,
} as const;

/**
 * Weights that place the bar line once the meter is chosen, learned on the pieces whose bar lines are known: right in
 * 84 % of those with the right meter, 72 % by the accents alone.
 */
export const BAR_LINE_WEIGHTS = {
  /** Of the score by accents. */
  evidence: 0.68,
  /** The first onset is on the bar line; before the middle of the bar but not on it; on a later beat: a pickup. */
  onset: -0.413,
  early: -2.18,
  onBeat: -0.607,
  /** The last onset is on the bar line; on the middle of the bar. */
  lastOnset: 0.838,
  lastOnHalf: 1.312,
  /** The last note ends on a bar line. */
  end: 0.225,
} as const;

/**
 * Weights of the length of a lone melody counted in bars: tunes are written in whole numbers of 2, 4, 8 and 16 bars (to less than
 * an eighth), mostly of 16, rarely in fewer than 7.5.
 */
export const FORM_WEIGHTS = {
  twoBars: 1.49,
  fourBars: 0.179,
  eightBars: 0.002,
  sixteenBars: -0.341,
  eight: -0.358,
  sixteen: 1.361,
  few: -2.061,
} as const;

/** Lags, in sixteenths, over which repetition is compared; and those whose mean it is held against. */
export const LAGS_COMPARED = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48] as const;
export const LAGS = [...LAGS_COMPARED, 56, 64, 72, 80, 96] as const;

/**
 * What makes the confidence honest on kinds of music left out of the learning: factor on the log-odds, and what is added.
 * How a lone melody's bars are written is a convention of its collection: it is never surer than `most`.
 */
export const CALIBRATION = {
  full: { slope: 0.57, offset: 0.7, most: 1 },
  lone: { slope: 0.64, offset: 0.2, most: 0.89 },
} as const;

export const METERS: readonly MeterCandidate[] = Object.freeze([
  candidate(2, 4, 2.603),
  candidate(3, 4, 1.571),
  candidate(4, 4, 2.487),
  candidate(2, 2, 0.931),
  candidate(3, 2, -1.7),
  candidate(3, 8, -0.118),
  candidate(6, 8, 2.476),
  candidate(9, 8, 0.532),
  candidate(12, 8, -2.649),
  candidate(6, 4, -1.326),
  candidate(5, 4, -1.775),
  candidate(4, 2, -1.503),
  candidate(7, 8, -1.53),
]);

function candidate(numerator: number, denominator: number, bias: number): MeterCandidate {
  const bar = (numerator * 16) / denominator;
  const unit = 16 / denominator;
  const compound = isCompound(numerator);
  const beat = compound ? 3 * unit : unit;
  const template = normalised(levels(numerator, bar, unit, compound));
  return {
    numerator,
    denominator,
    bar,
    beat,
    bias,
    notation: notationWeights(`${numerator}/${denominator}`),
    template,
  };
}

function levels(numerator: number, bar: number, unit: number, compound: boolean): Float64Array {
  const weights = new Float64Array(bar);
  const add = (step: number, weight = 1) => {
    for (let t = 0; t < bar; t += step) weights[t]! += weight;
  };
  add(bar);
  if (numerator === 4 || numerator === 12) add(bar / 2);
  if (numerator === 5) {
    weights[8]! += 0.5;
    weights[12]! += 0.5;
  }
  if (numerator === 7) {
    weights[4]! += 0.5;
    weights[6]! += 0.5;
    weights[8]! += 1;
    add(2);
  } else add(compound ? 3 * unit : unit);
  for (let step = compound ? unit : unit / 2; step >= 1; step /= 2) add(step);
  return weights;
}

/** Mean 0, length 1. */
function normalised(weights: Float64Array): Float64Array {
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const size = Math.sqrt(weights.reduce((sum, w) => sum + (w - mean) ** 2, 0));
  return weights.map((w) => (w - mean) / size);
}
