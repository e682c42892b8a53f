import { Random } from "../random.ts";

/** Weights that climb by what some pieces at a time say (Adam: Kingma and Ba 2015). */
export class Ascent {
  readonly weights: Float64Array;
  readonly slope: Float64Array;
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private steps = 0;

  constructor(weights: ArrayLike<number>) {
    this.weights = Float64Array.from(weights);
    this.slope = new Float64Array(weights.length);
    this.mean = new Float64Array(weights.length);
    this.square = new Float64Array(weights.length);
  }

  /** One step along `slope`, which is emptied; `ridge` pulls the weights to 0. */
  step(rate: number, ridge: number): void {
    this.steps++;
    const [first, second] = [1 - 0.9 ** this.steps, 1 - 0.99 ** this.steps];
    for (let i = 0; i < this.weights.length; i++) {
      const along = this.slope[i]! - ridge * this.weights[i]!;
      this.mean[i] = 0.9 * this.mean[i]! + 0.1 * along;
      this.square[i] = 0.99 * this.square[i]! + 0.01 * along * along;
      this.weights[i]! += (rate * (this.mean[i]! / first)) / (Math.sqrt(this.square[i]! / second) + 1e-8);
      this.slope[i] = 0;
    }
  }
}

export interface Course {
  readonly rounds: number;
  /** Pieces between two steps. */
  readonly batch: number;
  readonly ridge: number;
  readonly seed: number;
}

const FIRST_RATE = 0.05;
const LAST_RATE = 0.003;

/** Goes over the pieces in another order each round; `add` adds what a piece says to the slope, `after` follows each step. */
export function climb<T>(
  ascent: Ascent,
  pieces: readonly T[],
  { rounds, batch, ridge, seed }: Course,
  add: (piece: T) => void,
  after: () => void = () => {},
): void {
  const random = new Random(seed);
  const order = [...pieces];
  for (let round = 0; round < rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random.next() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const rate = FIRST_RATE * (1 - round / rounds) + LAST_RATE;
    for (const [i, piece] of order.entries()) {
      add(piece);
      if ((i + 1) % batch !== 0) continue;
      ascent.step(rate, ridge);
      after();
    }
  }
}
