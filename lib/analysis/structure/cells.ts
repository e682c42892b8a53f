import type { Bars } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";

/**
 * The notes of every bar, and of every voice in every bar, as hashes that are equal for equal notes: places on a grid of
 * 24ths of a quarter, pitches (drums apart), in whatever order; lengths and velocities aside.
 */
export interface Cells {
  /** By bar. */
  readonly hash: Int32Array;
  readonly notes: Uint32Array;
  /** Rows by voice of one cell a bar; as many voices as there is room for. */
  readonly voices: number;
  readonly voiceHash: Int32Array;
  readonly voiceNotes: Uint32Array;
}

const PER_QUARTER = 24;
const MOST_CELLS = 1 << 20;

/** `bar` is the bar of each note; the first `count` bars are looked at. */
export function cells(piece: Piece, bars: Bars, bar: Int32Array, count: number): Cells {
  const room = Math.floor(MOST_CELLS / count);
  // Voices beyond the room share a row that no loop is looked for in.
  const rows = Math.min(piece.voices.length, room + 1);
  const voiceHash = new Int32Array(rows * count);
  const voiceNotes = new Uint32Array(rows * count);
  const { startTick, pitch, drum, voice, ticksPerQuarter } = piece;
  const { tick } = bars;
  for (let i = 0; i < piece.count; i++) {
    const b = bar[i]!;
    if (b >= count) break;
    if (b < 0) continue;
    const place = Math.floor(((startTick[i]! - tick[b]!) * PER_QUARTER) / ticksPerQuarter + 0.5) | 0;
    let h = Math.imul((place << 8) | (drum[i]! << 7) | pitch[i]!, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    const cell = Math.min(voice[i]!, rows - 1) * count + b;
    voiceHash[cell] = (voiceHash[cell]! + (h ^ (h >>> 13))) | 0;
    voiceNotes[cell]!++;
  }
  return { ...ofBars(voiceHash, voiceNotes, count), voices: Math.min(rows, room), voiceHash, voiceNotes };
}

function ofBars(voiceHash: Int32Array, voiceNotes: Uint32Array, count: number) {
  const hash = new Int32Array(count);
  const notes = new Uint32Array(count);
  for (let row = 0; row < voiceHash.length; row += count)
    for (let b = 0; b < count; b++) {
      hash[b] = (hash[b]! + voiceHash[row + b]!) | 0;
      notes[b]! += voiceNotes[row + b]!;
    }
  return { hash, notes };
}
