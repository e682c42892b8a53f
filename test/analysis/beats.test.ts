import { expect, test } from "bun:test";
import { beats } from "../../lib/analysis/beats.ts";
import { gridFit } from "../../lib/analysis/beats-grid.ts";
import { onsets } from "../../lib/analysis/beats-onsets.ts";
import { pulse } from "../../lib/analysis/beats-pulse.ts";
import { material } from "../../lib/analysis/material.ts";
import { meter } from "../../lib/analysis/meter.ts";
import { performed } from "../../lib/analysis/performed.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { midi, type TrackBuilder } from "../support/midi-builder.ts";
import { dance, scale } from "../support/tunes.ts";

function beatsOf(track: TrackBuilder) {
  const m = material(readMidi(track.bytes()));
  const grid = gridFit(m);
  const o = onsets(m);
  const p = pulse(m, grid, o);
  return beats(m, p, meter(m, performed(m, grid), o, p));
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

function rowsOf(track: TrackBuilder): [number, number, number, number][] {
  const m = material(readMidi(track.bytes()));
  return Array.from({ length: m.count }, (_, i) => [
    m.startTick[i]!,
    m.endTick[i]! - m.startTick[i]!,
    m.pitch[i]!,
    m.velocity[i]!,
  ]);
}
