import type { Bars } from "./bars.ts";
import { chroma } from "./chroma.ts";
import type { Material } from "./material.ts";

/** Every bar against every other. */
export interface Similarity {
  readonly count: number;
  /** `count` x `count`, rows by bar: 1 alike, 0 unrelated, -1 opposite. */
  readonly matrix: Float32Array;
}

/** Twelve pitch classes, drum strokes, pitched onsets, highest pitch. */
const SIZE = 15;
const DRUMS = 12;
const ONSETS = 13;
const TOP = 14;

/**
 * Self-similarity matrix (Foote 1999) of bar vectors: chroma of the sounding notes, scaled to unit length, with density
 * and register. Vectors are taken against the mean of the piece, so that what all bars share tells nothing; bars of one
 * hash are alike whatever they hold. Silent bars are alike among themselves.
 */
export function similarity(m: Material, bars: Bars, bar: Int32Array, hash: Int32Array, count: number): Similarity {
  const vectors = barVectors(m, bars, bar, count);
  const matrix = new Float32Array(count * count);
  for (let i = 0; i < count; i++) {
    matrix[i * count + i] = 1;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let d = 0; d < SIZE; d++) sum += vectors[i * SIZE + d]! * vectors[j * SIZE + d]!;
      matrix[i * count + j] = matrix[j * count + i] = hash[i] === hash[j] ? 1 : sum;
    }
  }
  return { count, matrix };
}

function barVectors(m: Material, bars: Bars, bar: Int32Array, count: number): Float32Array {
  const { weight, top } = chroma(m, bars.tick.subarray(0, count + 1));
  const out = new Float32Array(count * SIZE);
  for (let i = 0; i < m.count; i++) {
    const b = bar[i]!;
    if (b >= count) break;
    if (b >= 0) out[b * SIZE + (m.drum[i] === 1 ? DRUMS : ONSETS)]! += 1;
  }
  for (let b = 0; b < count; b++) {
    const at = b * SIZE;
    let squares = 0;
    for (let pc = 0; pc < 12; pc++) squares += weight[b * 12 + pc]! ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let pc = 0; pc < 12; pc++) out[at + pc] = weight[b * 12 + pc]! * scale;
    out[at + DRUMS] = 0.5 * Math.min(1, out[at + DRUMS]! / 12);
    out[at + ONSETS] = 0.5 * Math.min(1, out[at + ONSETS]! / 24);
    out[at + TOP] = top[b]! < 0 ? 0 : top[b]! / 60;
  }
  centre(out, count);
  return out;
}

/** Takes the mean vector off every vector and scales each to unit length; vectors that vanish stay zero. */
function centre(vectors: Float32Array, count: number): void {
  for (let d = 0; d < SIZE; d++) {
    let sum = 0;
    for (let b = 0; b < count; b++) sum += vectors[b * SIZE + d]!;
    for (let b = 0; b < count; b++) vectors[b * SIZE + d]! -= sum / count;
  }
  for (let b = 0; b < count; b++) {
    let squares = 0;
    for (let d = 0; d < SIZE; d++) squares += vectors[b * SIZE + d]! ** 2;
    if (squares < 1e-6) vectors.fill(0, b * SIZE, (b + 1) * SIZE);
    else for (let d = 0; d < SIZE; d++) vectors[b * SIZE + d]! /= Math.sqrt(squares);
  }
}
