import { expect, test } from "bun:test";
import { midi } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

const expressionOf = (built: Parameters<typeof featuresOf>[0]) => featuresOf(built).expression;

test("expression gives controllers with their ranges per channel", () => {
  const track = midi().track().controller(0, 7, 100, 2).controller(10, 7, 40, 2).controller(0, 1, 5, 0).note(0, 10, 60);
  expect(expressionOf(track).controllers).toEqual([
    { port: 0, channel: 0, controller: 1, events: 1, lowest: 5, highest: 5 },
    { port: 0, channel: 2, controller: 7, events: 2, lowest: 40, highest: 100 },
  ]);
});

test("expression leaves channel mode messages out", () => {
  expect(expressionOf(midi().track().controller(0, 123, 0).note(0, 10, 60)).controllers).toEqual([]);
});

test("expression gives bends with the range that registered parameter 0 sets", () => {
  const track = midi().track().note(0, 10, 60).bend(0, -8192).bend(5, 8191).bend(0, 100, 3);
  track.controller(0, 101, 0, 3).controller(1, 100, 0, 3).controller(2, 6, 12, 3);
  expect(expressionOf(track).pitchBend).toEqual([
    { port: 0, channel: 0, events: 2, lowest: -8192, highest: 8191, rangeSemitones: 2 },
    { port: 0, channel: 3, events: 1, lowest: 100, highest: 100, rangeSemitones: 12 },
  ]);
});

test("expression takes data entry for another parameter for no bend range", () => {
  const track = midi()
    .track()
    .note(0, 10, 60)
    .bend(0, 1)
    .controller(0, 101, 0)
    .controller(0, 100, 1)
    .controller(0, 6, 64);
  expect(expressionOf(track).pitchBend[0]!.rangeSemitones).toBe(2);
});

test("expression gives both kinds of pressure", () => {
  const track = midi().track().note(0, 10, 60).pressure(0, 50).pressure(1, 90).polyPressure(2, 60, 70);
  expect(expressionOf(track)).toMatchObject({
    channelPressure: { events: 2, highest: 90 },
    polyPressure: { events: 1, highest: 70 },
  });
  expect(expressionOf(midi().track().note(0, 10, 60))).toMatchObject({ channelPressure: null, polyPressure: null });
});

test("expression counts pedal presses and the time it is down", () => {
  const track = midi().track().tempo(0, 120).note(0, 1920, 60);
  for (const at of [0, 960])
    track
      .controller(at, 64, 127)
      .controller(at + 100, 64, 127)
      .controller(at + 480, 64, 0);
  expect(expressionOf(track).sustain).toEqual({ presses: 2, channels: 1, downShare: 0.5 });
  expect(expressionOf(midi().track().controller(0, 64, 0).note(0, 10, 60)).sustain).toBeNull();
});

test("expression follows a pedal that several tracks move", () => {
  const file = midi();
  file.track().tempo(0, 120).note(0, 1920, 60).controller(0, 64, 127).controller(960, 64, 127);
  file.track().controller(480, 64, 0).controller(1440, 64, 0);
  expect(expressionOf(file).sustain).toEqual({ presses: 2, channels: 1, downShare: 0.5 });
});

test("expression lets reset of all controllers lift the pedal", () => {
  const track = midi().track().tempo(0, 120).note(0, 1920, 60).controller(0, 64, 127).controller(480, 121, 0);
  expect(expressionOf(track).sustain).toEqual({ presses: 1, channels: 1, downShare: 0.25 });
});

test("expression tells articulation by played against notated length", () => {
  const played = (length: number) => {
    const track = midi().track().tempo(0, 120);
    for (let i = 0; i < 16; i++) track.note(i * 480, length, 60 + (i % 7));
    return expressionOf(track).articulation;
  };
  expect(played(500)).toEqual({ kind: "legato", legatoShare: 1, staccatoShare: 0 });
  expect(played(480)!.kind).toBe("legato");
  expect(played(360)!.kind).toBe("detached");
  expect(played(120)).toEqual({ kind: "staccato", legatoShare: 0, staccatoShare: 1 });
});

test("expression takes a spread chord for one onset", () => {
  const track = midi().track().tempo(0, 120);
  for (let i = 0; i < 16; i++)
    for (const [k, pitch] of [48, 55, 60, 64].entries()) track.note(i * 480 + k * 8, 120, pitch);
  expect(expressionOf(track).articulation!.kind).toBe("staccato");
});
