import { createPiece, type Piece } from "../analysis/piece/piece.ts";
import { createPieceScratch } from "../analysis/piece/scratch.ts";
import { inSequence } from "../analysis/piece/sequences.ts";
import { type ContentItem, NoBytes, openContent } from "../files/content-bytes.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";
import { drumGroup } from "../music/drum-pieces.ts";

/** Cells of a small picture of a piece's notes: time from left to right, pitch from the top. */
const PICTURE = { columns: 96, rows: 20, drumRows: 4 } as const;

/** What became of a content: its picture, or why there is none. `missing`: no place holds its bytes. */
export type Drawn =
  | { readonly id: number; readonly picture: Uint8Array }
  | { readonly id: number; readonly error: string; readonly missing: boolean };

const reader = createReader();
const scratch = createPieceScratch();

/**
 * Draws a piece's notes small: a byte a cell, row after row. 0 is empty, 1 to 3 pitched notes from soft to loud, 4 to 6
 * drums. Pitches fill the height between the lowest and the highest note; drums have the last rows for themselves.
 */
export function drawContent(item: ContentItem, limits: { readonly maxBytes: number }): Drawn {
  try {
    return {
      id: item.id,
      picture: picture(createPiece(inSequence(reader.read(openContent(item, limits.maxBytes))), scratch)),
    };
  } catch (error) {
    if (error instanceof NoBytes) return { id: item.id, error: error.message, missing: error.missing };
    if (error instanceof BadMidi) return { id: item.id, error: error.message, missing: false };
    throw error;
  }
}

/** Last rows of the picture by part of the kit, cymbals on top. */
const DRUM_ROWS: Readonly<Record<string, number>> = {
  kick: 3,
  snare: 2,
  tom: 2,
  percussion: 1,
  hat: 1,
  ride: 0,
  crash: 0,
};

function picture(piece: Piece): Uint8Array {
  const { columns, rows, drumRows } = PICTURE;
  const cells = new Uint8Array(columns * rows);
  const { low, high, end } = extent(piece);
  const pitchRows = piece.drums.length > 0 ? rows - drumRows - 1 : rows;
  const scale = columns / Math.max(end, 1e-9);
  const step = (pitchRows - 1) / Math.max(high - low, 12);
  const above = (pitchRows - 1 - step * (high - low)) / 2;
  for (let i = 0; i < piece.count; i++) {
    const drum = piece.drum[i] === 1;
    const row = drum
      ? rows - drumRows + DRUM_ROWS[drumGroup(piece.pitch[i]!)]!
      : Math.round(above + step * (high - piece.pitch[i]!));
    const from = Math.min(columns - 1, Math.floor(piece.startSeconds[i]! * scale));
    const to = drum ? from : Math.min(columns - 1, Math.max(from, Math.ceil(piece.endSeconds[i]! * scale) - 1));
    const ink = (drum ? 4 : 1) + Math.min(2, Math.floor(piece.velocity[i]! / 43));
    for (let at = row * columns + from; at <= row * columns + to; at++) if (cells[at]! < ink) cells[at] = ink;
  }
  return cells;
}

function extent(piece: Piece): { low: number; high: number; end: number } {
  let [low, high, end] = [127, 0, 0];
  for (let i = 0; i < piece.count; i++) {
    end = Math.max(end, piece.endSeconds[i]!);
    if (piece.drum[i] === 1) continue;
    low = Math.min(low, piece.pitch[i]!);
    high = Math.max(high, piece.pitch[i]!);
  }
  return low > high ? { low: 60, high: 60, end } : { low, high, end };
}
