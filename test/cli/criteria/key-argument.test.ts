import { expect, test } from "bun:test";
import { keyNames } from "../../../lib/cli/criteria/key-argument.ts";
import { UsageError } from "../../../lib/cli/script.ts";
import { pitchClass } from "../../../lib/music/note-names.ts";

test.each([
  ["A minor", "A minor"],
  ["Am", "A minor"],
  ["am", "A minor"],
  ["C#m", "Db minor"],
  ["Bb", "Bb major"],
  ["Bbmaj", "A# major"],
  ["F♯ min", "Gb minor"],
  ["CM", "C major"],
  ["8A", "A minor"],
  ["8b", "C major"],
  ["1A", "Ab minor"],
  ["12B", "E major"],
])("keyNames reads %s as %s, in any spelling", (text, name) => {
  expect(keyNames(text, false)).toContain(name);
  expect(new Set(keyNames(text, false).map((key) => pitchClass(key.split(" ")[0]!))).size).toBe(1);
});

test("keyNames finds the neighbours on the Camelot wheel", () => {
  const names = keyNames("Am", true);
  for (const key of ["A minor", "C major", "E minor", "D minor"]) expect(names).toContain(key);
  for (const key of ["A major", "G major", "F major", "B minor"]) expect(names).not.toContain(key);
});

test.each(["H minor", "A dorian", "13A", "", "minor"])("keyNames refuses %p", (text) => {
  expect(() => keyNames(text, false)).toThrow(UsageError);
});
