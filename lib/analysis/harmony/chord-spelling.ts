import { CHORD_TYPES, DEGREES } from "../../music/chord-types.ts";
import { romanNumeral } from "./roman.ts";
import { nameInKey } from "./spelling.ts";

/** A chord as numbers: root and bass as pitch classes, type as index of `CHORD_TYPES`. */
export interface ChordNumbers {
  readonly root: number;
  readonly type: number;
  readonly bass: number;
}

/**
 * What has been spelled before: pieces say the same few chords over and over. Twelve roots and basses, the types and the
 * tonics of `tonicFifths` make the tables finite.
 */
export interface SpelledChords {
  readonly labels: Map<number, string>;
  readonly numerals: Map<number, string>;
}

export function createSpelledChords(): SpelledChords {
  return { labels: new Map(), numerals: new Map() };
}

/** Harte's label of a chord, spelled in the key on a tonic (its place on the line of fifths). */
export function labelOf(chord: ChordNumbers, tonic: number, { labels }: SpelledChords): string {
  const id = chordId(chord, tonic);
  const known = labels.get(id);
  if (known !== undefined) return known;
  const label = harteLabel(chord, tonic);
  labels.set(id, label);
  return label;
}

/** The Roman numeral of a chord in a key. */
export function numeralOf(chord: ChordNumbers, tonic: number, minor: boolean, { numerals }: SpelledChords): string {
  const id = chordId(chord, tonic) * 2 + (minor ? 1 : 0);
  const known = numerals.get(id);
  if (known !== undefined) return known;
  const step = (((chord.root * 7 - tonic + 5) % 12) + 12) % 12;
  const roman = romanNumeral(tonic - 5 + step, chord.type, (chord.bass - chord.root + 12) % 12, tonic, minor);
  numerals.set(id, roman);
  return roman;
}

/** A number for a chord in a key: root, type, bass, tonic. */
function chordId({ root, type, bass }: ChordNumbers, tonic: number): number {
  return (((tonic + 16) * 12 + root) * 12 + bass) * CHORD_TYPES.length + type;
}

function harteLabel({ root, type, bass }: ChordNumbers, tonic: number): string {
  const name = `${nameInKey(root, tonic)}:${CHORD_TYPES[type]!.name}`;
  return bass === root ? name : `${name}/${DEGREES[(bass - root + 12) % 12]!}`;
}
