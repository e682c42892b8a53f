import type { Piece } from "../piece/piece.ts";

/**
 * The distinct onsets of a piece, one entry each, in order: notes struck within 30 ms of the first of them are one
 * onset (Dixon 2001 groups within 70 ms; 30 ms keeps fast ornaments apart). Everything about time works on these.
 */
export interface Onsets {
  readonly count: number;
  /** Onsets left out because the piece has more than `MAX_ONSETS`. */
  readonly truncated: boolean;
  readonly tick: Float64Array;
  readonly seconds: Float64Array;
  /** Notes struck together, drums included. */
  readonly notes: Uint16Array;
  /** Lowest pitched note, 128 when only drums sound. */
  readonly bass: Uint8Array;
  /** Highest pitched note, 0 when only drums sound. */
  readonly top: Uint8Array;
  /** Longest note in seconds, at most 4. */
  readonly longest: Float32Array;
  /** Length in seconds of the lowest note, at most 4. */
  readonly bassLength: Float32Array;
  /** Loudest velocity. */
  readonly velocity: Uint8Array;
  /** Pitch classes struck, bit 0 for C. */
  readonly pitchClasses: Uint16Array;
  /** Drum pieces struck: 1 kick, 2 snare or clap, 4 cymbals and hi-hats, 8 other. */
  readonly drums: Uint8Array;
}

const MAX_ONSETS = 16_384;
const TOGETHER_SECONDS = 0.03;

/** Collects the onsets in one pass. It is one dense loop because it sees every note. */
export function onsets(piece: Piece): Onsets {
  const size = Math.min(piece.count, MAX_ONSETS);
  const tick = new Float64Array(size);
  const seconds = new Float64Array(size);
  const notes = new Uint16Array(size);
  const bass = new Uint8Array(size).fill(128);
  const top = new Uint8Array(size);
  const longest = new Float32Array(size);
  const bassLength = new Float32Array(size);
  const velocity = new Uint8Array(size);
  const pitchClasses = new Uint16Array(size);
  const drums = new Uint8Array(size);
  let last = -1;
  let truncated = false;
  for (let i = 0; i < piece.count; i++) {
    const at = piece.startSeconds[i]!;
    if (last < 0 || at - seconds[last]! > TOGETHER_SECONDS) {
      if (last + 1 === size) {
        truncated = true;
        break;
      }
      last++;
      tick[last] = piece.startTick[i]!;
      seconds[last] = at;
    }
    if (notes[last]! < 65_535) notes[last]!++;
    if (piece.velocity[i]! > velocity[last]!) velocity[last] = piece.velocity[i]!;
    const pitch = piece.pitch[i]!;
    if (piece.drum[i]) {
      drums[last]! |= drumKind(pitch);
      continue;
    }
    const length = Math.min(4, piece.endSeconds[i]! - at);
    if (length > longest[last]!) longest[last] = length;
    if (pitch > top[last]!) top[last] = pitch;
    if (pitch < bass[last]!) {
      bass[last] = pitch;
      bassLength[last] = length;
    }
    pitchClasses[last]! |= 1 << (pitch % 12);
  }
  return {
    count: last + 1,
    truncated,
    tick,
    seconds,
    notes,
    bass,
    top,
    longest,
    bassLength,
    velocity,
    pitchClasses,
    drums,
  };
}

/** General MIDI 1 percussion key map. */
function drumKind(pitch: number): number {
  if (pitch === 35 || pitch === 36) return 1;
  if (pitch >= 37 && pitch <= 40) return 2;
  return pitch === 42 || pitch === 44 || pitch === 46 || (pitch >= 49 && pitch <= 59) ? 4 : 8;
}
