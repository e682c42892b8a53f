import { expect, test } from "bun:test";
import { chordLabels } from "../../../lib/cli/criteria/chord-argument.ts";
import { UsageError } from "../../../lib/cli/script.ts";

test.each([
  ["Am", "A:min"],
  ["C", "C:maj"],
  ["F#m7", "F#:min7"],
  ["Bb", "A#:maj/3"],
  ["C:maj7", "C:maj7/5"],
  ["Gsus4", "G:sus4"],
  ["Bm7b5", "B:hdim7"],
  ["Eb7sus4", "Eb:sus4(b7)"],
  ["dim7", "G#:dim7/b3"],
])("chordLabels reads %s as %s, over any bass and in any spelling", (text, label) => {
  expect(chordLabels(text)).toContain(label);
});

test("chordLabels keeps to the type and the root", () => {
  expect(chordLabels("Am")).not.toContain("A:min7");
  expect(chordLabels("Am")).not.toContain("B:min");
});

test.each(["H", "Cfoo", "", "am"])("chordLabels refuses %p", (text) => {
  expect(() => chordLabels(text)).toThrow(UsageError);
});
