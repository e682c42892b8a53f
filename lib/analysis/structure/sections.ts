import type { Similarity } from "./similarity.ts";

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
const SIDE = 2 * REACH;
const TAPER = Float64Array.from({ length: SIDE }, (_, i) => 1 - Math.abs(i - REACH + 0.5) / (REACH + 1));
/** Weight of a pair of bars, and the sums of those on one side of the boundary and across it, by how far it looks. */
const KERNEL = Float64Array.from({ length: SIDE * SIDE }, (_, at) => TAPER[Math.floor(at / SIDE)]! * TAPER[at % SIDE]!);
const INNER = sumsByReach((i, j) => i < REACH === j < REACH);
const OUTER = sumsByReach((i, j) => i < REACH !== j < REACH);

function sumsByReach(counts: (i: number, j: number) => boolean): Float64Array {
  return Float64Array.from({ length: REACH + 1 }, (_, reach) => {
    let sum = 0;
    for (let i = REACH - reach; i < REACH + reach; i++)
      for (let j = REACH - reach; j < i; j++) if (counts(i, j)) sum += KERNEL[i * SIDE + j]!;
    return sum;
  });
}

/** Mean likeness along the bars of two sections from which they are one kind. */
const ALIKE = 0.6;
/** Likeness of two bars that repeat one another, and the shortest repetition that counts. */
const REPEATS = 0.92;
const SHORTEST_REPEAT = 4;
const PHRASE = 4;
const ON_PHRASE = 1.5;

/**
 * Sections begin where the music turns (novelty: a checkerboard kernel along the diagonal of the self-similarity matrix,
 * Foote 2000) and where long repetitions begin or end (diagonal stripes of the matrix, after Goto 2003); both are added,
 * phrases of four bars favoured, and the peaks taken. A section has the label of the earlier one it is most like, bar by bar.
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
  const curve = evidence(s);
  let sum = 0;
  let squares = 0;
  for (let bar = 0; bar < s.count; bar++) {
    sum += curve[bar]!;
    squares += curve[bar]! * curve[bar]!;
  }
  const mean = sum / s.count;
  const floor = mean + 0.7 * Math.sqrt(Math.max(0, squares / s.count - mean * mean));
  const found: number[] = [];
  for (let bar = SHORTEST; bar <= s.count - SHORTEST; bar++) {
    const value = curve[bar]!;
    if (value <= floor || value <= 0 || !isPeak(curve, bar)) continue;
    if (bar - (found[found.length - 1] ?? 0) >= SHORTEST) found.push(bar);
  }
  return found;
}

/** Novelty and repetition, each against its largest value, with the bars of the phrase grid they fit best raised. */
function evidence(s: Similarity): Float64Array {
  const novelty = noveltyCurve(s);
  const repeats = repetitionCurve(s);
  const most = largest(novelty);
  const mostRepeats = largest(repeats);
  const curve = new Float64Array(s.count);
  const phase = new Float64Array(PHRASE);
  for (let bar = 0; bar < s.count; bar++) {
    curve[bar] = Math.max(0, novelty[bar]!) / most + Math.sqrt(repeats[bar]! / mostRepeats);
    if (bar > 0) phase[bar % PHRASE]! += curve[bar]!;
  }
  const onPhrase = Math.max(0, phase.indexOf(largest(phase)));
  for (let bar = onPhrase; bar < s.count; bar += PHRASE) curve[bar]! *= ON_PHRASE;
  return curve;
}

function largest(values: Float64Array): number {
  let most = 1e-9;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}

/** At each bar: how many repetitions begin or end there, long ones counting more. */
function repetitionCurve({ count, matrix }: Similarity): Float64Array {
  const curve = new Float64Array(count + 1);
  for (let lag = SHORTEST_REPEAT; lag < count; lag++) {
    let from = lag;
    for (let bar = lag; bar <= count; bar++) {
      if (bar < count && matrix[bar * count + bar - lag]! >= REPEATS) continue;
      const length = bar - from;
      if (length >= SHORTEST_REPEAT) {
        const vote = Math.min(length, 16);
        curve[from]! += vote;
        curve[from - lag]! += vote;
        curve[bar]! += vote;
        curve[bar - lag]! += vote;
      }
      from = bar + 1;
    }
  }
  return curve.subarray(0, count);
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
    let within = 0;
    let across = 0;
    for (let i = from; i < REACH; i++) {
      const row = origin + i * count;
      for (let j = from; j < i; j++) within += matrix[row + j]! * KERNEL[i * SIDE + j]!;
    }
    for (let i = REACH; i < to; i++) {
      const row = origin + i * count;
      for (let j = from; j < REACH; j++) across += matrix[row + j]! * KERNEL[i * SIDE + j]!;
      for (let j = REACH; j < i; j++) within += matrix[row + j]! * KERNEL[i * SIDE + j]!;
    }
    const inner = INNER[reach]!;
    const raw = (inner > 0 ? within / inner : 0) - across / OUTER[reach]!;
    curve[bar] = raw * (0.5 + reach / REACH / 2);
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
