import { type Accents, KINDS } from "./accents.ts";
import type { Folds } from "./folds.ts";
import { ACCENT_WEIGHTS, type MeterCandidate } from "./meters.ts";

/** How well accents fit one meter, at every phase of its bar. */
export interface PhaseRates {
  /** Score of a bar line on each sixteenth after the first onset; holds until the next rating with the same folds. */
  readonly scores: Float64Array;
  /** Natural logarithm of the sum of their exponentials: the score of the meter at whatever phase. */
  readonly total: number;
}

const LONGEST_BAR = 32;

/** What is written while phases are rated; it belongs to the folds of one piece. */
export interface PhaseBuffers {
  readonly profile: Float64Array;
  readonly scores: Float64Array;
  readonly beatShare: Float64Array;
  readonly scale: Float64Array;
}

export function createPhaseBuffers(): PhaseBuffers {
  return {
    profile: new Float64Array(LONGEST_BAR),
    scores: new Float64Array(LONGEST_BAR),
    beatShare: new Float64Array(LONGEST_BAR * KINDS),
    scale: new Float64Array(KINDS),
  };
}

/**
 * Accents folded on the bar are correlated with the template of the meter's hierarchy, and those at the bar line
 * compared with those of all beats.
 */
export function ratePhases({ bar, beat, template }: MeterCandidate, a: Accents, folds: Folds): PhaseRates {
  const { scores } = folds.phases;
  addPeaks(bar, beat, folds);
  correlate(bar, template, folds);
  for (let phase = ((-a.start % bar) + bar) % bar; phase < bar; phase += bar)
    scores[phase]! += ACCENT_WEIGHTS.fromStart;
  let top = Number.NEGATIVE_INFINITY;
  for (let phase = 0; phase < bar; phase++) if (scores[phase]! > top) top = scores[phase]!;
  let all = 0;
  for (let phase = 0; phase < bar; phase++) all += Math.exp(scores[phase]! - top);
  return { scores, total: top + Math.log(all) };
}

/** Each accent at the bar line against the mean of the beats. */
function addPeaks(bar: number, beat: number, folds: Folds): void {
  const { scores, beatShare } = folds.phases;
  const sums = folds.of(bar);
  const beats = folds.of(beat);
  for (let i = 0; i < beat * KINDS; i++) beatShare[i] = beats[i]! > 1e-9 ? bar / (beat * beats[i]!) : -1;
  for (let phase = 0, place = 0; phase < bar; phase++) {
    let score = 0;
    for (let k = 0; k < KINDS; k++) {
      const share = beatShare[place * KINDS + k]!;
      if (share > 0) score += (ACCENT_WEIGHTS.peak[k]! * (Math.min(3, sums[phase * KINDS + k]! * share) - 1)) / 2;
    }
    scores[phase] = score;
    if (++place === beat) place = 0;
  }
}

/** The accents of all kinds, each of length 1, against the template. */
function correlate(bar: number, template: Float64Array, folds: Folds): void {
  const { scores, profile, scale } = folds.phases;
  const sums = folds.of(bar);
  const squares = folds.squares(bar);
  for (let k = 0; k < KINDS; k++) scale[k] = squares[k]! > 1e-18 ? ACCENT_WEIGHTS.fit[k]! / Math.sqrt(squares[k]!) : 0;
  for (let t = 0; t < bar; t++) {
    let value = 0;
    for (let k = 0; k < KINDS; k++) value += scale[k]! * sums[t * KINDS + k]!;
    profile[t] = value;
  }
  for (let phase = 0; phase < bar; phase++) {
    let score = 0;
    for (let t = 0, at = phase; t < bar; t++) {
      score += profile[at]! * template[t]!;
      if (++at === bar) at = 0;
    }
    scores[phase]! += score;
  }
}
