import type { Bars } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";
import type { StructureScratch } from "./scratch.ts";

/** Every bar against every earlier one. The matrix holds until the same analyser's next piece. */
export interface Similarity {
  readonly count: number;
  /** Rows of `count` by bar, filled below the diagonal only (column < row): 1 alike, 0 unrelated, -1 opposite. */
  readonly matrix: Float32Array;
  /** Likeness of each bar to the most alike other one, 0 when it is like none. */
  readonly nearest: Float32Array;
}

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
export function similarity(
  piece: Piece,
  bars: Bars,
  bar: Int32Array,
  hash: Int32Array,
  { matrix }: StructureScratch,
): Similarity {
  const count = hash.length;
  const nearest = new Float32Array(count);
  compare(barVectors(piece, bars, bar, count), hash, matrix, nearest);
  return { count, matrix, nearest };
}

/** Products of all pairs. Long, with the vector of the row in variables: this is where the time of the structure goes. */
function compare(v: Float64Array, hash: Int32Array, matrix: Float32Array, nearest: Float32Array): void {
  const count = hash.length;
  for (let i = 1; i < count; i++) {
    const a = i * SIZE;
    const a0 = v[a]!;
    const a1 = v[a + 1]!;
    const a2 = v[a + 2]!;
    const a3 = v[a + 3]!;
    const a4 = v[a + 4]!;
    const a5 = v[a + 5]!;
    const a6 = v[a + 6]!;
    const a7 = v[a + 7]!;
    const a8 = v[a + 8]!;
    const a9 = v[a + 9]!;
    const a10 = v[a + 10]!;
    const a11 = v[a + 11]!;
    const a12 = v[a + 12]!;
    const a13 = v[a + 13]!;
    const a14 = v[a + 14]!;
    const a15 = v[a + 15]!;
    const a16 = v[a + 16]!;
    const a17 = v[a + 17]!;
    const a18 = v[a + 18]!;
    const a19 = v[a + 19]!;
    for (let j = 0, b = 0, at = i * count; j < i; j++, b += SIZE, at++) {
      let like = 1;
      if (hash[i] !== hash[j]) {
        like = a0 * v[b]! + a1 * v[b + 1]! + a2 * v[b + 2]! + a3 * v[b + 3]!;
        like += a4 * v[b + 4]! + a5 * v[b + 5]! + a6 * v[b + 6]! + a7 * v[b + 7]!;
        like += a8 * v[b + 8]! + a9 * v[b + 9]! + a10 * v[b + 10]! + a11 * v[b + 11]!;
        like += a12 * v[b + 12]! + a13 * v[b + 13]! + a14 * v[b + 14]! + a15 * v[b + 15]!;
        like += a16 * v[b + 16]! + a17 * v[b + 17]! + a18 * v[b + 18]! + a19 * v[b + 19]!;
      }
      matrix[at] = like;
      if (like > nearest[i]!) nearest[i] = like;
      if (like > nearest[j]!) nearest[j] = like;
    }
  }
}

function barVectors(piece: Piece, bars: Bars, bar: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count * SIZE);
  addNotes(piece, bars, bar, count, out);
  for (let at = 0; at < out.length; at += SIZE) {
    let squares = 0;
    for (let pc = 0; pc < 12; pc++) squares += out[at + pc]! * out[at + pc]!;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let pc = 0; pc < 12; pc++) out[at + pc]! *= scale;
    out[at + TOP] = out[at + TOP]! / 30;
    for (let d = at + VOICES; d < at + VOICES + VOICE_SLOTS; d++) out[d] = 0.5 * Math.min(1, out[d]! / 12);
  }
  centre(out, count);
  return out;
}

/** Share of each bar that each pitch class sounds, notes of each voice, and the highest pitch that starts. Linear however long the notes. */
function addNotes(piece: Piece, bars: Bars, bar: Int32Array, count: number, out: Float64Array): void {
  const { tick } = bars;
  const { startTick, endTick, pitch, voice, drum } = piece;
  const held = new Float64Array((count + 1) * 12);
  for (let i = 0; i < piece.count; i++) {
    const b = bar[i]!;
    if (b >= count) break;
    if (b < 0) continue;
    const at = b * SIZE;
    out[at + VOICES + (voice[i]! % VOICE_SLOTS)]! += 1;
    if (drum[i] === 1) continue;
    const pc = pitch[i]! % 12;
    const end = endTick[i]!;
    const barEnd = tick[b + 1]!;
    const barTicks = barEnd - tick[b]!;
    if (pitch[i]! > out[at + TOP]!) out[at + TOP] = pitch[i]!;
    if (end <= barEnd) {
      out[at + pc]! += (end - startTick[i]!) / barTicks;
      continue;
    }
    out[at + pc]! += (barEnd - startTick[i]!) / barTicks;
    const last = lastBar(tick, b + 1, count, end);
    if (last < count) out[last * SIZE + pc]! += (end - tick[last]!) / (tick[last + 1]! - tick[last]!);
    held[(b + 1) * 12 + pc]! += 1;
    held[last * 12 + pc]! -= 1;
  }
  for (let b = 1; b < count; b++)
    for (let pc = 0, k = b * 12; pc < 12; pc++, k++) {
      held[k]! += held[k - 12]!;
      out[b * SIZE + pc]! += held[k]!;
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
    for (let d = 0; d < SIZE; d++) squares += vectors[b * SIZE + d]! * vectors[b * SIZE + d]!;
    const length = Math.sqrt(squares);
    if (squares < 1e-6) vectors.fill(0, b * SIZE, (b + 1) * SIZE);
    else for (let d = 0; d < SIZE; d++) vectors[b * SIZE + d]! /= length;
  }
}
