import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { MELODY_WEIGHTS } from "./learned-roles.ts";
import { type RoleTraits, roleTraits } from "./role-traits.ts";
import { ROLE_WORDS } from "./role-words.ts";
import { standing } from "./standing.ts";
import type { VoiceColumns } from "./voice-columns.ts";

/** What a voice does in the music. "other" is said when nothing fits well: counter-lines, effects, solo pianos. */
export type Role = "melody" | "bass" | "chords" | "drums" | "other";

export interface RoleGuess {
  readonly role: Role;
  /** 0 to 1. */
  readonly confidence: number;
}

/** What else is known of a voice. */
export interface VoiceLabel {
  readonly name: string | null;
  /** Program that sounds most, null when none was set. */
  readonly program: number | null;
}

/**
 * Role of every voice, indexed like `Piece.voices`. The track name speaks first; else the music does: a bass is the lowest
 * voice most of the time, well below the highest; chords are struck together; the melody is the voice most like one, after
 * statistics like those of Rizo et al. 2006 ("A pattern recognition approach for melody track selection in MIDI files").
 * All of it is relative: transposing a piece changes no role. At most one melody is found this way.
 */
export function roles(piece: Piece, voices: VoiceColumns, labels: readonly VoiceLabel[]): RoleGuess[] {
  const guesses = rolesByMusic(piece, voices, labels);
  return guesses.map((guess, v) => {
    const named = piece.voices[v]!.drum ? null : roleOfName(labels[v]!.name);
    if (named === null || named === "drums") return guess;
    return { role: named, confidence: named === guess.role ? 0.95 : 0.8 };
  });
}

function roleOfName(name: string | null): Role | null {
  if (!name) return null;
  const words = name.replace(/[_\d]+/g, " ").replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  for (const [role, pattern] of ROLE_WORDS) if (pattern.test(words)) return role;
  return null;
}

/** By the notes alone (and General MIDI's bass programs). */
function rolesByMusic(piece: Piece, voices: VoiceColumns, labels: readonly VoiceLabel[]): RoleGuess[] {
  const traits = roleTraits(piece, voices, standing(piece));
  const top = highestRegister(piece, traits);
  const guesses = piece.voices.map((voice, v): RoleGuess => {
    if (voice.drum) return { role: "drums", confidence: 1 };
    return accompaniment(traits[v]!, labels[v]!.program, top) ?? { role: "other", confidence: 0.5 };
  });
  const melody = findMelody(traits, guesses);
  if (melody) guesses[melody.voice] = { role: "melody", confidence: melody.confidence };
  return guesses;
}

/** Fewer notes play no part that could be told. */
const LEAST_NOTES = 4;

function highestRegister(piece: Piece, traits: readonly RoleTraits[]): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const [v, { notes, register }] of traits.entries())
    if (!piece.voices[v]!.drum && notes >= LEAST_NOTES) top = Math.max(top, register);
  return top;
}

const FIRST_GUITAR_PROGRAM = 24;
const FIRST_BASS_PROGRAM = 32;
const LAST_BASS_PROGRAM = 39;
/** Most notes struck together of a bass, and least of chords; least time in which one note sounds, of what are no chords. */
const BASS_CHORD_SIZE = 1.3;
const CHORD_SIZE = 1.6;
const LINE_MONOPHONY = 0.45;
/** A bass has the lowest note for most of the time and lies an octave or more under the highest voice, in the mean. */
const BASS_LOWEST = 0.6;
const BASS_BELOW = 12;
/** The same of guitars, whose riffs lie low without being the bass. */
const GUITAR_LOWEST = 0.85;

function accompaniment(traits: RoleTraits, program: number | null, top: number): RoleGuess | null {
  const { notes, register, chordSize, monophony, lowest } = traits;
  if (program !== null && program >= FIRST_BASS_PROGRAM && program <= LAST_BASS_PROGRAM)
    return { role: "bass", confidence: lowest >= 0.5 ? 0.9 : 0.7 };
  if (notes < LEAST_NOTES) return null;
  if (chordSize >= CHORD_SIZE || monophony < LINE_MONOPHONY)
    return { role: "chords", confidence: round(Math.min(0.85, 0.4 + 0.15 * chordSize), 2) };
  const guitar = program !== null && program >= FIRST_GUITAR_PROGRAM && program < FIRST_BASS_PROGRAM;
  const least = guitar ? GUITAR_LOWEST : BASS_LOWEST;
  if (chordSize < BASS_CHORD_SIZE && lowest >= least && top - register >= BASS_BELOW)
    return { role: "bass", confidence: round(0.4 + 0.45 * lowest, 2) };
  return null;
}

const LEAST_MELODY_NOTES = 8;
/** Most notes struck together of a melody; least time in which one note sounds. */
const MELODY_CHORD_SIZE = 1.6;
const MELODY_MONOPHONY = 0.5;
/** A voice alone is taken for a tune. */
const ALONE = 0.65;

/** The voice that is most like a tune, and how sure that is: its share of the exponentials of all scores. */
function findMelody(traits: readonly RoleTraits[], guesses: readonly RoleGuess[]) {
  let voice = -1;
  let best = Number.NEGATIVE_INFINITY;
  let candidates = 0;
  const scores = traits.map(({ melodic }) => melodyScore(melodic));
  for (const [v, { notes, chordSize, monophony }] of traits.entries()) {
    const { role } = guesses[v]!;
    if (role === "drums" || role === "bass" || notes < LEAST_MELODY_NOTES) continue;
    candidates++;
    if (chordSize > MELODY_CHORD_SIZE || monophony < MELODY_MONOPHONY || scores[v]! <= best) continue;
    [voice, best] = [v, scores[v]!];
  }
  if (voice < 0) return null;
  if (candidates === 1) return { voice, confidence: ALONE };
  let sum = 0;
  for (const [v, score] of scores.entries()) if (guesses[v]!.role !== "drums") sum += Math.exp(score - best);
  return { voice, confidence: round(Math.max(0.3, Math.min(0.95, 1 / sum)), 2) };
}

function melodyScore(melodic: readonly number[]): number {
  return melodic.reduce((sum, trait, i) => sum + trait * MELODY_WEIGHTS[i]!, 0);
}
