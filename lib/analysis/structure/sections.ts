import { type BarContents, HALVES } from "./bar-contents.ts";
import { BOUNDARY_TRAITS, boundaryTraits } from "./boundary-traits.ts";
import { SECTION_WEIGHTS } from "./learned-sections.ts";
import { likeness, type Similarity } from "./similarity.ts";

/** A stretch of bars that belongs together; stretches of one label are alike. */
export interface Section {
  /** "A" for the first kind to come, then "B" ... "Z", then "A1" ... */
  readonly label: string;
  /** From 1. */
  readonly startBar: number;
  readonly bars: number;
  readonly startTick: number;
  readonly startSeconds: number;
}

/** A run of bars [from, to). */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
}

/** What was learned of where sections begin. */
export interface SectionWeights {
  /** Of each of `BOUNDARY_TRAITS`, then one that stands alone: for the logarithm of the odds that a section begins. */
  readonly boundary: readonly number[];
  /** Logarithm of the share of sections of so many bars, from 0 on; longer ones are not made. */
  readonly length: readonly number[];
}

/**
 * The bars cut into sections so that what speaks for their beginnings and for their lengths is most in all (dynamic
 * programming); a section has the label of the earlier one it is most like, bar by bar, in the same key or moved as a whole.
 */
export function sections(contents: BarContents, similarity: Similarity): Span[] {
  const odds = boundaryOdds(boundaryTraits(contents, similarity), contents.count, SECTION_WEIGHTS.boundary);
  const cuts = [...bestCuts(odds, SECTION_WEIGHTS.length), contents.count];
  const spans: Span[] = [];
  let kinds = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i]!, cuts[i + 1]!];
    const kind = kindOf(contents, similarity, from, to, spans) ?? kinds++;
    spans.push({ from, to, kind });
  }
  return spans;
}

export function sectionLabel(kind: number): string {
  const round = Math.floor(kind / 26);
  return String.fromCharCode(65 + (kind % 26)) + (round > 0 ? round : "");
}

/** By bar: the logarithm of the odds that a section begins there. */
export function boundaryOdds(traits: Float64Array, count: number, weights: readonly number[]): Float64Array {
  const size = BOUNDARY_TRAITS.length;
  const odds = new Float64Array(count);
  for (let bar = 0; bar < count; bar++) {
    let sum = weights[size]!;
    for (let trait = 0; trait < size; trait++) sum += traits[bar * size + trait]! * weights[trait]!;
    odds[bar] = sum;
  }
  return odds;
}

/** At the edges a section may be of any length: an upbeat, a last chord. */
const EDGE = -2.5;

/** Where sections begin, 0 first. */
export function bestCuts(odds: Float64Array, length: readonly number[]): number[] {
  const count = odds.length;
  const best = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
  const back = new Int32Array(count + 1);
  best[0] = 0;
  for (let end = 1; end <= count; end++)
    for (let bars = 1; bars < length.length && bars <= end; bars++) {
      const start = end - bars;
      const fits = start === 0 || end === count ? Math.max(length[bars]!, EDGE) : length[bars]!;
      const value = best[start]! + fits + (end < count ? odds[end]! : 0);
      if (value > best[end]!) {
        best[end] = value;
        back[end] = start;
      }
    }
  const cuts: number[] = [];
  for (let end = count; end > 0; end = back[end]!) cuts.push(back[end]!);
  return cuts.reverse();
}

/** Mean likeness along the bars of two sections from which they are one kind; in another key it must be surer. */
const ALIKE = 0.62;
const ALIKE_MOVED = 0.72;

/** Kind of the most alike earlier span of similar length; null when none is alike enough. */
function kindOf(
  contents: BarContents,
  { count, matrix }: Similarity,
  from: number,
  to: number,
  spans: readonly Span[],
): number | null {
  let [kind, best]: [number | null, number] = [null, ALIKE];
  for (const span of spans) {
    const length = Math.min(to - from, span.to - span.from);
    if (length * 2 < Math.max(to - from, span.to - span.from)) continue;
    let sum = 0;
    for (let k = 0; k < length; k++) sum += matrix[(from + k) * count + span.from + k]!;
    if (sum / length > best) [kind, best] = [span.kind, sum / length];
  }
  return kind ?? movedKind(contents, from, to, spans);
}

/** The same of sections played in another key. */
function movedKind(contents: BarContents, from: number, to: number, spans: readonly Span[]): number | null {
  let [kind, best]: [number | null, number] = [null, ALIKE_MOVED];
  for (const span of spans) {
    const length = Math.min(to - from, span.to - span.from);
    if (length < 4 || length * 2 < Math.max(to - from, span.to - span.from)) continue;
    const up = shift(contents.chroma, from, span.from, length);
    if (up === 0) continue;
    let sum = 0;
    for (let k = 0; k < length; k++) sum += likeness(contents, from + k, span.from + k, up);
    if (sum / length > best) [kind, best] = [span.kind, sum / length];
  }
  return kind;
}

/** By how many semitones the second stretch must go up for its pitch classes to fit the first best. */
function shift(chroma: Float64Array, one: number, other: number, bars: number): number {
  const [a, b] = [pitchClasses(chroma, one, bars), pitchClasses(chroma, other, bars)];
  let [best, most] = [0, -1];
  for (let up = 0; up < 12; up++) {
    let sum = 0;
    for (let pc = 0; pc < 12; pc++) sum += a[pc]! * b[(pc - up + 12) % 12]!;
    if (sum > most) [best, most] = [up, sum];
  }
  return best;
}

function pitchClasses(chroma: Float64Array, from: number, bars: number): Float64Array {
  const sum = new Float64Array(12);
  for (let d = from * HALVES; d < (from + bars) * HALVES; d++) sum[d % 12]! += chroma[d]!;
  return sum;
}
