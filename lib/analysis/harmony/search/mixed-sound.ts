import { type Chroma, WHOLE } from "../sound/chroma.ts";

/** What sounds in and around a span, each a weight of `SPREAD_CHORDS.mix`. */
export const MIX = ["own", "half", "before", "after", "twoBefore", "twoAfter", "near", "far", "begins"] as const;
/** A pitch class counts this much at most, in spans; in "half", half a span is already all of it. */
const LOUDEST = 1.3;
const HALF = 0.5;
/** Spans to either side of "near" and "far". */
const NEAR = 4;
const FAR = 12;

/** What sounds in and around each span, asked for in order; the sums over neighbours move along. */
export class MixedSound {
  private readonly near = new Float64Array(12);
  private readonly far = new Float64Array(12);
  private next = 0;

  private readonly chroma: Chroma;
  private readonly weights: readonly number[];

  constructor(chroma: Chroma, weights: readonly number[]) {
    this.chroma = chroma;
    this.weights = weights;
    for (let s = 0; s < NEAR; s++) this.add(this.near, s, 1);
    for (let s = 0; s < FAR; s++) this.add(this.far, s, 1);
  }

  /** Fills `into` for the next span, twice over; whether anything sounds in it. */
  mix(s: number, into: Float64Array): boolean {
    if (s !== this.next++)
      throw new Error(`Cannot mix span ${s}: expected ${this.next - 1}, spans are asked for in order`);
    this.add(this.near, s + NEAR, 1);
    this.add(this.near, s - NEAR - 1, -1);
    this.add(this.far, s + FAR, 1);
    this.add(this.far, s - FAR - 1, -1);
    const [own, half, before, after, twoBefore, twoAfter, near, far, begins] = this.weights as number[];
    let heard = false;
    for (let p = 0; p < 12; p++) {
      const sound = this.sound(s, p);
      if (sound > 0) heard = true;
      const sum =
        own! * sound +
        half! * Math.min(sound / HALF, 1) +
        before! * this.sound(s - 1, p) +
        after! * this.sound(s + 1, p) +
        twoBefore! * this.sound(s - 2, p) +
        twoAfter! * this.sound(s + 2, p) +
        (near! * this.near[p]!) / (2 * NEAR + 1) +
        (far! * this.far[p]!) / (2 * FAR + 1) +
        begins! * ((this.chroma.begins[s]! >> p) & 1);
      into[p] = sum;
      into[p + 12] = sum;
    }
    return heard;
  }

  private sound(s: number, p: number): number {
    if (s < 0 || s >= this.chroma.count) return 0;
    return Math.min(LOUDEST, this.chroma.weight[s * 12 + p]! / WHOLE);
  }

  private add(sums: Float64Array, s: number, sign: number): void {
    if (s < 0 || s >= this.chroma.count) return;
    for (let p = 0; p < 12; p++) sums[p] = sums[p]! + sign * this.sound(s, p);
  }
}
