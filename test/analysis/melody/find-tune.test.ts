import { expect, test } from "bun:test";
import fc from "fast-check";
import { findTune } from "../../../lib/analysis/melody/find-tune.ts";
import { LEAST_TUNE, melodyKeys, tuneKeys } from "../../../lib/analysis/melody/melody-keys.ts";
import { readMelodyLines } from "../../../lib/analysis/melody/melody-lines.ts";
import { midi } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

const linesOf = (file: Parameters<typeof featuresOf>[0]) => readMelodyLines(featuresOf(file).melody!);

/** "Mary Had a Little Lamb", in quarters from C. */
const MARY = [64, 62, 60, 62, 64, 64, 64];
const quarters = (pitches: readonly number[], at = 0) => pitches.map((pitch, i) => [at + i * 480, 400, pitch] as const);

/** Two bars of chords, then the tune a fourth higher in another voice. */
function song() {
  const file = midi().track().tempo(0, 120).meter(0, 4, 4);
  file
    .track("Chords")
    .channel(2)
    .chord(0, 1900, [48, 52, 55])
    .chord(1920, 1900, [50, 53, 57])
    .chord(3840, 1900, [48, 52, 55]);
  return file
    .track("Lead")
    .channel(3)
    .notes(quarters([71, 72, ...MARY.map((pitch) => pitch + 5)], 2880));
}

test("findTune says where a tune is played, in which voice and key", () => {
  expect(findTune(linesOf(song()), MARY, 0)).toEqual([
    { track: 2, channel: 3, bar: 3, seconds: 4, transposed: 5, wrong: 0 },
  ]);
});

test("findTune takes one wrong note where it is allowed, the first and the last as well", () => {
  const lines = linesOf(song());
  for (let place = 0; place < MARY.length; place++) {
    const asked = MARY.with(place, MARY[place]! + 1);
    expect(findTune(lines, asked, 0)).toEqual([]);
    expect(findTune(lines, asked, 1)).toMatchObject([{ bar: 3, seconds: 4, transposed: 5, wrong: 1 }]);
  }
  expect(findTune(lines, MARY.with(1, 63).with(4, 66), 1)).toEqual([]);
});

const pitch = fc.integer({ min: 55, max: 80 });
const tunes = fc.array(pitch, { minLength: 30, maxLength: 120 });

test("every tune of seven notes or more holds keys of its piece, in any key, one note wrong or none", () => {
  const law = fc.property(tunes, fc.nat(), fc.nat(), fc.integer({ min: -7, max: 7 }), (notes, where, place, by) => {
    const keys = new Set(melodyKeys(linesOf(midi().track().notes(quarters(notes)))));
    const length = LEAST_TUNE + (place % 12);
    const from = where % (notes.length - length + 1);
    const tune = notes.slice(from, from + length).map((note) => note + by);
    const holds = (ways: readonly Int32Array[]) =>
      ways.some((way) => way.length > 0 && way.every((key) => keys.has(key)));
    expect(holds(tuneKeys(tune, 0))).toBe(true);
    const at = place % length;
    expect(holds(tuneKeys(tune.with(at, tune[at]! + 1 + (where % 6)), 1))).toBe(true);
  });
  fc.assert(law, { numRuns: 60 });
});

test("tuneKeys refuses what is too short to be told apart", () => {
  expect(() => tuneKeys([60, 62, 64], 0)).toThrow("Cannot look up a tune: 3 notes, expected 7 or more");
});

test("melody lines come back as they were written, drums and voices of a few notes left out", () => {
  const file = song();
  file
    .track("Kit")
    .channel(9)
    .notes(quarters([36, 38, 36, 38, 36, 38]));
  file
    .track("Effect")
    .channel(5)
    .notes(quarters([60, 62]));
  const [line, ...others] = linesOf(file);
  expect(others).toEqual([]);
  expect(line).toMatchObject({ track: 2, channel: 3 });
  expect([...line!.pitch]).toEqual([71, 72, 69, 67, 65, 67, 69, 69, 69]);
  expect([...line!.bar]).toEqual([2, 2, 3, 3, 3, 3, 4, 4, 4]);
  expect([...line!.seconds]).toEqual([3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7]);
  expect(featuresOf(midi().track().note(0, 480, 60)).melody).toBeNull();
});

test("readMelodyLines: what is cut off is refused", () => {
  expect(() => readMelodyLines("AQCA")).toThrow("Cannot read melody lines: they end after 3 bytes, expected more");
  expect(() => readMelodyLines("AQD/BQ==")).toThrow("Cannot read melody lines: 767 notes, expected fewer");
});
