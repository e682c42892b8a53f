import type { Piece } from "../piece/piece.ts";

const PER_QUARTER = 24;

/**
 * Of the notes as they are played, see `IdentityFeature`: 64 bits as 16 hexadecimal digits, a sum over the notes, so that
 * their order plays no part. Whole numbers of 32 bits throughout, larger ones wrapped: engines add and mix them faster.
 */
export function notesHash({ count, startTick, endTick, pitch, drum, ticksPerQuarter }: Piece): string {
  const first = startTick[0]!;
  let a = 0;
  let b = 0;
  for (let i = 0; i < count; i++) {
    const onset = nearest(((startTick[i]! - first) * PER_QUARTER) / ticksPerQuarter);
    const length = nearest(((endTick[i]! - startTick[i]!) * PER_QUARTER) / ticksPerQuarter);
    const rest = (length << 8) | pitch[i]! | (drum[i]! << 7);
    a = (a + mix(onset, rest)) | 0;
    b = (b + mix(rest ^ SECOND_SEED, onset)) | 0;
  }
  return hex(a, b, count);
}

function nearest(value: number): number {
  return Math.floor(value + 0.5) | 0;
}

/** Of the tune, see `IdentityFeature`: made like `notesHash`. */
export function tuneHash({ pitched, drums, startTick, pitch }: Piece): string {
  const notes = pitched.length > 0 ? pitched : drums;
  const base = pitched.length > 0 ? lowest(pitched, pitch) : 0;
  let a = 0;
  let b = 0;
  let rank = -1;
  let counted = 0;
  let lastTick = -1;
  let lastPitch = -1;
  for (let k = 0; k < notes.length; k++) {
    const i = notes[k]!;
    if (startTick[i]! !== lastTick) rank++;
    else if (pitch[i]! === lastPitch) continue;
    lastTick = startTick[i]!;
    lastPitch = pitch[i]!;
    counted++;
    a = (a + mix(rank, lastPitch - base)) | 0;
    b = (b + mix((lastPitch - base) ^ SECOND_SEED, rank)) | 0;
  }
  return hex(a, b, counted);
}

function lowest(notes: Uint32Array, pitch: Uint8Array): number {
  let least = 127;
  for (let k = 0; k < notes.length; k++) if (pitch[notes[k]!]! < least) least = pitch[notes[k]!]!;
  return least;
}

const SECOND_SEED = 0x9e3779b9 | 0;

/** Two 32-bit words to one, by the mixing steps of MurmurHash3 (Appleby). Leaves equal sums to unequal words rare. */
function mix(x: number, y: number): number {
  let h = Math.imul(x ^ 0x2545f491, 0xcc9e2d51);
  h = (h << 15) | (h >>> 17);
  h = Math.imul(h ^ Math.imul(y, 0x1b873593), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(a: number, b: number, count: number): string {
  const word = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
  return word(mix(a, count)) + word(mix(b, ~count));
}
