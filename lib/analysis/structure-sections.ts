import type { Similarity } from "./structure-similarity.ts";

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

/** Bars either side of a boundary that the novelty looks at: half of a long section. */
const REACH = 8;
const SHORTEST = 4;
/** Weight of a bar by its distance from the boundary. */
const TAPER = Float64Array.from({ length: 2 * REACH }, (_, i) => 1 - Math.abs(i - REACH + 0.5) / (REACH + 1));
/** Mean likeness along the bars of two sections from which they are one kind. */
const ALIKE = 0.55;

/**
 * Sections by novelty: a checkerboard kernel along the diagonal of the self-similarity matrix (Foote 2000), whose peaks
 * are boundaries; phrases of four bars are favoured. Sections are labelled by likeness to the earlier ones, bar by bar.
 */
export function sections(s: Similarity): Span[] {
  const cuts = [0, ...boundaries(s), s.count];
  const spans: Span[] = [];
  let kinds = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i]!, cuts[i + 1]!];
    const kind = kindOf(s, from, to, spans) ?? kinds++;
    spans.push({ from, to, kind });
  }
  return spans;
}

export function sectionLabel(kind: number): string {
  const round = Math.floor(kind / 26);
  return String.fromCharCode(65 + (kind % 26)) + (round > 0 ? round : "");
}

function boundaries(s: Similarity): number[] {
  const novelty = noveltyCurve(s);
  let [sum, squares] = [0, 0];
  for (const v of novelty) [sum, squares] = [sum + v, squares + v * v];
  const mean = sum / s.count;
  const floor = mean + 0.5 * Math.sqrt(Math.max(0, squares / s.count - mean * mean));
  const found: number[] = [];
  for (let bar = SHORTEST; bar <= s.count - SHORTEST; bar++) {
    const value = novelty[bar]!;
    if (value <= floor || value <= 0 || !isPeak(novelty, bar)) continue;
    if (bar - (found[found.length - 1] ?? 0) >= SHORTEST) found.push(bar);
  }
  return found;
}

function isPeak(novelty: Float64Array, bar: number): boolean {
  for (let d = 1; d < SHORTEST; d++)
    if ((novelty[bar - d] ?? 0) > novelty[bar]! || (novelty[bar + d] ?? 0) > novelty[bar]!) return false;
  return true;
}

/** At each bar: likeness within the bars before and within those after, less the likeness across. */
function noveltyCurve({ count, matrix }: Similarity): Float64Array {
  const curve = new Float64Array(count);
  for (let bar = 1; bar < count; bar++) {
    const reach = Math.min(REACH, bar, count - bar);
    const from = REACH - reach;
    const to = REACH + reach;
    const origin = (bar - REACH) * count + bar - REACH;
    let [within, across, inner, outer] = [0, 0, 0, 0];
    for (let i = from; i < to; i++) {
      const row = origin + i * count;
      const middle = Math.min(i, REACH);
      for (let j = from; j < middle; j++) {
        const taper = TAPER[i]! * TAPER[j]!;
        if (i < REACH) {
          within += matrix[row + j]! * taper;
          inner += taper;
        } else {
          across += matrix[row + j]! * taper;
          outer += taper;
        }
      }
      for (let j = REACH; j < i; j++) {
        const taper = TAPER[i]! * TAPER[j]!;
        within += matrix[row + j]! * taper;
        inner += taper;
      }
    }
    const raw = (inner > 0 ? within / inner : 0) - across / outer;
    curve[bar] = raw * (0.5 + reach / REACH / 2) * (bar % 4 === 0 ? 1.15 : bar % 2 === 0 ? 1 : 0.8);
  }
  return curve;
}

/** Kind of the most alike earlier span of similar length; null when none is alike enough. */
function kindOf(s: Similarity, from: number, to: number, spans: readonly Span[]): number | null {
  let [kind, best]: [number | null, number] = [null, ALIKE];
  for (const span of spans) {
    const length = Math.min(to - from, span.to - span.from);
    if (length * 2 < Math.max(to - from, span.to - span.from)) continue;
    let sum = 0;
    for (let k = 0; k < length; k++) sum += s.matrix[(from + k) * s.count + span.from + k]!;
    if (sum / length > best) [kind, best] = [span.kind, sum / length];
  }
  return kind;
}
