import { BOUNDARY_TRAITS } from "../../../lib/analysis/structure/boundary-traits.ts";
import { bestCuts, boundaryOdds, type SectionWeights } from "../../../lib/analysis/structure/sections.ts";
import { beginnings, type Song } from "./songs.ts";

/** How a song's bars lie to the phrases: bar 0 of the file is this bar of the phrases, after the person who fits best. */
export interface Placing {
  readonly shift: number;
  readonly f: number;
}

const MOST_SHIFT = 3;
const MOST_BARS = 20;
const SIZE = BOUNDARY_TRAITS.length + 1;
/** Odds are learned for single bars; in a row they need this much more to stand against the lengths. */
const LENGTH_WEIGHTS = [0.4, 0.6, 0.8];
const OFFSETS = [0, 0.4, 0.8, 1.2];

/** F-measure of the beginnings of sections by bar, for the shift and the person that fit best. */
export function place(cuts: readonly number[], song: Song): Placing {
  let best: Placing = { shift: 0, f: -1 };
  for (const phrases of song.people) {
    const truth = beginnings(phrases);
    for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift++) {
      const hits = cuts.filter((bar) => truth.has(bar + shift)).length;
      const f = hits === 0 ? 0 : (2 * hits) / (cuts.length + truth.size);
      if (f > best.f) best = { shift, f };
    }
  }
  return best;
}

export function cutsOf(song: Song, { boundary, length }: SectionWeights): number[] {
  return bestCuts(boundaryOdds(song.traits, song.bars, boundary), length).slice(1);
}

/** Weights from songs whose bars lie to their phrases as `shifts` say. */
export function fitSections(songs: readonly Song[], shifts: readonly number[]): SectionWeights {
  const odds = fitOdds(songs, shifts);
  const lengths = logLengths(songs);
  let best: { weights: SectionWeights; f: number } | null = null;
  for (const by of LENGTH_WEIGHTS)
    for (const offset of OFFSETS) {
      const weights = {
        boundary: odds.map((w, i) => rounded(i === SIZE - 1 ? w + offset : w)),
        length: lengths.map((share) => rounded(share * by)),
      };
      const f = songs.reduce((sum, song) => sum + place(cutsOf(song, weights), song).f, 0);
      if (best === null || f > best.f) best = { weights, f };
    }
  return best!.weights;
}

const rounded = (value: number) => Number(value.toPrecision(4));

/** Logarithm of the share of phrases of so many bars. */
function logLengths(songs: readonly Song[]): number[] {
  const counts = new Array<number>(MOST_BARS + 1).fill(0.5);
  for (const { people } of songs)
    for (const bars of people.flat()) if (bars <= MOST_BARS) counts[bars] = counts[bars]! + 1;
  const all = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => Math.log(n / all));
}

const RIDGE = 1e-3;
const STEPS = 12;

/** Logistic regression (Newton's method): whether a phrase begins at a bar. The weight that stands alone is the last. */
function fitOdds(songs: readonly Song[], shifts: readonly number[]): number[] {
  const weights = new Float64Array(SIZE);
  const row = new Float64Array(SIZE);
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(SIZE);
    const curve = Array.from({ length: SIZE }, () => new Float64Array(SIZE));
    let rows = 0;
    songs.forEach((song, s) => {
      for (const phrases of song.people) {
        const truth = beginnings(phrases);
        for (let bar = 1; bar < song.bars; bar++, rows++) {
          for (let i = 0; i < SIZE - 1; i++) row[i] = song.traits[bar * (SIZE - 1) + i]!;
          row[SIZE - 1] = 1;
          let sum = 0;
          for (let i = 0; i < SIZE; i++) sum += row[i]! * weights[i]!;
          const chance = 1 / (1 + Math.exp(-sum));
          const error = (truth.has(bar + shifts[s]!) ? 1 : 0) - chance;
          const spread = chance * (1 - chance);
          for (let i = 0; i < SIZE; i++) {
            slope[i]! += error * row[i]!;
            for (let j = 0; j <= i; j++) curve[i]![j]! += spread * row[i]! * row[j]!;
          }
        }
      }
    });
    for (let i = 0; i < SIZE; i++) {
      slope[i]! -= RIDGE * rows * weights[i]!;
      curve[i]![i]! += RIDGE * rows;
      for (let j = 0; j < i; j++) curve[j]![i] = curve[i]![j]!;
    }
    solve(curve, slope).forEach((value, i) => {
      weights[i]! += value;
    });
  }
  return [...weights];
}

/** Gaussian elimination with the largest pivot; changes both. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++)
      if (Math.abs(matrix[i]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = i;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let i = column + 1; i < n; i++) {
      const by = matrix[i]![column]! / matrix[column]![column]!;
      for (let j = column; j < n; j++) matrix[i]![j]! -= by * matrix[column]![j]!;
      right[i]! -= by * right[column]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) right[i]! -= matrix[i]![j]! * right[j]!;
    right[i]! /= matrix[i]![i]!;
  }
  return right;
}
