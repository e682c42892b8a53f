import { expect, test } from "bun:test";
import fc from "fast-check";
import { complexity } from "../../../lib/analysis/piece/complexity.ts";
import { midi } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";

const of = (pitches: readonly number[], step = 480) =>
  complexity(
    pieceOf(
      midi()
        .track("Line")
        .notes(pitches.map((pitch, i) => [i * step, step, pitch])),
    ),
  );

test("complexity is 0 for one repeated note and null for a few", () => {
  expect(of(Array(20).fill(60))).toEqual({ score: 0, pitchClasses: 0, intervals: 0, durations: 0 });
  expect(of([60, 62, 64])).toBeNull();
});

test("complexity rises with the classes in use", () => {
  const scale = of([60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65])!;
  const chromatic = of(Array.from({ length: 24 }, (_, i) => 60 + i))!;
  const leaps = of(Array.from({ length: 24 }, (_, i) => 48 + ((i * i * 7) % 24)))!;
  expect(chromatic.pitchClasses).toBe(1);
  expect(scale.pitchClasses).toBeLessThan(1);
  expect(chromatic.intervals).toBe(0);
  expect(leaps.intervals).toBeGreaterThan(scale.intervals);
});

test("complexity is the same in every key and at every division, and from 0 to 1", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 40, max: 80 }), { minLength: 8, maxLength: 60 }), fc.nat(30), (line, up) => {
      const here = of(line)!;
      expect(of(line.map((pitch) => pitch + up))).toEqual(here);
      for (const value of Object.values(here)) expect(value >= 0 && value <= 1).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("complexity hears the upper line only", () => {
  const line = [72, 74, 76, 77, 79, 77, 76, 74, 72, 71];
  const file = midi();
  file.track("Line").notes(line.map((pitch, i) => [i * 480, 480, pitch]));
  file.track("Bass").notes(line.map((_, i) => [i * 480, 480, 36 + ((i * 5) % 12)]));
  file.track("Drums").channel(9).note(120, 10, 40);
  expect(complexity(pieceOf(file))).toEqual(of(line));
});
