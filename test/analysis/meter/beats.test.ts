import { expect, test } from "bun:test";
import fc from "fast-check";
import { gridFit } from "../../../lib/analysis/beats/grid.ts";
import { onsets } from "../../../lib/analysis/beats/onsets.ts";
import { performed } from "../../../lib/analysis/beats/performed.ts";
import { pulse } from "../../../lib/analysis/beats/pulse.ts";
import { createBeatsScratch } from "../../../lib/analysis/beats/scratch.ts";
import { beats } from "../../../lib/analysis/meter/beats.ts";
import { createMeterScratch } from "../../../lib/analysis/meter/estimate.ts";
import { meter } from "../../../lib/analysis/meter/meter.ts";
import { playedMeter } from "../../../lib/analysis/meter/played-meter.ts";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { timeMap } from "../../../lib/midi/time.ts";
import { analyze } from "../../support/analyze.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";
import { dance, noise, scale } from "../../support/tunes.ts";

function beatsOf(track: TrackBuilder) {
  const m = pieceOf(track);
  const grid = gridFit(m);
  const o = onsets(m);
  const p = pulse(m, grid, o, createBeatsScratch());
  const played = p?.source === "tracked" ? playedMeter(o, p, null) : null;
  return beats(m, p, meter(m, performed(m, grid), o, p, played, createMeterScratch()), played);
}
const ticks = (track: TrackBuilder, count: number) => [...beatsOf(track)!.tick.subarray(0, count)];
const bars = (track: TrackBuilder, count: number) => [...beatsOf(track)!.downbeat.subarray(0, count)];

test("beats: a score's are its quarters, a bar line each bar", () => {
  const track = scale(32).meter(0, 4, 4);
  expect(ticks(track, 6)).toEqual([0, 480, 960, 1440, 1920, 2400]);
  expect(bars(track, 6)).toEqual([1, 0, 0, 0, 1, 0]);
});

test("beats: in 6/8 the dotted quarter is the beat", () => {
  const track = scale(64, 240).meter(0, 6, 8);
  expect(ticks(track, 4)).toEqual([0, 720, 1440, 2160]);
  expect(bars(track, 4)).toEqual([1, 0, 1, 0]);
});

test("beats: bars are counted anew from each change of meter", () => {
  const track = scale(32).meter(0, 3, 4).meter(2880, 2, 4);
  expect(bars(track, 10)).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 1, 0]);
});

test("beats: they reach from the beat before the first note to the end of the last", () => {
  const track = midi().track().meter(0, 4, 4);
  for (let i = 0; i < 32; i++) track.note(4 * 480 + 240 + i * 240, 230, 60 + (i % 5));
  const b = beatsOf(track)!;
  expect(b.tick[0]).toBe(4 * 480);
  expect(b.tick.at(-1)!).toBeGreaterThanOrEqual(4 * 480 + 240 + 31 * 240 + 230);
});

test("beats: seconds follow the tempo map", () => {
  const b = beatsOf(scale(16).meter(0, 4, 4).tempo(0, 60).tempo(960, 120))!;
  expect([...b.seconds.subarray(0, 4)]).toEqual([0, 1, 2, 2.5]);
});

test("beats: a whole file shifted against its grid has its beats shifted", () => {
  const track = midi().track();
  const shift = 103;
  for (const [at, length, pitch, velocity] of rowsOf(dance(24, 4))) track.note(at + shift, length, pitch, { velocity });
  const b = beatsOf(track)!;
  expect(b.tick[0]! % 480).toBe(shift);
});

test("beats: a file without notes has none", () => {
  expect(beatsOf(midi().track().meter(0, 4, 4))).toBeNull();
});

const anyNotes = fc.array(
  fc.record({
    tick: fc.nat(20_000),
    length: fc.nat(2_000),
    pitch: fc.integer({ min: 0, max: 127 }),
    velocity: fc.integer({ min: 1, max: 127 }),
    channel: fc.constantFrom(0, 9),
  }),
  { minLength: 1, maxLength: 80 },
);

