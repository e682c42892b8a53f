/**
 * Chord types the analysis names, by Harte's shorthands (Harte, Sandler, Abdallah and Gomez, "Symbolic representation
 * of musical chords", ISMIR 2005). Intervals are semitones above the root.
 */
export interface ChordType {
  /** Harte's shorthand, with added notes in brackets. */
  readonly name: string;
  /** Index of `FAMILY_THIRD` and `FAMILY_FIFTH`: the triad it grows from. */
  readonly family: number;
  readonly intervals: readonly number[];
  /** Other ways in which people write it after the root. */
  readonly written: readonly string[];
}

/** Triads told apart first: major, minor, diminished, augmented, suspended fourth, suspended second. */
export const FAMILY_THIRD: readonly number[] = [4, 3, 3, 4, 5, 2];
export const FAMILY_FIFTH: readonly number[] = [7, 7, 6, 8, 7, 7];
export const FAMILIES = 6;

const type = (name: string, written: string, family: number, ...intervals: number[]): ChordType => ({
  name,
  family,
  intervals,
  written: written.split(" ").filter(Boolean),
});

/** The plain triad of each family stands at the family's index; the rest grow from one of them. */
export const CHORD_TYPES: readonly ChordType[] = [
  type("maj", "M", 0, 0, 4, 7),
  type("min", "m -", 1, 0, 3, 7),
  type("dim", "o °", 2, 0, 3, 6),
  type("aug", "+", 3, 0, 4, 8),
  type("sus4", "sus", 4, 0, 5, 7),
  type("sus2", "", 5, 0, 2, 7),
  type("maj7", "M7 Δ", 0, 0, 4, 7, 11),
  type("7", "dom7", 0, 0, 4, 7, 10),
  type("maj6", "6", 0, 0, 4, 7, 9),
  type("maj9", "M9", 0, 0, 4, 7, 11, 2),
  type("9", "", 0, 0, 4, 7, 10, 2),
  type("maj(9)", "add9", 0, 0, 4, 7, 2),
  type("min7", "m7 -7", 1, 0, 3, 7, 10),
  type("minmaj7", "mM7 mmaj7", 1, 0, 3, 7, 11),
  type("min6", "m6", 1, 0, 3, 7, 9),
  type("min9", "m9", 1, 0, 3, 7, 10, 2),
  type("min(9)", "madd9", 1, 0, 3, 7, 2),
  type("dim7", "o7 °7", 2, 0, 3, 6, 9),
  type("hdim7", "m7b5 ø ø7", 2, 0, 3, 6, 10),
  type("aug(b7)", "aug7 +7", 3, 0, 4, 8, 10),
  type("sus4(b7)", "7sus4 7sus", 4, 0, 5, 7, 10),
  type("5", "", 0, 0, 7),
  type("1", "", 0, 0),
];

export const POWER_CHORD = CHORD_TYPES.findIndex((t) => t.name === "5");
export const SINGLE_NOTE = CHORD_TYPES.findIndex((t) => t.name === "1");
/** The index that says no chord sounds (Harte's N). */
export const NO_CHORD = -1;

/** Degrees above the root by semitones, as Harte writes them after the slash of an inversion. */
export const DEGREES: readonly string[] = ["1", "b2", "2", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7"];
