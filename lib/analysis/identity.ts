import type { Material } from "./material.ts";

/**
 * What makes two files the same music beyond their bytes: two 64-bit hashes as 16 hexadecimal digits, equal for equal
 * music, null without notes. Both are sums over the notes, so the order of notes, tracks and events plays no part.
 */
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
}

const PER_QUARTER = 24;

export function identity(m: Material): IdentityFeature {
  return { notesHash: m.count > 0 ? notesHash(m) : null, tuneHash: m.count > 0 ? tuneHash(m) : null };
}

function notesHash(m: Material): string {
  const first = m.startTick[0]!;
  let [a, b] = [0, 0];
  for (let i = 0; i < m.count; i++) {
    const onset = Math.round(((m.startTick[i]! - first) * PER_QUARTER) / m.ticksPerQuarter);
    const length = Math.round(((m.endTick[i]! - m.startTick[i]!) * PER_QUARTER) / m.ticksPerQuarter);
    const note = m.pitch[i]! | (m.drum[i]! << 7);
    const rest = (length << 8) | note;
    a = (a + mix(onset, rest)) | 0;
    b = (b + mix(rest ^ SECOND_SEED, onset)) | 0;
  }
  return hex(a, b, m.count);
}

function tuneHash(m: Material): string {
  const notes = m.pitched.length > 0 ? m.pitched : m.drums;
  let lowest = 127;
  if (m.pitched.length === 0) lowest = 0;
  else for (let k = 0; k < notes.length; k++) lowest = Math.min(lowest, m.pitch[notes[k]!]!);
  let [a, b, rank, counted] = [0, 0, -1, 0];
  let [lastTick, lastPitch] = [-1, -1];
  for (let k = 0; k < notes.length; k++) {
    const i = notes[k]!;
    const tick = m.startTick[i]!;
    const pitch = m.pitch[i]!;
    if (tick !== lastTick) rank++;
    else if (pitch === lastPitch) continue;
    lastTick = tick;
    lastPitch = pitch;
    counted++;
    a = (a + mix(rank, pitch - lowest)) | 0;
    b = (b + mix((pitch - lowest) ^ SECOND_SEED, rank)) | 0;
  }
  return hex(a, b, counted);
}

const SECOND_SEED = 0x9e3779b9;

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
