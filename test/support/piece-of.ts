import type { Features } from "../../lib/analysis/features.ts";
import { createPiece, type Piece } from "../../lib/analysis/piece/piece.ts";
import { createPieceScratch } from "../../lib/analysis/piece/scratch.ts";
import { readMidi } from "../../lib/midi/read/reader.ts";
import { analyze } from "./analyze.ts";

/** Something that has the bytes of a MIDI file: a builder, a track of one. */
export interface Built {
  bytes(): Uint8Array;
}

export function pieceOf(built: Built): Piece {
  return createPiece(readMidi(built.bytes()), createPieceScratch());
}

export function featuresOf(built: Built, path?: string): Features {
  return analyze(readMidi(built.bytes()), path === undefined ? {} : { path });
}
