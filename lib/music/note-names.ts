/**
 * Names of notes, one rule for all: a letter, then `#` or `b` as often as needed. A name stands for a place on the line of
 * fifths (C 0, G 1, F -1, F# 6, Gb -6), a place for a pitch class (0 to 11 from C).
 */

/** The letters in the order of the line of fifths, from F (-1) on. */
const LETTERS = "FCGDAEB";

/** Name of a place on the line of fifths: 0 C, 6 F#, -2 Bb, 8 G#. */
export function fifthsName(fifths: number): string {
  const place = fifths + 1;
  const letter = LETTERS[((place % 7) + 7) % 7]!;
  const accidentals = Math.floor(place / 7);
  return letter + (accidentals < 0 ? "b".repeat(-accidentals) : "#".repeat(accidentals));
}

/** A pitch class, 0 to 11 from C, from its name: "C#", "Bb", "E♭"; null when it is none. */
export function pitchClass(name: string): number | null {
  const [, letter, signs] = /^([A-G])((?:#|b|♯|♭)*)$/.exec(name) ?? [];
  if (letter === undefined) return null;
  const natural = 7 * (LETTERS.indexOf(letter) - 1);
  const shift = [...signs!].reduce((sum, sign) => sum + (sign === "#" || sign === "♯" ? 1 : -1), natural);
  return ((shift % 12) + 12) % 12;
}

/** Every way to write a pitch class with up to two signs: 1 is C#, Db and B##. */
export function spellings(pitch: number): readonly string[] {
  return [..."CDEFGAB"].flatMap((letter) =>
    ["", "#", "b", "##", "bb"].map((signs) => letter + signs).filter((name) => pitchClass(name) === pitch),
  );
}

/** Scientific pitch notation with sharps, middle C (60) being C4. */
export function pitchName(pitch: number): string {
  return `${fifthsName((((pitch % 12) * 7 + 1) % 12) - 1)}${Math.floor(pitch / 12) - 1}`;
}
