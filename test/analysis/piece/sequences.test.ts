import { expect, test } from "bun:test";
import { inSequence } from "../../../lib/analysis/piece/sequences.ts";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { midi } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

function patterns(format: number) {
  const file = midi({ format, division: 480 });
  file.track("One").tempo(0, 60).meter(0, 3, 4).note(0, 480, 60).note(480, 480, 62).end(1440);
  file.track("Two").note(0, 480, 64).text(240, 6, "here").end(960);
  file.track("Three").channel(1).tempo(0, 240).program(0, 40).note(0, 960, 67).end(960);
  return file;
}

test("inSequence lays the patterns of a format 2 file one after the other, each in its own tempo and meter", () => {
  const said = featuresOf(patterns(2));
  expect(said.texture.maximumPolyphony).toBe(1);
  expect(said.tracks.map(({ firstTick, lastEndTick }) => [firstTick, lastEndTick])).toEqual([
    [0, 960],
    [1440, 1920],
    [2400, 3360],
  ]);
  // Three quarters at 60, two at the default of 120, two at 240.
  expect(said.durationSeconds).toBe(4.5);
  expect(said.tempo.map.map(({ tick, bpm }) => [tick, bpm])).toEqual([
    [0, 60],
    [1440, 120],
    [2400, 240],
  ]);
  expect(said.text.markers).toEqual([{ tick: 1680, seconds: 3.25, text: "here" }]);
  const { meters } = inSequence(readMidi(patterns(2).bytes()));
  expect([...meters.tick]).toEqual([0, 1440, 2400]);
  expect([...meters.numerator]).toEqual([3, 4, 4]);
});

test("inSequence leaves the tracks of other formats together", () => {
  const score = readMidi(patterns(1).bytes());
  expect(inSequence(score)).toBe(score);
  expect(featuresOf(patterns(1)).texture.maximumPolyphony).toBe(3);
});

test("inSequence states no tempo or meter where no pattern does", () => {
  const file = midi({ format: 2 }).track().note(0, 480, 60).track().note(0, 480, 64);
  expect(featuresOf(file)).toMatchObject({ tempo: { stated: false, changeCount: 0 }, durationSeconds: 1 });
});
