import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { ROLE_WORDS } from "./role-words.ts";
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
 * Role of every voice, indexed like `Piece.voices`. The track name speaks first; else the music does, after the
 * track statistics of Rizo et al. 2006 ("A pattern recognition approach for melody track selection in MIDI files"):
 * how many notes sound at once, register, size of steps, share of the time played. At most one melody and any number
 * of basses and chords are found this way.
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
  const traits = piece.voices.map((_, v) => traitsOf(piece, voices, v));
  const guesses = piece.voices.map((voice, v): RoleGuess => {
    if (voice.drum) return { role: "drums", confidence: 1 };
    return accompaniment(traits[v]!, labels[v]!.program) ?? { role: "other", confidence: 0.5 };
  });
  const melody = findMelody(piece, traits, guesses, labels);
  if (melody) guesses[melody.voice] = { role: "melody", confidence: melody.confidence };
  return guesses;
}

interface Traits {
  readonly notes: number;
  readonly meanPitch: number;
  /** Notes struck together, mean. */
  readonly chordSize: number;
  /** Share of its sounding time in which one note sounds. */
  readonly monophony: number;
  /** Mean step of the top line in semitones. */
  readonly meanStep: number;
  readonly soundingSeconds: number;
}

function traitsOf(piece: Piece, voices: VoiceColumns, v: number): Traits {
  const notes = piece.voices[v]!.notes;
  const once = voices.onceSeconds[v]!;
  return {
    notes,
    meanPitch: voices.pitchSum[v]! / notes,
    chordSize: notes / Math.max(1, voices.onsets[v]!),
    monophony: once > 0 ? 1 - voices.twiceSeconds[v]! / once : 1,
    meanStep: voices.steps[v]! > 0 ? voices.intervalSum[v]! / voices.steps[v]! : 0,
    soundingSeconds: once,
  };
}

/** Fewer notes play no part that could be told. */
const LEAST_NOTES = 4;
const FIRST_GUITAR_PROGRAM = 24;
const FIRST_BASS_PROGRAM = 32;
const LAST_BASS_PROGRAM = 39;
/** A guitar's lowest string: riffs lie low without being the bass. */
const LOW_E = 40;

function accompaniment(t: Traits, program: number | null): RoleGuess | null {
  if (program !== null && program >= FIRST_BASS_PROGRAM && program <= LAST_BASS_PROGRAM)
    return { role: "bass", confidence: t.meanPitch < 55 ? 0.9 : 0.7 };
  if (t.notes < LEAST_NOTES) return null;
  if (t.chordSize >= 1.6 || t.monophony < 0.45)
    return { role: "chords", confidence: round(Math.min(0.85, 0.4 + 0.15 * t.chordSize), 2) };
  const guitar = program !== null && program >= FIRST_GUITAR_PROGRAM && program < FIRST_BASS_PROGRAM;
  if (t.meanPitch < (guitar ? LOW_E : 48) && t.chordSize < 1.3)
    return { role: "bass", confidence: t.meanPitch < 43 ? 0.8 : 0.65 };
  return null;
}

const LEAST_MELODY_NOTES = 8;
const LEAST_MELODY_SCORE = 0.25;

/** The voice that is most like a tune, and by how much it leads. */
function findMelody(
  piece: Piece,
  traits: readonly Traits[],
  guesses: readonly RoleGuess[],
  labels: readonly VoiceLabel[],
) {
  let longest = 0;
  for (const t of traits) longest = Math.max(longest, t.soundingSeconds);
  let [voice, best, second] = [-1, LEAST_MELODY_SCORE, 0];
  for (let v = 0; v < traits.length; v++) {
    if (guesses[v]!.role === "drums" || guesses[v]!.role === "bass" || traits[v]!.notes < LEAST_MELODY_NOTES) continue;
    const score = melodyScore(traits[v]!, longest, labels[v]!.program);
    if (score > best) [voice, best, second] = [v, score, voice < 0 ? 0 : best];
    else if (score > second) second = score;
  }
  if (voice < 0) return null;
  const alone = piece.voices.length === 1 ? 0.2 : 0;
  return { voice, confidence: round(Math.min(0.9, 0.45 + (best - second) + alone), 2) };
}

/** Product of four readings, each 0 to 1: one note at a time, a singer's or soloist's register, small steps, presence. */
function melodyScore(t: Traits, longest: number, program: number | null): number {
  const single = Math.max(0, 1 - (t.chordSize - 1) * 1.5) * t.monophony;
  const register = Math.exp(-(((t.meanPitch - 71) / 14) ** 2));
  const steps = t.meanStep === 0 ? 0.2 : Math.min(1, 5 / Math.max(t.meanStep, 2.5));
  const presence = longest > 0 ? Math.sqrt(Math.min(1, t.soundingSeconds / (0.7 * longest))) : 1;
  const pad = program !== null && program >= 88 && program <= 103 ? 0.6 : 1;
  return single * register * steps * presence * pad;
}
