import { type Accents, HELD, KINDS } from "./meter-accents.ts";

/** Accents summed by their place in a period, kind by kind. */
export interface Fold {
  readonly period: number;
  /** Sum of accent kind k at place t of the period at `[t * KINDS + k]`. */
  readonly sums: Float64Array;
  /** By kind, how far the sums lie from their mean: the sum of squares. */
  readonly squares: Float64Array;
}

/** The accents of one piece folded on the periods asked for, each once and from the smallest multiple of it at hand. */
export class Folds {
  private readonly a: Accents;
  private readonly made: (Fold | undefined)[] = [];
  private readonly variances: number[] = [];

  constructor(a: Accents) {
    this.a = a;
  }

  of(period: number): Fold {
    return (this.made[period] ??= this.make(period));
  }

  /** Share of an accent's variance that its place in the period explains, beyond chance. */
  explained(period: number, kind: number): number {
    const variance = (this.variances[kind] ??= this.variance(kind));
    if (variance < 1e-9) return 0;
    const { length } = this.a;
    const chance = period / length;
    const between = (this.of(period).squares[kind]! * period) / (length * length);
    return (between / variance - chance) / (1 - Math.min(0.9, chance));
  }

  private make(period: number): Fold {
    const sums = new Float64Array(period * KINDS);
    const from = MULTIPLES[period];
    if (from === undefined) foldAccents(sums, this.a, period);
    else foldAgain(sums, this.of(from).sums);
    return { period, sums, squares: squares(sums, period) };
  }

  private variance(kind: number): number {
    const { struckCount, values, length } = this.a;
    let [total, all] = [0, 0];
    for (let i = 0; i < struckCount; i++) {
      const value = values[i * KINDS + kind]!;
      total += value;
      all += value * value;
    }
    return all / length - (total / length) ** 2;
  }
}

/** The period from which a period is folded; those without are folded from the accents. */
const MULTIPLES: Readonly<Record<number, number>> = {
  2: 4,
  4: 8,
  6: 12,
  8: 16,
  12: 24,
  24: 48,
  16: 48,
  48: 144,
  18: 144,
  14: 140,
  20: 140,
};

/** The accents of a step written out: twice as fast as a loop over them. */
function foldAccents(out: Float64Array, a: Accents, period: number): void {
  const { struck, struckCount, held, heldCount, values } = a;
  for (let i = 0, cycle = 0; i < struckCount; i++) {
    const t = struck[i]!;
    while (t >= cycle + period) cycle += period;
    const from = i * KINDS;
    const to = (t - cycle) * KINDS;
    out[to]! += values[from]!;
    out[to + 1]! += values[from + 1]!;
    out[to + 2]! += values[from + 2]!;
    out[to + 3]! += values[from + 3]!;
    out[to + 4]! += values[from + 4]!;
    out[to + 5]! += values[from + 5]!;
    out[to + 6]! += values[from + 6]!;
    out[to + 7]! += values[from + 7]!;
    out[to + 8]! += values[from + 8]!;
  }
  for (let i = 0; i < heldCount; i++) out[(held[i]! % period) * KINDS + HELD]!++;
}

function foldAgain(out: Float64Array, sums: Float64Array): void {
  for (let i = 0, at = 0; i < sums.length; i++) {
    out[at]! += sums[i]!;
    if (++at === out.length) at = 0;
  }
}

function squares(sums: Float64Array, period: number): Float64Array {
  const out = new Float64Array(KINDS);
  for (let k = 0; k < KINDS; k++) {
    let [total, all] = [0, 0];
    for (let i = k; i < sums.length; i += KINDS) {
      total += sums[i]!;
      all += sums[i]! * sums[i]!;
    }
    const off = all - (total * total) / period;
    out[k] = off > 1e-12 * all ? off : 0;
  }
  return out;
}
