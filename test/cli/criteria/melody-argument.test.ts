import { expect, test } from "bun:test";
import { parseMelody } from "../../../lib/cli/criteria/melody-argument.ts";

const steps = (pitches: readonly number[]) => pitches.slice(1).map((pitch, n) => pitch - pitches[n]!);

test("parseMelody: names go to the nearest octave, octaves count where they stand", () => {
  expect(steps(parseMelody("E D C D E E E"))).toEqual([-2, -2, 2, 2, 0, 0]);
  expect(steps(parseMelody("C G C5 B4 C5 G4 C4"))).toEqual([-5, 17, -1, 1, -5, -7]);
  expect(parseMelody("E4 D4 C4 D4 E4 E4 E4")).toEqual([64, 62, 60, 62, 64, 64, 64]);
});

test("parseMelody: steps in semitones", () => {
  expect(steps(parseMelody("-2 -2 2 +2 0 0"))).toEqual([-2, -2, 2, 2, 0, 0]);
});

test("parseMelody refuses what is too short or no tune", () => {
  for (const text of ["E D C", "do re mi fa sol la si", ""]) expect(() => parseMelody(text)).toThrow("--melody is");
});
