import { expect, test } from "bun:test";
import { parseProgression } from "../../lib/cli/criteria/progression-argument.ts";
import { findProgression, foldChords, progressionKeys } from "../../lib/music/progressions.ts";

const SONG = ["C:maj", "G:maj/3", "A:min7", "A:min", "F:maj", "N", "C:maj", "G:7", "A:min", "F:maj7"];

test("foldChords: inversions and sevenths are folded in, repetitions and silence left out", () => {
  const { chords, at } = foldChords(SONG);
  expect(at).toEqual([0, 1, 2, 4, 6, 7, 8, 9]);
  expect(chords.slice(0, 4)).toEqual([
    { root: 0, family: 0 },
    { root: 7, family: 0 },
    { root: 9, family: 1 },
    { root: 5, family: 0 },
  ]);
});

test("findProgression: numerals fit in any key, names as they stand", () => {
  const { chords } = foldChords(SONG);
  expect(findProgression(chords, parseProgression("I V vi IV"))).toEqual([0, 4]);
  expect(findProgression(chords, parseProgression("C G Am F"))).toEqual([0, 4]);
  expect(findProgression(chords, parseProgression("D A Bm G"))).toEqual([]);
  const higher = chords.map(({ root, family }) => ({ root: (root + 2) % 12, family }));
  expect(findProgression(higher, parseProgression("I V vi IV"))).toEqual([0, 4]);
  expect(findProgression(higher, parseProgression("D A Bm G"))).toEqual([0, 4]);
});

test("progressionKeys: a piece holds the keys of what it plays, in every key", () => {
  const keys = new Set(progressionKeys(foldChords(SONG).chords));
  for (const asked of ["I V vi IV", "E B C#m A", "vi IV I"]) {
    for (const key of progressionKeys(parseProgression(asked).chords)) expect(keys.has(key)).toBe(true);
  }
  expect(progressionKeys(parseProgression("I bVII IV").chords).every((key) => keys.has(key))).toBe(false);
});

test("parseProgression refuses what is no progression", () => {
  for (const text of ["I V", "H I J", "Am F", "vi Am I V"])
    expect(() => parseProgression(text)).toThrow("--progression is");
  expect(parseProgression("iio V7 i").chords.map(({ family }) => family)).toEqual([2, 0, 1]);
});
