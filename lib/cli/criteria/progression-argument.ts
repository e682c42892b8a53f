import { CHORD_TYPES } from "../../music/chord-types.ts";
import { pitchClass } from "../../music/note-names.ts";
import { type FoldedChord, LEAST_PROGRESSION, type Progression } from "../../music/progressions.ts";
import { UsageError } from "../script.ts";

const DEGREES = ["i", "ii", "iii", "iv", "v", "vi", "vii"];
const SEMITONES = [0, 2, 4, 5, 7, 9, 11];
const FAMILIES = new Map(
  CHORD_TYPES.flatMap(({ name, written, family }) => [name, ...written].map((way) => [way, family])),
);

/** What `--progression` means: Roman numerals in any key ("vi IV I V"), or chords as they stand ("Am F C G"). */
export function parseProgression(text: string): Progression {
  const words = text
    .trim()
    .split(/[\s,|-]+/)
    .filter(Boolean);
  const numerals = words.map(numeral);
  const named = words.map(byName);
  const absolute = numerals.includes(null);
  const chords = absolute ? named : numerals;
  if (chords.length < LEAST_PROGRESSION || chords.includes(null)) {
    throw new UsageError(
      `--progression is "${text}", expected ${LEAST_PROGRESSION} chords or more: numerals such as "vi IV I V", or names such as "Am F C G"`,
    );
  }
  return { chords: chords as FoldedChord[], absolute };
}

/** A numeral on the major scale: upper case major, lower case minor, o diminished, + augmented; sevenths are folded in. */
function numeral(word: string): FoldedChord | null {
  const [, sign, degree, ending] = /^([b#]?)([IiVv]+)(.*)$/.exec(word) ?? [];
  const at = DEGREES.indexOf((degree ?? "").toLowerCase());
  const isUpper = degree === degree?.toUpperCase();
  if (at < 0 || (!isUpper && degree !== degree!.toLowerCase())) return null;
  const family = /^(o|°|dim|ø)/.test(ending!) ? 2 : /^(\+|aug)/.test(ending!) ? 3 : isUpper ? 0 : 1;
  const shift = sign === "b" ? -1 : sign === "#" ? 1 : 0;
  return { root: (SEMITONES[at]! + shift + 12) % 12, family };
}

function byName(word: string): FoldedChord | null {
  const [, root, type] = /^([A-G](?:#|b|♯|♭)?):?([^/]*)/.exec(word) ?? [];
  const family = root === undefined ? undefined : type === "" ? 0 : FAMILIES.get(type!);
  return family === undefined ? null : { root: pitchClass(root!)!, family };
}
