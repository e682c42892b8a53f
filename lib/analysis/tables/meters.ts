/**
 * The meters that are told apart, and what was learned about them: weights of a softmax regression over every meter
 * and every phase of its bar, on 3,700 files with known meters: pop songs, folk tunes of five collections, chorales,
 * string quartets, keyboard works, game music, vocal music of the Renaissance; no kind counts by its number of files.
 * Learned on half of them, exact (the right length of bar) on the other half: pop .97 (.98), folk tunes with chords
 * .93 (.94), chorales .95 (.95), string quartets .71 (.75), other classical works .66 (.73), game music .78 (.79),
 * lone folk melodies .58 (.62), fiddle tunes .59 (.77); with the kind left out of the learning altogether: .97, .93,
 * .95, .75, .64, .80, .52, .48. What is mistaken is mostly 2/4 or 2/2 for 4/4. The weights below are of all files.
 */
export interface MeterCandidate {
  readonly numerator: number;
  readonly denominator: number;
  /** Sixteenths of a bar, and of the beat as it is counted (a dotted quarter in 6/8). */
  readonly bar: number;
  readonly beat: number;
  /** How common it is, as a log-odds offset. */
  readonly bias: number;
  /** What thick chords, and many voices, add to it: sums of `TEXTURE_WEIGHTS`. */
  readonly chords: number;
  readonly voices: number;
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
  pitchesAfterBar: 1.734,
  onsetsAfterBar: 5.046,
  pitchesAfterTwoBars: 0.352,
  onsetsAfterTwoBars: 5.353,
  pitchesAfterFourBars: 2.567,
  onsetsAfterFourBars: 1.602,
  pitchesAfterBeat: 0.25,
  onsetsAfterBeat: 7.168,
  /** Explained by the bar beyond the beat. */
  barOnset: -0.905,
  barLength: 5.117,
  barHarmony: 3.131,
  beatOnset: -7.441,
  beatLength: 15.548,
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
 * By trait of the meter, what is added to its score for each notch of thicker chords (mean of log2 (1 + notes) an onset, less 1)
 * and of more voices (log2): lone melodies are written in 2/4, 2/2 and 6/8 more often than full scores.
 */
export const TEXTURE_WEIGHTS = {
  inHalves: [-1.033, -0.102],
  inEighths: [0.08, 0.007],
  inFour: [0.152, 0.392],
  compound: [-0.341, 0.026],
  inThree: [0.549, -0.181],
  twoQuarters: [-0.62, -0.316],
} as const;

/** Lags, in sixteenths, over which repetition is compared; and those whose mean it is held against. */
export const LAGS_COMPARED = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48] as const;
export const LAGS = [...LAGS_COMPARED, 56, 64, 72, 80, 96] as const;

/** Factor on the log-odds that makes the confidence honest on kinds of music left out of the learning. */
export const SHARPNESS = 0.9;

export const METERS: readonly MeterCandidate[] = Object.freeze([
  candidate(2, 4, 2.126),
  candidate(3, 4, 1.031),
  candidate(4, 4, 1.919),
  candidate(2, 2, 0.432),
  candidate(3, 2, -1.05),
  candidate(3, 8, -0.309),
  candidate(6, 8, 1.92),
  candidate(9, 8, 0.018),
  candidate(12, 8, -2.05),
  candidate(6, 4, -1.109),
  candidate(5, 4, -1.281),
  candidate(7, 8, -0.993),
]);

function candidate(numerator: number, denominator: number, bias: number): MeterCandidate {
  const bar = (numerator * 16) / denominator;
  const unit = 16 / denominator;
  const compound = numerator % 3 === 0 && numerator > 3;
  const beat = compound ? 3 * unit : unit;
  const template = normalised(levels(numerator, bar, unit, compound));
  return { numerator, denominator, bar, beat, bias, ...texture(numerator, denominator, compound), template };
}

function texture(numerator: number, denominator: number, compound: boolean): { chords: number; voices: number } {
  const w = TEXTURE_WEIGHTS;
  const traits: [boolean, readonly [number, number]][] = [
    [denominator === 2, w.inHalves],
    [denominator === 8, w.inEighths],
    [numerator === 4 || (numerator === 2 && denominator === 2), w.inFour],
    [compound, w.compound],
    [numerator === 3, w.inThree],
    [numerator === 2 && denominator === 4, w.twoQuarters],
  ];
  let [chords, voices] = [0, 0];
  for (const [holds, [ofChords, ofVoices]] of traits) {
    if (!holds) continue;
    chords += ofChords;
    voices += ofVoices;
  }
  return { chords, voices };
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
