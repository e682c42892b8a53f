import type { Bars } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { Cells } from "./cells.ts";

export interface VoiceLoop {
  readonly track: number;
  readonly channel: number;
  /** Bar it starts in, from 1. */
  readonly startBar: number;
  /** Length of one round in bars: 1, 2, 4, 8, 16 or 32. */
  readonly bars: number;
  /** Rounds played in a row: 2 or more, of one bar 4 or more. */
  readonly times: number;
}

const LENGTHS = [1, 2, 4, 8, 16, 32];
const MOST_LOOPS = 64;
/** GigaMIDI (Lee et al. 2025) asks for half a note a beat. */
const LEAST_NOTES_PER_BEAT = 0.5;

/** The longest unbroken repetition of every voice, note for note by the hashes of its bars. */
export function voiceLoops(piece: Piece, bars: Bars, { voices, voiceHash, voiceNotes, hash }: Cells): VoiceLoop[] {
  const count = hash.length;
  const found: VoiceLoop[] = [];
  for (let v = 0; v < voices && found.length < MOST_LOOPS; v++) {
    const [from, to] = [v * count, (v + 1) * count];
    const loop = longest(voiceHash.subarray(from, to), voiceNotes.subarray(from, to), bars.beats);
    if (loop) found.push({ track: piece.voices[v]!.track, channel: piece.voices[v]!.channel, ...loop });
  }
  return found;
}

function longest(hash: Int32Array, notes: Uint32Array, beats: number): Omit<VoiceLoop, "track" | "channel"> | null {
  let best: { startBar: number; bars: number; times: number } | null = null;
  for (const length of LENGTHS) {
    const least = length === 1 ? 4 : 2;
    for (let start = 0; start + length * least <= hash.length; ) {
      let end = start + length;
      while (end < hash.length && hash[end] === hash[end - length]) end++;
      const times = Math.floor((end - start) / length);
      const dense = sum(notes, start, start + length) >= LEAST_NOTES_PER_BEAT * beats * length;
      if (times >= least && notes[start]! > 0 && dense && times * length > 1.1 * (best ? best.bars * best.times : 0))
        best = { startBar: start + 1, bars: length, times };
      start = Math.max(start + 1, end - length + 1);
    }
  }
  return best;
}

function sum(notes: Uint32Array, from: number, to: number): number {
  let total = 0;
  for (let b = from; b < to; b++) total += notes[b]!;
  return total;
}

export interface LoopGuess {
  /** The file is 1 to 32 whole bars, starts on the first beat, and its last bar leads back to the first. */
  readonly isLoop: boolean;
  /** Length in bars; null when not a whole number from 1 to 32. */
  readonly bars: number | null;
  /** That `isLoop` is right, 0.5 to 1: 0.5 without bar lines or with too few notes to tell. */
  readonly confidence: number;
}

const MOST_LOOP_BARS = 32;
const NO_LOOP: LoopGuess = { isLoop: false, bars: null, confidence: 0.95 };
/** Fewer notes, or no bar lines: nothing to tell by. */
const LEAST_LOOP_NOTES = 8;
const OPEN: LoopGuess = { isLoop: false, bars: null, confidence: 0.5 };

/**
 * Is the whole file a loop? It must be whole bars long by End of Track (or by its last note, rounded up to the bar when
 * that ends within the last beat), start on its first beat, keep one tempo, and move in its last bar about as much as in
 * the others: songs end on something held.
 */
export function fileLoop(piece: Piece, bars: Bars, bar: Int32Array): LoopGuess {
  if (bars.confidence === 0 || piece.count < LEAST_LOOP_NOTES) return OPEN;
  // The first bar may be a broken one.
  const whole = Math.min(1, bars.count - 1);
  const barTicks = bars.tick[whole + 1]! - bars.tick[whole]!;
  const beat = barTicks / bars.beats;
  const length = wholeBars(piece, barTicks, beat);
  if (length === null || piece.startTick[0]! > beat / 4 || !oneTempo(piece)) return NO_LOOP;
  const moving = lastBarMoves(piece, bar, length);
  const square = (length & (length - 1)) === 0;
  const exact = Math.abs(piece.score.endTick - length * barTicks) < 2;
  const evidence =
    0.35 + (moving ? 0.25 : -0.2) + (square ? 0.2 : -0.1) + (exact ? 0.15 : 0) - 0.15 * Math.log2(length / 4 + 1);
  const chance = Math.min(0.95, Math.max(0.05, evidence + 0.15));
  // No surer than the bar lines are.
  const confidence = 0.5 + (Math.max(chance, 1 - chance) - 0.5) * bars.confidence;
  return { isLoop: chance > 0.5, bars: length, confidence: round(confidence, 2) };
}

/** From the first note to the end; the same tempo stated again is no change. */
function oneTempo({ time, startTick }: Piece): boolean {
  const first = time.segmentAt(startTick[0]!);
  return time.secondsPerTick.every((value, i) => i <= first || value === time.secondsPerTick[first]);
}

function wholeBars(piece: Piece, barTicks: number, beat: number): number | null {
  const byEnd = piece.score.endTick / barTicks;
  const byNotes = piece.score.lastNoteEndTick / barTicks;
  const nearEnd = Math.round(byEnd);
  const whole =
    Math.abs(byEnd - nearEnd) * barTicks < beat / 8 && nearEnd - byNotes < 1 ? nearEnd : Math.ceil(byNotes - 1e-3);
  const gap = (whole - byNotes) * barTicks;
  const fits = whole === nearEnd || gap <= beat;
  return fits && whole >= 1 && whole <= MOST_LOOP_BARS ? whole : null;
}

/** Whether the last bar starts at least half as many notes as the mean bar. */
function lastBarMoves(piece: Piece, bar: Int32Array, length: number): boolean {
  let last = 0;
  for (let i = piece.count - 1; i >= 0 && bar[i]! >= length - 1; i--) last++;
  return length === 1 || last >= 0.5 * (piece.count / length);
}
