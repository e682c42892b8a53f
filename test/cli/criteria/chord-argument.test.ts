import { expect, test } from "bun:test";
import { chordLabels } from "../../../lib/cli/criteria/chord-argument.ts";
import { UsageError } from "../../../lib/cli/script.ts";
import { CHORD_TYPES, DEGREES, SINGLE_NOTE } from "../../../lib/music/chord-types.ts";

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

test.each([
  ["C:maj/3", ["C:maj/3"]],
  ["C/E", ["C:maj/3"]],
  ["Am7/G", ["A:min7/b7"]],
  ["D:7/b7", ["D:7/b7"]],
  ["Bb/Bb", ["Bb:maj"]],
])("chordLabels reads the bass of %s", (text, labels) => {
  expect(chordLabels(text)).toEqual(expect.arrayContaining(labels));
  expect(new Set(chordLabels(text).map((label) => label.split("/")[1])).size).toBe(1);
});

test("every chord that the analysis names can be asked for by its label", () => {
  for (const [type, { name }] of CHORD_TYPES.entries()) {
    if (type === SINGLE_NOTE) continue;
    for (const degree of DEGREES.slice(1))
      expect(chordLabels(`F#:${name}/${degree}`)).toContain(`F#:${name}/${degree}`);
    expect(chordLabels(`F#:${name}`)).toContain(`F#:${name}`);
  }
});

test.each(["F:1", "C/H", "min/E", "C/8", "H", "Cfoo", "", "am"])("chordLabels refuses %p", (text) => {
  expect(() => chordLabels(text)).toThrow(UsageError);
});
