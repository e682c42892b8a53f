import type { Accents } from "./meter-accents.ts";

/** Accents summed by their place in a period, each period folded once, divisors of 48 from the fold on 48. */
export class Folds {
  private readonly made: Float64Array[] = [];
  private readonly a: Accents;

  constructor(a: Accents) {
    this.a = a;
  }

  of(period: number, kind: number): Float64Array {
    const key = period * 8 + kind;
    let fold = this.made[key];
    if (fold === undefined) {
      fold = this.fold(period, kind);
      this.made[key] = fold;
    }
    return fold;
  }

  /** Share of an accent's variance that its place in the period explains, beyond chance. */
  explained(period: number, kind: number): number {
    const { length, rows } = this.a;
    const row = rows[kind]!;
    const { mean, variance } = this.moments(row, kind);
    if (variance < 1e-9) return 0;
    const cycles = length / period;
    let between = 0;
    const fold = this.of(period, kind);
    for (let t = 0; t < period; t++) between += (fold[t]! / cycles - mean) ** 2;
    const chance = period / length;
    return (between / period / variance - chance) / (1 - Math.min(0.9, chance));
  }

  private fold(period: number, kind: number): Float64Array {
    const out = new Float64Array(period);
    if (48 % period === 0 && period < 48) addFolded(out, this.of(48, kind));
    else addRow(out, this.a.rows[kind]!, this.a.length);
    return out;
  }

  private readonly spread = new Map<number, { mean: number; variance: number }>();

  private moments(row: Float32Array, kind: number): { mean: number; variance: number } {
    let known = this.spread.get(kind);
    if (known === undefined) {
      let [total, squares] = [0, 0];
      for (let t = 0; t < this.a.length; t++) {
        total += row[t]!;
        squares += row[t]! * row[t]!;
      }
      const mean = total / this.a.length;
      known = { mean, variance: squares / this.a.length - mean * mean };
      this.spread.set(kind, known);
    }
    return known;
  }
}

/** Twice the same loop: one for each type of array keeps both fast. */
function addRow(out: Float64Array, row: Float32Array, length: number): void {
  const period = out.length;
  for (let t = 0, at = 0; t < length; t++) {
    out[at]! += row[t]!;
    if (++at === period) at = 0;
  }
}

function addFolded(out: Float64Array, fold: Float64Array): void {
  const period = out.length;
  for (let t = 0, at = 0; t < fold.length; t++) {
    out[at]! += fold[t]!;
    if (++at === period) at = 0;
  }
}
