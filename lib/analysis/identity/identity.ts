import type { Piece } from "../piece/piece.ts";
import { fingerprint, fingerprintText } from "./fingerprint.ts";
import { notesHash, tuneHash } from "./hashes.ts";
import type { IdentityScratch } from "./scratch.ts";
import type { TopLines } from "./top-lines.ts";

/** What makes two files the same music beyond their bytes: two hashes, equal for equal music, and what finds it in other hands. */
export interface IdentityFeature {
  /**
   * Of the multiset of (onset, length, pitch, drum or not), times in 24ths of a quarter counted from the first note.
   * Blind to metas, tempo, tracks, channels, programs, controllers, velocities, leading silence, format and a change of
   * division as far as a 24th of a quarter resolves it. Says nothing about pitches played by ear: any moved note differs.
   */
  readonly notesHash: string | null;
  /**
   * Of the set of (rank of the onset among all onsets, pitch above the lowest pitch). Blind, besides, to transposition,
   * to any change of tempo or rhythm that keeps the order of onsets (doubled or halved note values, rubato), to note
   * lengths, doubled voices and drums; drums count, by their own pitches, only in files without pitched notes.
   */
  readonly tuneHash: string | null;
  /** A `Fingerprint` as base64: likeness to other performances and arrangements. Null with too few pitched phrases. */
  readonly fingerprint: string | null;
}

export function identity(piece: Piece, lines: TopLines, scratch: IdentityScratch): IdentityFeature {
  const print = fingerprint(piece, lines, scratch);
  return {
    notesHash: piece.count > 0 ? notesHash(piece) : null,
    tuneHash: piece.count > 0 ? tuneHash(piece) : null,
    fingerprint: print === null ? null : fingerprintText(print),
  };
}