test("beats: whatever the notes are, beats rise, cover them, and no number is unsaid", () => {
  fc.assert(
    fc.property(anyNotes, fc.constantFrom(1, 24, 96, 480, 32_767, 0xe728), (notes, division) => {
      const track = midi({ division }).track();
      for (const { tick, length, pitch, velocity, channel } of notes)
        track.note(tick, length, pitch, { velocity, channel });
      const score = readMidi(track.bytes());
      const { tempo, meter, beats, rhythm, duration, performed } = analyze(score);
      const numbers = JSON.stringify({ tempo, meter, beats, rhythm, duration, performed }, (_, value) =>
        typeof value === "number" && !Number.isFinite(value) ? "unsaid" : value,
      );
      expect(numbers).not.toContain("unsaid");
      const b = beatsOf(track);
      if (b === null) return;
      const steps = b.tick.subarray(1).map((tick, i) => tick - b.tick[i]!);
      expect(steps.every((step) => step > 0)).toBeTrue();
      // The first beat is at or before the first note, unless that would be before the file begins.
      const first = Math.min(...notes.map((n) => n.tick)) + 0.03 / timeMap(score).secondsPerTick[0]!;
      expect(b.tick[0]! <= first || b.tick[0]! < (steps[0] ?? Number.POSITIVE_INFINITY)).toBeTrue();
    }),
    { numRuns: 100 },
  );
});

test("beats: doubling division and ticks together changes nothing but the ticks", () => {
  const rows = rowsOf(dance(12, 3));
  const once = midi({ division: 480 }).track();
  const twice = midi({ division: 960 }).track();
  for (const [at, length, pitch, velocity] of rows) {
    once.note(at, length, pitch, { velocity });
    twice.note(2 * at, 2 * length, pitch, { velocity });
  }
  const a = analyze(readMidi(once.bytes()));
  const b = analyze(readMidi(twice.bytes()));
  expect(b.tempo.bpm).toBe(a.tempo.bpm);
  expect(`${b.meter!.numerator}/${b.meter!.denominator}`).toBe(`${a.meter!.numerator}/${a.meter!.denominator}`);
  expect([...beatsOf(twice)!.seconds]).toEqual([...beatsOf(once)!.seconds]);
});

function rowsOf(track: TrackBuilder): [number, number, number, number][] {
  const m = pieceOf(track);
  return Array.from({ length: m.count }, (_, i) => [
    m.startTick[i]!,
    m.endTick[i]! - m.startTick[i]!,
    m.pitch[i]!,
    m.velocity[i]!,
  ]);
}

test("beats: hours under one held note are not counted out, and that is said", () => {
  const track = midi({ division: 96 }).track().meter(0, 4, 4).note(0, 96, 50).note(96, 96, 55).note(192, 6_400_000, 60);
  expect(beatsOf(track)!.count).toBe(1024 + 3 * 64);
  const said = analyze(readMidi(track.bytes()));
  expect(said.capped).toEqual(["beats", "structure"]);
  expect(said.duration.endTicks).toBe(6_400_192);
});

test("beats: sixteen chords struck at random seldom pass for a grid", () => {
  let onGrid = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const random = noise(seed * 7919);
    const track = midi().track();
    for (let i = 0, at = 480; i < 16; i++, at += Math.max(60, 500 + 200 * random()))
      for (const pitch of [48, 60, 64]) track.note(Math.round(at + 6 * random()), 300, pitch);
    if (gridFit(pieceOf(track)).aligned) onGrid++;
  }
  expect(onGrid).toBeLessThan(10);
});

test("beats: bars are counted anew from a change that is heard, not stated", () => {
  const { tick, downbeat } = beatsOf(dance(32, 3, 480, 16 * 1920, dance(16, 4)))!;
  const lines = [...tick].filter((_, i) => downbeat[i] === 1);
  expect(lines.slice(14, 19)).toEqual([26880, 28800, 30720, 32160, 33600]);
});
