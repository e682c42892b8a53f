import { expect, test } from "bun:test";
import { romanNumeral } from "../../../lib/analysis/harmony/roman.ts";
import { nameInKey, tonicFifths } from "../../../lib/analysis/harmony/spelling.ts";
import { CHORD_TYPES } from "../../../lib/music/chord-types.ts";
import { fifthsName } from "../../../lib/music/note-names.ts";

/** Places of the letters on the line of fifths. */
const PLACE: Record<string, number> = { F: -1, C: 0, G: 1, D: 2, A: 3, E: 4, B: 5 };
const place = (name: string) => PLACE[name[0]!]! + 7 * (name.split("#").length - name.split("b").length);
const type = (name: string) => CHORD_TYPES.findIndex((chord) => chord.name === name);

/** roman("Bb:maj7", "F") in F major, roman("E:7", "a") in A minor; the bass in semitones above the root. */
function roman(chord: string, key: string, bass = 0): string {
  const [root = "", name = ""] = chord.split(":");
  const tonic = key[0]!.toUpperCase() + key.slice(1);
  return romanNumeral(place(root), type(name), bass, place(tonic), key[0] !== key[0]!.toUpperCase());
}

test("degrees of a major key, case by the third", () => {
  const said = ["C:maj", "D:min", "E:min", "F:maj", "G:7", "A:min", "B:dim"].map((chord) => roman(chord, "C"));
  expect(said).toEqual(["I", "ii", "iii", "IV", "V7", "vi", "viio"]);
});

test("degrees of a minor key count from the natural minor scale", () => {
  const said = ["A:min", "B:hdim7", "C:maj", "D:min", "E:maj", "F:maj", "G:maj", "G#:dim7"].map((chord) =>
    roman(chord, "a"),
  );
  expect(said).toEqual(["i", "iiø7", "III", "iv", "V", "VI", "VII", "#viio7"]);
});

test("chromatic degrees carry accidentals", () => {
  expect(roman("Db:maj", "C", 4)).toBe("bII6");
  expect(roman("Ab:maj", "C")).toBe("bVI");
  expect(roman("F#:dim7", "C")).toBe("#ivo7");
  expect(roman("A#:maj", "E")).toBe("#IV");
});

test("inversions are figured", () => {
  expect([0, 4, 7].map((bass) => roman("F:maj", "Bb", bass))).toEqual(["V", "V6", "V64"]);
  expect([0, 4, 7, 10].map((bass) => roman("F:7", "Bb", bass))).toEqual(["V7", "V65", "V43", "V42"]);
});

test("suspended, augmented, sixth and ninth chords", () => {
  const said = ["G:sus4", "G:sus4(b7)", "D:sus2", "C:aug", "F:maj6", "G:9", "C:maj(9)", "C:5"].map((chord) =>
    roman(chord, "C"),
  );
  expect(said).toEqual(["Vsus4", "V7sus4", "IIsus2", "I+", "IVadd6", "V9", "Iadd9", "I5"]);
});

test("pitch classes are written as in their key, without double accidentals", () => {
  const scale = (tonic: string) => Array.from({ length: 12 }, (_, pc) => nameInKey(pc, place(tonic))).join(" ");
  expect(scale("C")).toBe("C Db D Eb E F F# G Ab A Bb B");
  expect(scale("E")).toBe("C C# D D# E F F# G G# A A# B");
  expect(scale("Gb")).toBe("C Db D Eb Fb F Gb G Ab A Bb Cb");
});

test("names of the line of fifths", () => {
  expect([-9, -2, -1, 0, 5, 6, 13].map(fifthsName)).toEqual(["Bbb", "Bb", "F", "C", "B", "F#", "F##"]);
  expect(fifthsName(tonicFifths(6, -6))).toBe("Gb");
  expect(fifthsName(tonicFifths(6, -1))).toBe("F#");
});
