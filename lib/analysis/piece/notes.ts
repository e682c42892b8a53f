import type { Piece } from "./piece.ts";
import { round } from "./round.ts";

/**
 * What the notes are, counted: plain statistics over the notes of all tracks. Pitch figures leave drum notes out
 * (their numbers name instruments, not pitches) and are null without pitched notes; velocity figures take all notes
 * and are null without any.
 */
export interface NotesFeature {
  /** Notes of all tracks, drums included. */
  readonly count: number;
  readonly pitched: number;
  readonly drums: number;
  /** Notes the file never ended: they end with their track. */
  readonly unended: number;
  /** Note ends for which no note sounded. */
  readonly orphanEnds: number;
  readonly uniquePitches: number;
  /** MIDI note numbers, 0 to 127. */
  readonly lowestPitch: number | null;
  readonly highestPitch: number | null;
  readonly rangeSemitones: number | null;
  readonly velocityMean: number | null;
  /** Standard deviation of the velocity (population). */
  readonly velocityDeviation: number | null;
  readonly lowestVelocity: number | null;
  readonly highestVelocity: number | null;
  /** Pitched notes per pitch class, C first: 12 counts. */
  readonly pitchClasses: readonly number[];
  /** Shannon entropy of `pitchClasses` in bits: 0 one pitch class, 3.585 all twelve alike. */
  readonly pitchClassEntropyBits: number | null;
}

export function notes(piece: Piece): NotesFeature {
  const pitchCount = new Uint32Array(128);
  const velocityCount = new Uint32Array(128);
  for (let i = 0; i < piece.count; i++) {
    velocityCount[piece.velocity[i]!]!++;
    if (piece.drum[i] === 0) pitchCount[piece.pitch[i]!]!++;
  }
  const pitchClasses = foldPitchClasses(pitchCount);
  const [lowestPitch, highestPitch] = extent(pitchCount);
  const [lowestVelocity, highestVelocity] = extent(velocityCount);
  return {
    count: piece.count,
    pitched: piece.pitched.length,
    drums: piece.drums.length,
    unended: piece.score.unendedNotes,
    orphanEnds: piece.score.orphanEnds,
    uniquePitches: pitchCount.reduce((sum, n) => (n > 0 ? sum + 1 : sum), 0),
    lowestPitch,
    highestPitch,
    rangeSemitones: lowestPitch === null ? null : highestPitch! - lowestPitch,
    ...meanAndDeviation(velocityCount, piece.count),
    lowestVelocity,
    highestVelocity,
    pitchClasses,
    pitchClassEntropyBits: entropyBits(pitchClasses, piece.pitched.length),
  };
}

function foldPitchClasses(pitchCount: Uint32Array): number[] {
  const classes = new Array<number>(12).fill(0);
  for (let pitch = 0; pitch < 128; pitch++) classes[pitch % 12]! += pitchCount[pitch]!;
  return classes;
}

function extent(counts: Uint32Array): [number, number] | [null, null] {
  let low = 0;
  while (low < 128 && counts[low] === 0) low++;
  if (low === 128) return [null, null];
  let high = 127;
  while (counts[high] === 0) high--;
  return [low, high];
}

function meanAndDeviation(
  velocityCount: Uint32Array,
  count: number,
): Pick<NotesFeature, "velocityMean" | "velocityDeviation"> {
  if (count === 0) return { velocityMean: null, velocityDeviation: null };
  let sum = 0;
  for (let v = 0; v < 128; v++) sum += v * velocityCount[v]!;
  const mean = sum / count;
  let squares = 0;
  for (let v = 0; v < 128; v++) squares += velocityCount[v]! * (v - mean) ** 2;
  return { velocityMean: round(mean, 2), velocityDeviation: round(Math.sqrt(squares / count), 2) };
}

function entropyBits(classes: readonly number[], total: number): number | null {
  if (total === 0) return null;
  let bits = 0;
  for (const n of classes) if (n > 0) bits -= (n / total) * Math.log2(n / total);
  return round(bits, 3);
}
