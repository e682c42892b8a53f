/** Buckets per doubling: a quantile is within 9 % of the truth. */
const PER_OCTAVE = 8;
/** The finest time told apart, in milliseconds. */
const FLOOR_MS = 0.001;

/** What a {@link Histogram} tells; all 0 before the first record. Quantiles are within 9 %. */
export interface Summary {
  readonly count: number;
  readonly sum: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Times in milliseconds, kept as counts in logarithmic buckets from a microsecond to a day. */
export class Histogram {
  readonly #counts = new Float64Array(PER_OCTAVE * 37);
  #count = 0;
  #sum = 0;
  #max = 0;

  record(ms: number): void {
    this.#counts[bucket(ms)]!++;
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  summary(): Summary {
    return { count: this.#count, sum: this.#sum, p50: this.#quantile(0.5), p99: this.#quantile(0.99), max: this.#max };
  }

  #quantile(q: number): number {
    let left = Math.ceil(this.#count * q);
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
