/**
 * The meters that are told apart, and what was learned about them: weights of a softmax regression on half of 1,235
 * files with known meters (pop songs, folk tunes, keyboard works, game music), trained with the phase of the bar as a
 * hidden choice. Exact on the other half: pop .96, folk .94, keyboard .70. With a source left out of the learning
 * altogether: pop .95, folk .72 (.94 the right length of bar), keyboard .38 (.51): 2/4, 2/2 and 4/4 sound alike.
 */
export interface MeterCandidate {
  readonly numerator: number;
  readonly denominator: number;
  /** Sixteenths of a bar, and of the beat as it is counted (a dotted quarter in 6/8). */
  readonly bar: number;
  readonly beat: number;
  /** How common it is, as a log-odds offset. */
  readonly bias: number;
  /** Strength of each sixteenth of the bar: one more for each level of the metrical hierarchy it begins, normalised. */
  readonly template: Float64Array;
}

/**
 * Phase-dependent weights. `fit`: correlation of each accent with the template. `peak`: each accent at the bar line
 * against the mean of the beats, halved. `spread`: relative deviation of each accent among the beats of the bar.
 */
export const PHASE_WEIGHTS = {
  fit: [-1.667, 7.865, 3.542, 3.685, 4.355, -3.42, -4.676],
  peak: [-1.513, 4.339, -0.012, 3.353, 1.385, -0.433],
  spread: [-1.123, 0.682, 3.049, 3.066],
  /** The bar lines fall on whole bars from the start of the file. */
  fromStart: 1.372,
} as const;

/** Weights of what repeats, against the mean over all lags, and of the share of accents' variance a period explains. */
export const REPEAT_WEIGHTS = {
  pitchesAfterBar: 3.273,
  onsetsAfterBar: 2.764,
  pitchesAfterTwoBars: 0.179,
  onsetsAfterTwoBars: 4.88,
  pitchesAfterBeat: 2.499,
  onsetsAfterBeat: 4.439,
  /** Explained by the bar beyond the beat: onset, length, harmony, bass, kick. */
  barOnset: -0.275,
  barLength: 1.519,
  barHarmony: 0.535,
  barBass: -3.02,
  barKick: 5.908,
  beatOnset: 2.387,
  beatLength: 6.671,
} as const;

/** Lags, in sixteenths, over which repetition is compared. */
export const LAGS = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48] as const;

/** The regression is a little too careful on files it has not seen; this factor on its log-odds makes it honest. */
export const SHARPNESS = 1.3;

export const METERS: readonly MeterCandidate[] = Object.freeze([
  candidate(2, 4, 1.553),
  candidate(3, 4, 1.326),
  candidate(4, 4, 2.556),
  candidate(2, 2, 0.198),
  candidate(3, 2, -3.719),
  candidate(3, 8, -0.81),
  candidate(6, 8, 1.688),
  candidate(9, 8, 0.199),
  candidate(12, 8, -3.469),
  candidate(6, 4, -1.762),
  candidate(5, 4, -1.055),
  candidate(7, 8, -2.312),
]);

function candidate(numerator: number, denominator: number, bias: number): MeterCandidate {
  const bar = (numerator * 16) / denominator;
  const unit = 16 / denominator;
  const compound = numerator % 3 === 0 && numerator > 3;
  const beat = compound ? 3 * unit : unit;
  return { numerator, denominator, bar, beat, bias, template: normalised(levels(numerator, bar, unit, compound)) };
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
