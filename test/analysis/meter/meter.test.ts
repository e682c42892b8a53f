import { expect, test } from "bun:test";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import type { TrackBuilder } from "../../support/midi-builder.ts";
import { midi } from "../../support/midi-builder.ts";
import { dance, played, scale } from "../../support/tunes.ts";

const meterOf = (track: TrackBuilder) => analyze(readMidi(track.bytes())).meter!;
const name = (m: { numerator: number; denominator: number } | null) => m && `${m.numerator}/${m.denominator}`;

test("meter: a stated time signature is believed", () => {
  const m = meterOf(scale(48).meter(0, 3, 4));
  expect(name(m)).toBe("3/4");
  expect(m.source).toBe("meta");
  expect(m.firstDownbeatTick).toBe(0);
});

test("meter: the signature that holds longest counts, not the first", () => {
  const m = meterOf(scale(64).meter(0, 2, 4).meter(960, 4, 4));
  expect(name(m)).toBe("4/4");
  expect(m.changes).toEqual([
    { tick: 0, seconds: 0, numerator: 2, denominator: 4 },
    { tick: 960, seconds: 1, numerator: 4, denominator: 4 },
  ]);
});

test("meter: a short first bar is a pickup, the bars begin after it", () => {
  expect(meterOf(scale(65).meter(0, 1, 4).meter(480, 4, 4)).firstDownbeatTick).toBe(480);
});

test("meter: bars of one beat cannot be meant, the notes are asked", () => {
  const m = meterOf(dance(16, 3).meter(0, 1, 4));
  expect(m.source).toBe("estimated");
  expect(name(m)).toBe("3/4");
  expect(name(m.meta)).toBe("1/4");
});

test("meter: a signature with numerator 0 is ignored", () => {
  const m = meterOf(dance(16, 3).meta(0, 0x58, [0, 2, 24, 8]));
  expect(m.meta).toBeNull();
  expect(name(m)).toBe("3/4");
});

test("meter: bass and chords tell 3/4 from 4/4 without any meta", () => {
  expect(name(meterOf(dance(16, 3)))).toBe("3/4");
  expect(name(meterOf(dance(16, 4)))).toBe("4/4");
});

test("meter: groups of three eighths are 6/8, of two are not", () => {
  const jig = midi().track();
  const tune = [67, 71, 74, 72, 71, 69];
  for (let bar = 0; bar < 24; bar++) {
    const at = bar * 1440;
    const root = [43, 48, 50, 43][bar % 4]!;
    jig.note(at, 720, root, { velocity: 100 });
    for (const pitch of [root + 12, root + 16, root + 19]) jig.note(at + 720, 240, pitch, { velocity: 60 });
    if (bar % 4 === 3) jig.note(at, 720, 67).note(at + 720, 720, 71);
    else for (let e = 0; e < 6; e++) jig.note(at + e * 240, 230, tune[(e + bar) % 6]!);
  }
  expect(name(meterOf(jig))).toBe("6/8");
});

test("meter: the estimate finds the bar line after a pickup", () => {
  // The dance begins a quarter late: its bars begin on tick 480.
  const late = dance(24, 3, 480, 480).note(0, 460, 74);
  const m = meterOf(late);
  expect(name(m)).toBe("3/4");
  expect(m.firstDownbeatTick).toBe(480);
});

/** A tune alone: a quarter before the bar line, then bars of a half and a quarter or three quarters; the last is short. */
function waltzTune(division: number): TrackBuilder {
  const track = midi({ division }).track();
  const steps = [60, 64, 67, 72, 71, 69, 67, 65, 62, 64, 65, 69];
  let at = 0;
  const add = (quarters: number) => {
    track.note(at, quarters * division, steps[(at / division) % steps.length]!);
    at += quarters * division;
  };
  add(1);
  for (let bar = 0; bar < 15; bar++) for (const quarters of bar % 4 === 1 ? [1, 1, 1] : [2, 1]) add(quarters);
  add(2);
  return track;
}

test("meter: long notes show the bars of a tune alone, its pickup and its short last bar", () => {
  const m = meterOf(waltzTune(480));
  expect(name(m)).toBe("3/4");
  expect(m.firstDownbeatTick).toBe(480);
});

