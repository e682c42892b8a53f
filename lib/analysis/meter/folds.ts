import { type Accents, HELD, KINDS } from "./accents.ts";
import { createPhaseBuffers, type PhaseBuffers } from "./phases.ts";

/** The accents of one piece summed by their place in a period, each period once and from a multiple of it at hand. */
export class Folds {
  /** What `ratePhases` writes into. */
  readonly phases: PhaseBuffers = createPhaseBuffers();
  private readonly a: Accents;
  private readonly sums: (Float64Array | undefined)[] = [];
  private readonly deviations: (Float64Array | undefined)[] = [];
  /** By kind, below 0 where not asked yet. */
  private readonly variances = new Float64Array(KINDS).fill(-1);

  constructor(a: Accents) {
    this.a = a;
  }

  /** Sum of accent kind k at place t of the period at `[t * KINDS + k]`. */
  of(period: number): Float64Array {
    return (this.sums[period] ??= this.fold(period));
  }

  /** By kind, how far the sums of a period lie from their mean: the sum of squares. */
  squares(period: number): Float64Array {
    return (this.deviations[period] ??= squares(this.of(period), period));
  }

  /** Share of an accent's variance that its place in the period explains, beyond chance. */
  explained(period: number, kind: number): number {
    if (this.variances[kind]! < 0) this.variances[kind] = this.variance(kind);
    const variance = this.variances[kind]!;
    if (variance < 1e-9) return 0;
    const { length } = this.a;
    const chance = period / length;
    const between = (this.squares(period)[kind]! * period) / (length * length);
    return (between / variance - chance) / (1 - Math.min(0.9, chance));
  }

  private fold(period: number): Float64Array {
    const sums = new Float64Array(period * KINDS);
    const from = MULTIPLES[period];
    if (from === undefined) foldAccents(sums, this.a, period);
    else foldAgain(sums, this.of(from));
    return sums;
  }

  private variance(kind: number): number {
    const { struckCount, values, length } = this.a;
    let [total, all] = [0, 0];
    for (let i = 0; i < struckCount; i++) {
      const value = values[i * KINDS + kind]!;
      total += value;
      all += value * value;
    }
    return Math.max(0, all / length - (total / length) ** 2);
  }
}

/** The period from which a period is folded; those without are folded from the accents. */
const MULTIPLES: Readonly<Record<number, number>> = { 2: 4, 4: 8, 6: 12, 8: 16, 12: 24, 24: 48, 16: 48 };

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
