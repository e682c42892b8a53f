/**
 * How meters are notated: what traits of the written note values add to the score of each meter, learned together with
 * the other weights (meters.ts), a column for each of `COLUMNS`. Those named `lone…` are for a melody without
 * accompaniment, where convention decides (a reel in 2/2 has eighths, in 2/4 sixteenths); left out of the learning, fiddle
 * tunes of three books are told right .76, .75, .69 of the time with them and .57, .56, .51 without.
 */
const COLUMNS = ["2/4", "3/4", "4/4", "2/2", "3/2", "3/8", "6/8", "9/8", "12/8", "6/4", "5/4", "7/8", "4/2"] as const;

const WEIGHTS = {
  /** Mean over the onsets of log2 (1 + notes), less 1: 0 for a lone melody, 1.3 for chords of four. */
  thickness: [-0.45, 0.44, 0.39, -0.54, -0.07, 0.43, -0.29, -0.08, -0.13, 0.21, 0.19, 0.27, -0.36],
  /** log2 of the voices. */
  voices: [-0.37, -0.25, 0.2, 0.09, -0.05, 0, -0.09, 0.05, -0.04, 0.13, 0.09, 0.06, 0.2],
  /** Shares of onsets a half note, and a whole note, or longer before the next. */
  halves: [-1.33, 0.71, -1.67, -2.64, 1.38, -0.11, 0.2, -0.03, 0.14, -0.19, 0.02, 0.06, 3.45],
  wholes: [-1.29, -0.67, -1, 1.1, 0.94, -0.2, -0.35, 0.09, 0.37, 0.1, 0.09, 0.09, 0.73],
  /** One voice, hardly a chord. */
  lone: [-0.15, -0.13, -0.05, 0.26, 0.03, -0.01, -0.09, 0, 0.13, 0.05, 0, 0.01, -0.04],
  /** Shares of onsets on odd sixteenths, and on odd eighths. */
  loneSixteenths: [1.61, -0.21, 1.7, -0.58, -0.04, -0.41, -1.04, -0.45, 0.19, 0.01, -0.31, 0, -0.46],
  loneOffbeats: [0.17, -0.22, -0.57, 0.33, 0.04, 0.05, 0.06, 0.13, 0.22, -0.06, 0.07, -0.02, -0.2],
  /** log2 of the onsets a quarter. */
  loneRate: [0.29, -0.2, -0.2, 0.18, -0.02, 0.01, -0.01, 0.01, 0.07, -0.05, -0.01, -0.01, -0.06],
  /** Shares of onsets by the time to the next: a half or longer, a whole or longer, a quarter, an eighth, a dotted quarter. */
  loneHalves: [-0.11, -0.18, -1.1, -0.02, 0.26, 0.02, -0.27, -0.08, 0.08, 0.66, 0.05, 0.04, 0.64],
  loneWholes: [-0.91, -0.7, -1.37, 2.62, 0.28, -0.01, -0.35, -0.06, 0.1, 0.08, 0.08, 0.08, 0.17],
  loneQuarters: [-2.05, 0.53, 1.83, -0.4, -0.01, -0.17, -0.42, 0.01, 0.17, 0.16, 0.08, 0.08, 0.18],
  loneEighths: [-0.41, -0.35, -0.56, 0.84, 0.04, -0.1, 0.33, 0.13, 0.13, -0.03, 0.04, -0.01, -0.04],
  loneDottedQuarters: [2.04, 5.01, 0.24, -4.04, 0.65, 0.73, -3.32, -1.87, 0.45, 0.6, 0.19, -0.11, -0.57],
  /** Shares of onsets that begin a dotted eighth and its sixteenth, a dotted quarter and its eighth; that lie on thirds of a quarter. */
  loneDottedEighthPairs: [-1.92, 0.1, -1.41, 3.33, 0.07, 1.24, -1.28, -0.46, 0.27, 0.01, -0.16, 0.13, 0.1],
  loneDottedQuarterPairs: [0.59, 7.4, 1.93, -5.98, 0.78, -0.71, -4.63, -0.84, 0.53, 0.86, 0.18, -0.07, -0.04],
  loneTriplets: [-6.17, -1.15, 0.9, 6.65, 0.09, -0.27, -0.88, -0.28, 0.42, 0.21, 0.23, 0.09, 0.14],
} as const;

/** The traits, in the order in which notation.ts gives them. */
export const NOTATION_TRAITS = Object.keys(WEIGHTS) as readonly (keyof typeof WEIGHTS)[];

/** What each trait adds to the meter of that name. */
export function notationWeights(meter: string): Float64Array {
  const column = (COLUMNS as readonly string[]).indexOf(meter);
  return Float64Array.from(NOTATION_TRAITS, (trait) => WEIGHTS[trait][column]!);
}
