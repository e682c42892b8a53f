import type { Piece } from "../piece/piece.ts";
import type { Standing } from "./standing.ts";
import type { VoiceColumns } from "./voice-columns.ts";

/** What is known of a voice's notes for telling its role; nothing here changes when the piece is transposed. */
export interface RoleTraits {
  readonly notes: number;
  /** Mean pitch against that of all pitched notes, in semitones. */
  readonly register: number;
  /** Notes struck together, mean. */
  readonly chordSize: number;
  /** Share of its sounding time in which one note sounds. */
  readonly monophony: number;
  /** Share of the piece in which it is there, and of that with others in which it is the lowest and the highest. */
  readonly present: number;
  readonly lowest: number;
  readonly highest: number;
  /** What `MELODY_WEIGHTS` weigh, in order. */
  readonly melodic: readonly number[];
}

/** Names of the members of `RoleTraits.melodic`. */
export const MELODIC_TRAITS = [
  "one note at a time",
  "logarithm of the mean step",
  "range in octaves",
  "presence",
  "highest while one note at a time",
  "highest",
  "lowest",
  "root of the share of the notes",
] as const;

export function roleTraits(piece: Piece, voices: VoiceColumns, stand: Standing): RoleTraits[] {
  let sum = 0;
  for (let v = 0; v < piece.voices.length; v++) if (!piece.voices[v]!.drum) sum += voices.pitchSum[v]!;
  const meanPitch = sum / Math.max(1, piece.pitched.length);
  return piece.voices.map((_, v) => traitsOf(piece, voices, stand, v, meanPitch));
}

function traitsOf(piece: Piece, voices: VoiceColumns, stand: Standing, v: number, meanPitch: number): RoleTraits {
  const { notes } = piece.voices[v]!;
  const once = voices.onceSeconds[v]!;
  const monophony = once > 0 ? 1 - voices.twiceSeconds[v]! / once : 1;
  const meanStep = voices.steps[v]! > 0 ? voices.intervalSum[v]! / voices.steps[v]! : 0;
  const [present, lowest, highest] = [stand.present[v]!, stand.lowest[v]!, stand.highest[v]!];
  return {
    notes,
    register: voices.pitchSum[v]! / notes - meanPitch,
    chordSize: notes / Math.max(1, voices.onsets[v]!),
    monophony,
    present,
    lowest,
    highest,
    melodic: [
      monophony,
      Math.log(Math.max(0.5, meanStep)),
      (voices.highestPitch[v]! - voices.lowestPitch[v]!) / 12,
      present,
      highest * Math.max(0, 10 * (monophony - 0.9)),
      highest,
      lowest,
      Math.sqrt(notes / Math.max(1, piece.pitched.length)),
    ],
  };
}
