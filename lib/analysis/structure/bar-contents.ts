import type { TopLine } from "../identity/top-lines.ts";
import type { Bars } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";

/** What the bars of a piece hold, a row a bar: what they are compared by, and what tells where phrases end. */
export interface BarContents {
  readonly count: number;
  /** Sounding pitch classes of the two halves of each bar, `HALVES` numbers a bar, scaled to unit length. */
  readonly chroma: Float64Array;
  /** 1 for bars in which pitched notes sound. */
  readonly sounds: Uint8Array;
  /** The melody as a set of (eighth of the bar, pitch class): `WORDS` words of 32 bits a bar; the drums where nothing else plays. */
  readonly tune: Int32Array;
  /** Members of each of these sets. */
  readonly tuneSize: Uint8Array;
  /** Notes that start in the bar, of all voices and of the melody. */
  readonly notes: Uint32Array;
  readonly tuneNotes: Uint32Array;
  /** Voices that start notes in the bar, as bits; voices beyond 32 share them. */
  readonly voices: Uint32Array;
  /** Bars that the melody rests before the first of its notes in or just before this bar, and since the onset before: up to 2. */
  readonly rest: Float64Array;
  readonly step: Float64Array;
}

export const HALVES = 24;
const EIGHTHS = 8;
export const WORDS = (EIGHTHS * 12) / 32;
/** A tune begins a phrase up to this much of a bar before the bar line. */
const PICKUP = 0.3;
const LONGEST_REST = 2;

/** `bar` is the bar of each note, `tune` the line that is taken for the melody; the first `count` bars are looked at. */
export function barContents(piece: Piece, bars: Bars, bar: Int32Array, tune: TopLine, count: number): BarContents {
  const contents = {
    count,
    chroma: new Float64Array(count * HALVES),
    sounds: new Uint8Array(count),
    tune: new Int32Array(count * WORDS),
    tuneSize: new Uint8Array(count),
    notes: new Uint32Array(count),
    tuneNotes: new Uint32Array(count),
    voices: new Uint32Array(count),
    rest: new Float64Array(count),
    step: new Float64Array(count),
  };
  addNotes(piece, bars, bar, contents);
  scale(contents);
  if (tune.note.length > 0) addTune(piece, bars, bar, tune, contents);
  else addDrums(piece, bars, bar, contents);
  return contents;
}

/** Half bars that a long note is followed through; what it adds beyond says nothing new. */
const MOST_HALVES = 16;

function addNotes(piece: Piece, { tick }: Bars, bar: Int32Array, { count, chroma, notes, voices }: BarContents): void {
  const { startTick, endTick, pitch, voice, drum } = piece;
  for (let i = 0; i < piece.count; i++) {
    const b = bar[i]!;
    if (b >= count) break;
    if (b < 0) continue;
    notes[b]!++;
    voices[b]! |= 1 << (voice[i]! & 31);
    if (drum[i] === 1) continue;
    const pc = pitch[i]! % 12;
    let start = startTick[i]!;
    const end = endTick[i]!;
    const middle = (tick[b]! + tick[b + 1]!) / 2;
    for (
      let half = 2 * b + (start >= middle ? 1 : 0), k = 0;
      half < 2 * count && start < end && k < MOST_HALVES;
      half++, k++
    ) {
      const at = half >> 1;
      const length = tick[at + 1]! - tick[at]!;
      const stop = half & 1 ? tick[at + 1]! : tick[at]! + length / 2;
      const until = Math.min(end, stop);
      if (until > start) chroma[half * 12 + pc]! += (until - start) / length;
      start = stop;
    }
  }
}

function scale({ chroma, sounds }: BarContents): void {
  for (let at = 0; at < chroma.length; at += HALVES) {
    let squares = 0;
    for (let d = at; d < at + HALVES; d++) squares += chroma[d]! * chroma[d]!;
    if (squares === 0) continue;
    sounds[at / HALVES] = 1;
    const by = 1 / Math.sqrt(squares);
    for (let d = at; d < at + HALVES; d++) chroma[d]! *= by;
  }
}

function addTune(piece: Piece, { tick }: Bars, bar: Int32Array, line: TopLine, contents: BarContents): void {
  const { count, tuneNotes, rest, step } = contents;
  const { startTick, endTick } = piece;
  const where = (t: number, b: number) => b + (t - tick[b]!) / (tick[b + 1]! - tick[b]!);
  let next = 0;
  let last = Number.NEGATIVE_INFINITY;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (let b = 0; b < count; b++) {
    // The first note of the bar or of its pickup, and the last before it.
    for (; next < line.note.length; next++) {
      const i = line.note[next]!;
      const at = bar[i]! < 0 ? -1 : bar[i]! >= count ? count : where(startTick[i]!, bar[i]!);
      if (at >= b - PICKUP) break;
      last = at;
      lastEnd = Math.max(lastEnd, at + (endTick[i]! - startTick[i]!) / (tick[b + 1]! - tick[b]!));
    }
    const i = line.note[next];
    const at = i === undefined || bar[i]! >= count ? count : bar[i]! < 0 ? -1 : where(startTick[i]!, bar[i]!);
    rest[b] = last < 0 ? 1 : Math.max(0, Math.min(LONGEST_REST, at - lastEnd));
    step[b] = last < 0 ? 1 : Math.min(LONGEST_REST, at - last);
  }
  for (let k = 0; k < line.note.length; k++) {
    const i = line.note[k]!;
    const b = bar[i]!;
    if (b < 0 || b >= count) continue;
    tuneNotes[b]!++;
    setBit(contents, b, (startTick[i]! - tick[b]!) / (tick[b + 1]! - tick[b]!), line.pitch[k]!);
  }
}

function addDrums(piece: Piece, { tick }: Bars, bar: Int32Array, contents: BarContents): void {
  for (let k = 0; k < piece.drums.length; k++) {
    const i = piece.drums[k]!;
    const b = bar[i]!;
    if (b < 0 || b >= contents.count) continue;
    setBit(contents, b, (piece.startTick[i]! - tick[b]!) / (tick[b + 1]! - tick[b]!), piece.pitch[i]!);
  }
}

function setBit({ tune, tuneSize }: BarContents, bar: number, place: number, pitch: number): void {
  const eighth = Math.min(EIGHTHS - 1, Math.floor(place * EIGHTHS + 0.25));
  const bit = eighth * 12 + (pitch % 12);
  const word = bar * WORDS + (bit >> 5);
  const set = tune[word]! | (1 << (bit & 31));
  if (set !== tune[word]) tuneSize[bar]!++;
  tune[word] = set;
}
