import { expect, test } from "bun:test";
import { metricalWeights } from "../../../lib/analysis/rhythm/syncopation.ts";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { noise, scale } from "../../support/tunes.ts";

const said = (track: TrackBuilder) => analyze(readMidi(track.meter(0, 4, 4).bytes())).rhythm!;

/** One bar's onsets in ticks, repeated. */
function bars(count: number, pattern: readonly number[], length = 100): TrackBuilder {
  const track = midi().track();
  for (let bar = 0; bar < count; bar++)
    for (const [i, at] of pattern.entries()) track.note(bar * 1920 + at, length, 60 + ((i * 3 + bar) % 12));
  return track;
}
const STRAIGHT = [0, 240, 480, 720, 960, 1200, 1440, 1680];

test("rhythm: eighths and sixteenths are straight, thirds of a beat are triplets, both are mixed", () => {
  expect(said(bars(8, STRAIGHT)).grid).toBe("straight");
  expect(said(bars(8, [0, 160, 320, 480, 640, 800, 960, 1120, 1280])).grid).toBe("triplet");
  expect(said(bars(8, [0, 240, 480, 640, 800, 960, 1200, 1440, 1600, 1760])).grid).toBe("mixed");
});

test("rhythm: notes on the beat alone show no division", () => {
  expect(said(scale(32)).grid).toBeNull();
});

test("rhythm: swing is the length of the first eighth against the second", () => {
  expect(said(bars(8, STRAIGHT)).swingRatio).toBe(1);
  expect(said(bars(8, [0, 320, 480, 800, 960, 1280, 1440, 1760])).swingRatio).toBe(2);
  expect(said(bars(8, [0, 288, 480, 768, 960, 1248, 1440, 1728])).swingRatio).toBe(1.5);
  expect(said(bars(8, [0, 288, 480, 768, 960, 1248, 1440, 1728])).grid).toBe("straight");
  expect(said(bars(8, [0, 360, 480, 840, 960, 1320, 1440, 1800])).swingRatio).toBe(3);
  expect(said(bars(8, [0, 480, 960, 1440])).swingRatio).toBeNull();
});

test("rhythm: quantised notes do not deviate, a hand of 10 ms shows", () => {
  expect(said(bars(16, STRAIGHT))).toMatchObject({ quantized: true, deviationMilliseconds: 0 });
  const random = noise(7);
  const human = midi().track();
  // 10 ms at 120 are 9.6 ticks of 480.
  for (let i = 0; i < 128; i++) human.note(Math.max(0, Math.round(i * 240 + 1920 + 14 * random())), 200, 60 + (i % 12));
  const { quantized, deviationMilliseconds } = said(human);
  expect(quantized).toBeFalse();
  expect(deviationMilliseconds).toBeGreaterThan(5);
  expect(deviationMilliseconds).toBeLessThan(20);
});

test("rhythm: syncopation is 0 on the beat and grows with anticipated beats", () => {
  const even = said(bars(8, [0, 480, 960, 1440], 470)).syncopation!;
  // Charleston: the second note anticipates the middle of the bar.
  const charleston = said(bars(8, [0, 720], 470)).syncopation!;
  expect(even).toBe(0);
  expect(charleston).toBeGreaterThan(0);
});

// By hand: a note on a sixteenth (-4) held over beat 2 (-2) makes 2; one on an eighth (-3) over the half bar (-1) makes 2;
// one on a sixteenth over the half bar makes 3.
test.each([
  ["shiko", "x...x.x...x.x...", 2],
  ["son clave", "x..x..x...x.x...", 4],
  ["rumba clave", "x..x...x..x.x...", 5],
] as const)("rhythm: the syncopation of the %s is that of a bar by hand", (_, pattern, syncopation) => {
  const onsets = [...pattern].flatMap((mark, i) => (mark === "x" ? [i * 120] : []));
  for (const count of [2, 8]) expect(said(bars(count, onsets)).syncopation).toBe(syncopation);
});

test("rhythm: metrical weights of 4/4 and 6/8 in sixteenths", () => {
  expect([...metricalWeights(4, 4)]).toEqual([0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4]);
  expect([...metricalWeights(6, 8)]).toEqual([0, -3, -2, -3, -2, -3, -1, -3, -2, -3, -2, -3]);
});

test("rhythm: note values are counted by sounding length", () => {
  const track = midi().track();
  for (let i = 0; i < 8; i++) track.note(i * 480, 470, 60);
  for (let i = 0; i < 4; i++) track.note(3840 + i * 240, 230, 62);
  track.note(4800, 1900, 64);
  expect(said(track).noteValues).toEqual({ quarter: 8, eighth: 4, whole: 1 });
});