test("meter: the ticks of a quarter do not matter", () => {
  const coarse = meterOf(waltzTune(96));
  const fine = meterOf(waltzTune(960));
  expect(name(coarse)).toBe(name(fine));
  expect(coarse.confidence).toBeCloseTo(fine.confidence, 2);
  expect(coarse.firstDownbeatTick * 10).toBe(fine.firstDownbeatTick);
});

test("meter: bars of five are heard where they come again", () => {
  expect(name(meterOf(dance(24, 5)))).toBe("5/4");
});

test("meter: a few notes have none", () => {
  expect(analyze(readMidi(scale(4).bytes())).meter).toBeNull();
});

test("meter: confidence is a probability", () => {
  for (const track of [dance(16, 3), dance(16, 4), scale(40), scale(64).meter(0, 4, 4)]) {
    const { confidence } = meterOf(track);
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThanOrEqual(1);
  }
});

test("meter: the 4/4 of a recording at the default tempo is not believed, the tracked beats are asked", () => {
  const waltz: [number, number, number, number][] = [];
  for (let bar = 0; bar < 32; bar++) {
    const at = bar * 1440;
    const root = [36, 41, 43, 36][bar % 4]!;
    waltz.push(
      [at, 470, root, 90],
      [at, 900, root + 36, 90],
      [at + 960, 220, root + 38, 70],
      [at + 1200, 220, root + 40, 65],
    );
    for (const b of [1, 2]) for (const pitch of [16, 19, 24]) waltz.push([at + b * 480, 230, root + pitch, 55]);
  }
  const m = meterOf(played(waltz, { bpm: 140 }).meter(0, 4, 4));
  expect(m.source).toBe("estimated");
  expect(name(m.meta)).toBe("4/4");
  expect(name(meterOf(played(waltz, { bpm: 140 }).meter(0, 3, 4)))).toBe("3/4");
  // A quick waltz is beaten by the bar as well as in three: either has three in it.
  expect(m.numerator % 3).toBe(0);
});

/** Sixteen bars of four, then bars of three from tick 30720 on. */
const changing = () => dance(32, 3, 480, 16 * 1920, dance(16, 4));

test("meter: bars of three after bars of four are heard where they begin", () => {
  const { changes } = meterOf(changing());
  expect(changes.map(({ tick, seconds }) => [tick, seconds])).toEqual([
    [0, 0],
    [30720, 32],
  ]);
  expect(changes.map(name)).toEqual(["4/4", "3/4"]);
});

test("meter: of two meters heard the one that holds longest is the piece's", () => {
  expect(name(meterOf(changing()))).toBe("3/4");
  expect(name(meterOf(dance(16, 3, 480, 32 * 1920, dance(32, 4))))).toBe("4/4");
});

test("meter: a piece of one meter shows no changes", () => {
  for (const track of [dance(48, 3), dance(48, 4), waltzTune(480), scale(300)])
    expect(meterOf(track).changes).toEqual([]);
});

test("meter: stated changes are not overruled by heard ones", () => {
  expect(meterOf(changing().meter(0, 4, 4)).changes.map(name)).toEqual(["4/4"]);
});

/** A reel alone: two strains of eight bars, each played twice, of eight notes a bar and a long one at the end. */
function reel(note: number): TrackBuilder {
  const track = midi().track();
  const scaleOf = [67, 69, 71, 72, 74, 76, 78, 79];
  const strain = [0, 2, 4, 2, 7, 4, 2, 4, 0, 2, 4, 2, 1, 3, 5, 3, 0, 2, 4, 2, 7, 6, 5, 4, 3, 5, 4, 2, 1, 2, 0, -1];
  for (let i = 0; i < 32 * 8; i++) {
    const degree = strain[(i + (i >= 128 ? 8 : 0)) % 32]!;
    if (degree < 0) continue;
    const last = i % 32 === 30;
    track.note(i * note, (last ? 2 : 1) * note, scaleOf[degree]! + (i >= 128 && i % 16 < 8 ? 12 : 0));
  }
  return track;
}

test("meter: a reel alone, written in eighths, is in 2/2", () => {
  expect(name(meterOf(reel(240)))).toBe("2/2");
});
