/** Buckets per doubling: a quantile is within 9 % of the truth. */
const PER_OCTAVE = 8;
/** The finest time told apart, in milliseconds. */
const FLOOR_MS = 0.001;

/** Times in milliseconds, kept as counts in logarithmic buckets from a microsecond to a day. */
export class Histogram {
  readonly #counts = new Float64Array(PER_OCTAVE * 37);
  #total = 0;
  #max = 0;

  record(ms: number): void {
    this.#counts[bucket(ms)]!++;
    this.#total++;
    if (ms > this.#max) this.#max = ms;
  }

  /** `p50`, `p99` and `max`; all 0 before the first record. */
  summary(): { readonly p50: number; readonly p99: number; readonly max: number } {
    return { p50: this.#quantile(0.5), p99: this.#quantile(0.99), max: this.#max };
  }

  #quantile(q: number): number {
    let left = Math.ceil(this.#total * q);
    if (left === 0) return 0;
    for (let i = 0; i < this.#counts.length; i++) {
      left -= this.#counts[i]!;
      if (left <= 0) return Math.min(this.#max, FLOOR_MS * 2 ** (i / PER_OCTAVE));
    }
    return this.#max;
  }
}

function bucket(ms: number): number {
  if (ms <= FLOOR_MS) return 0;
  return Math.min(PER_OCTAVE * 37 - 1, Math.ceil(Math.log2(ms / FLOOR_MS) * PER_OCTAVE));
}
