import { CHORD_TYPES, DEGREES, SINGLE_NOTE } from "../../music/chord-types.ts";
import { pitchClass, spellings } from "../../music/note-names.ts";
import { UsageError } from "../script.ts";

/** Chord types as the library writes them, each after the ways people write them. A single note is no chord. */
const TYPES: ReadonlyMap<string, string> = new Map(
  CHORD_TYPES.filter((_, type) => type !== SINGLE_NOTE).flatMap(({ name, written }) =>
    [name, ...written].map((way) => [way, name] as const),
  ),
);

/** What stands after the root of a chord over each bass, by semitones above the root: nothing over the root itself. */
const BASSES = DEGREES.map((degree, semitones) => (semitones === 0 ? "" : `/${degree}`));

const CHORD = /^([A-G](?:#|b|♯|♭)?)?:?(.*?)(?:\/([A-G](?:#|b|♯|♭)?|[b#]?[1-7]))?$/;

/**
 * The labels that `--chord` means, in every spelling: "Am", "F#m7", "C:maj7", "Bb" over any bass, "C:maj/3" and "C/E" over
 * that one; a type without a root ("dim7", "maj9/3") means any root.
 */
export function chordLabels(text: string): readonly string[] {
  const [, root, rest, over] = CHORD.exec(text.trim())!;
  const type = TYPES.get(root !== undefined && rest === "" ? "maj" : rest!);
  const bass = over === undefined ? null : basses(root, over);
  if (type === undefined || bass?.length === 0) {
    throw new UsageError(
      `--chord is "${text}", expected a chord such as Am, F#m7, Bb, C:maj7, C/E, C:maj/3, or a type such as dim7`,
    );
  }
  const pitches = root === undefined ? Array.from({ length: 12 }, (_, pitch) => pitch) : [pitchClass(root)!];
  return pitches.flatMap(spellings).flatMap((name) => (bass ?? BASSES).map((ending) => `${name}:${type}${ending}`));
}

/** The ending for a bass written as a degree ("3", "b7") or as a note above a known root ("E"); none when it is neither. */
function basses(root: string | undefined, over: string): readonly string[] {
  const note = pitchClass(over);
  if (note === null) return BASSES.filter((_, semitones) => DEGREES[semitones] === over);
  return root === undefined ? [] : [BASSES[(note - pitchClass(root)! + 12) % 12]!];
}
