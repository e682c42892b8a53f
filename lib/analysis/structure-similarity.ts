import type { Bars } from "./bars.ts";
import type { Material } from "./material.ts";

/** Every bar against every earlier one. Holds until the next piece is compared. */
export interface Similarity {
  readonly count: number;
  /** Rows of `count` by bar, filled below the diagonal only (column < row): 1 alike, 0 unrelated, -1 opposite. */
  readonly matrix: Float32Array;
}

/** Most bars a matrix has room for. */
export const MOST_BARS = 256;

const scratch = new Float32Array(MOST_BARS * MOST_BARS);

/** Twelve pitch classes, the highest pitch, and how busy the voices are, folded into seven. */
const SIZE = 20;
const TOP = 12;
const VOICES = 13;
const VOICE_SLOTS = 7;

/**
 * Self-similarity matrix (Foote 1999) of bar vectors: chroma of the sounding notes, scaled to unit length, with
 * register and instrumentation. Vectors are taken against the mean of the piece, so that what all bars share tells nothing; bars of one
 * hash are alike whatever they hold. Silent bars are alike among themselves.
 */
export function similarity(m: Material, bars: Bars, bar: Int32Array, hash: Int32Array, count: number): Similarity {
  const vectors = barVectors(m, bars, bar, count);
  const matrix = scratch;
  for (let i = 1; i < count; i++)
    for (let j = 0; j < i; j++) matrix[i * count + j] = hash[i] === hash[j] ? 1 : dot(vectors, i * SIZE, j * SIZE);
  return { count, matrix };
}

/** Four at a time: this is where the time goes. */
function dot(v: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < SIZE; d += 4)
    sum +=
      v[a + d]! * v[b + d]! +
      v[a + d + 1]! * v[b + d + 1]! +
      v[a + d + 2]! * v[b + d + 2]! +
      v[a + d + 3]! * v[b + d + 3]!;
  return sum;
}

function barVectors(m: Material, bars: Bars, bar: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count * SIZE);
  addNotes(m, bars, bar, count, out);
  for (let at = 0; at < out.length; at += SIZE) {
    let squares = 0;
    for (let pc = 0; pc < 12; pc++) squares += out[at + pc]! ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let pc = 0; pc < 12; pc++) out[at + pc]! *= scale;
    out[at + TOP] = out[at + TOP]! / 30;
    for (let d = at + VOICES; d < at + VOICES + VOICE_SLOTS; d++) out[d] = 0.5 * Math.min(1, out[d]! / 12);
  }
  centre(out, count);
  return out;
}

/** Share of each bar that each pitch class sounds, notes of each voice, and the highest pitch that starts. Linear however long the notes. */
function addNotes(m: Material, bars: Bars, bar: Int32Array, count: number, out: Float64Array): void {
  const { tick } = bars;
  const held = new Float64Array((count + 1) * 12);
  for (let i = 0; i < m.count; i++) {
    const b = bar[i]!;
    if (b >= count) break;
    if (b < 0) continue;
    const at = b * SIZE;
    out[at + VOICES + (m.voice[i]! % VOICE_SLOTS)]! += 1;
    if (m.drum[i] === 1) continue;
    const pitch = m.pitch[i]!;
    const pc = pitch % 12;
    const end = m.endTick[i]!;
    if (pitch > out[at + TOP]!) out[at + TOP] = pitch;
    out[at + pc]! += (Math.min(end, tick[b + 1]!) - m.startTick[i]!) / (tick[b + 1]! - tick[b]!);
    if (end <= tick[b + 1]!) continue;
    const last = lastBar(tick, b + 1, count, end);
    if (last < count) out[last * SIZE + pc]! += (end - tick[last]!) / (tick[last + 1]! - tick[last]!);
    held[(b + 1) * 12 + pc]! += 1;
    held[last * 12 + pc]! -= 1;
  }
  for (let k = 12; k < count * 12; k++) {
    held[k]! += held[k - 12]!;
    out[Math.floor(k / 12) * SIZE + (k % 12)]! += held[k]!;
  }
}

/** The bar from `from` on in which a note ending at `end` still sounds; `count` when it outlasts them all. */
function lastBar(tick: Float64Array, from: number, count: number, end: number): number {
  if (end > tick[count]!) return count;
  let [low, high] = [from, count - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tick[middle + 1]! >= end) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Takes the mean vector off every vector and scales each to unit length; vectors that vanish stay zero. */
function centre(vectors: Float64Array, count: number): void {
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
