import { expect, test } from "bun:test";
import { fifthsName, pitchClass, pitchName, spellings } from "../../lib/music/note-names.ts";

test("spellings gives every name of a pitch class", () => {
  expect([...spellings(1)].sort()).toEqual(["B##", "C#", "Db"]);
});

test("pitchClass reads what fifthsName writes", () => {
  for (let fifths = -15; fifths <= 19; fifths++) expect(pitchClass(fifthsName(fifths))).toBe((fifths * 7 + 120) % 12);
});

test.each(["", "H", "c", "C-", "C#m"])("pitchClass is null for %p", (name) => {
  expect(pitchClass(name)).toBeNull();
});

test("pitchName counts octaves from C, middle C being C4", () => {
  expect([0, 21, 59, 60, 61, 70, 127].map(pitchName)).toEqual(["C-1", "A0", "B3", "C4", "C#4", "A#4", "G9"]);
});
