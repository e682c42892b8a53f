import { isCompound } from "../../music/compound-meter.ts";
import type { Pulse } from "../beats/pulse.ts";
import type { MeterFeature } from "../meter/meter.ts";
import type { Piece } from "../piece/piece.ts";

/**
 * Longuet-Higgins & Lee (1984), "The rhythmic interpretation of monophonic music": a rest or held note on a position
 * stronger than that of the note struck before it is a syncopation, as deep as the difference of their weights.
 * Taken over the upper voice (notes above everything that sounds when they begin) on a grid of sixteenths.
 *
 * Returns the mean sum of the bars from the first note's to the last's, null with fewer than two or beats that were tracked (no bar to count on).
 */
export function syncopation(piece: Piece, pulse: Pulse, meter: MeterFeature): number | null {
  if (pulse.source !== "grid") return null;
  const weights = metricalWeights(meter.numerator, meter.denominator);
  const bar = weights.length;
  if (bar < 4) return null;
  const struck = upperVoice(piece, meter.firstDownbeatTick);
  const { length } = struck;
  let sum = 0;
  for (let i = 0; i + 1 < length; i++) sum += depth(weights, struck[i]!, struck[i + 1]!);
  const bars = length > 1 ? Math.floor(struck[length - 1]! / bar) - Math.floor(struck[0]! / bar) + 1 : 0;
  return bars < 2 ? null : Math.round((sum / bars) * 100) / 100;
}

/** Deepest syncopation between a note at sixteenth `from` and the next at `to`. */
function depth(weights: Int8Array, from: number, to: number): number {
  const bar = weights.length;
  let place = from % bar;
  if (place < 0) place += bar;
  const own = weights[place]!;
  let strongest = own;
  // Within one bar every position has been met.
  for (let left = Math.min(to - from, bar + 1) - 1; left > 0; left--) {
    if (++place === bar) place = 0;
    const weight = weights[place]!;
    if (weight > strongest) strongest = weight;
  }
  return strongest - own;
}

/** Weights of the sixteenths of a bar: 0 for the bar line, one less for each level of division below it. */
export function metricalWeights(numerator: number, denominator: number): Int8Array {
  const unit = Math.max(1, 16 / denominator);
  const weights = new Int8Array(Math.round((numerator * 16) / denominator)).fill(-9);
  let level = 0;
  for (let step = weights.length; step >= 1; step = nextLevel(step, unit, numerator)) {
    for (let t = 0; t < weights.length; t += step) if (weights[t]! < -level) weights[t] = -level;
    if (step === 1) break;
    level++;
  }
  return weights;
}

/** The next shorter step: a bar of several beats into halves, thirds or beats, a beat into halves or thirds. */
function nextLevel(step: number, unit: number, numerator: number): number {
  const beat = isCompound(numerator) ? unit * 3 : unit;
  if (step > beat) return step % (2 * beat) === 0 ? step / 2 : beat;
  return step % 3 === 0 ? step / 3 : Math.max(1, step >> 1);
}

const MAX_NOTES = 16_384;

/** Sixteenths after the downbeat on which a note of the upper voice begins, ascending, each once. */
function upperVoice(piece: Piece, downbeat: number): Int32Array {
  const sixteenth = piece.ticksPerQuarter / 4;
  let count = 0;
  let top = -1;
  let until = 0;
  const { pitched, startTick, endTick, pitch } = piece;
  const limit = Math.min(pitched.length, MAX_NOTES);
  const sixteenths = new Int32Array(limit);
  for (let k = 0; k < limit; k++) {
    const i = pitched[k]!;
    const start = startTick[i]!;
    if (pitch[i]! < top && start < until) continue;
    const at = Math.round((start - downbeat) / sixteenth);
    if (count === 0 || at !== sixteenths[count - 1]!) sixteenths[count++] = at;
    top = pitch[i]!;
    until = endTick[i]! - sixteenth / 4;
  }
  return sixteenths.subarray(0, count);
}
