import { expect, test } from "bun:test";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import { midi } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";
import { dance, played } from "../../support/tunes.ts";

type Row = readonly [tick: number, length: number, pitch: number, velocity: number];

/** A dance by hand, at the default tempo of 960 ticks a second. */
const rows: readonly Row[] = rowsOf(played(rowsOf(dance(40, 3)), { bpm: 104 }));

function rowsOf(track: Parameters<typeof pieceOf>[0]): Row[] {
  const { startTick, endTick, pitch, velocity } = pieceOf(track);
  return [...startTick].map((at, i) => [at, endTick[i]! - at, pitch[i]!, velocity[i]!]);
}

function heard(notes: readonly Row[], { bpm = 120, delay = 0, transpose = 0 } = {}) {
  const track = midi().track("by hand").tempo(0, bpm);
  const scale = bpm / 120;
  for (const [at, length, pitch, velocity] of notes)
    track.note(Math.round((at + delay) * scale), Math.max(1, Math.round(length * scale)), pitch + transpose, {
      velocity,
    });
  const { beats, tempo, meter } = analyze(readMidi(track.bytes()));
  return { beats: beats!, tempo, meter: meter! };
}

test("a performance: transposition changes nothing in beats, tempo and meter", () => {
  const plain = heard(rows);
  expect(plain.beats.source).toBe("tracked");
  for (const transpose of [-4, 1, 7]) expect(heard(rows, { transpose })).toEqual(plain);
});

test("a performance: other metas over the same seconds change nothing but ticks", () => {
  const plain = heard(rows);
  const other = heard(rows, { bpm: 240 });
  expect(other.beats).toEqual(plain.beats);
  expect(other.tempo.bpm).toBe(plain.tempo.bpm);
  expect(other.meter.numerator).toBe(plain.meter.numerator);
});

test("a performance: silence in front moves the beats and changes nothing else", () => {
  const plain = heard(rows);
  const late = heard(rows, { delay: 960 * 7 });
  expect(late.tempo.bpm).toBe(plain.tempo.bpm);
  const music = (seconds: readonly number[], from: number) => seconds.filter((s) => s >= from).map((s) => s - from);
  const first = Math.min(...rows.map(([at]) => at)) / 960 - 0.05;
  const [one, other] = [music(plain.beats.seconds!, first), music(late.beats.seconds!, first + 7)];
  expect(other.length).toBe(one.length);
  other.forEach((s, i) => {
    expect(s).toBeCloseTo(one[i]!, 2);
  });
});

test("a performance twice in a row has the same tempo and twice the beats", () => {
  const plain = heard(rows);
  const length = 40 * 3 * Math.round((960 * 60) / 104);
  const twice = heard([...rows, ...rows.map(([at, ...rest]): Row => [at + length, ...rest])]);
  expect(Math.abs(twice.tempo.bpm! / plain.tempo.bpm! - 1)).toBeLessThan(0.02);
  expect(Math.abs(twice.beats.count / (2 * plain.beats.count) - 1)).toBeLessThan(0.03);
});

test("a performance: what cannot be followed is said to be filled", () => {
  const cut = rows.filter(([at]) => at < 960 * 20 || at > 960 * 45);
  const { beats } = heard(cut);
  expect(beats.trackedShare!).toBeLessThan(0.8);
  expect(beats.filled!.some(({ startSeconds, endSeconds }) => startSeconds < 24 && endSeconds > 42)).toBe(true);
  expect(heard(rows).beats.trackedShare!).toBeGreaterThan(0.95);
});

test("a stated tempo with each eighth repeated as 32nds is believed", () => {
  const track = midi().track("echo").tempo(0, 90).meter(0, 4, 4);
  for (let i = 0; i < 16 * 32; i++)
    track.note(i * 60, 50, 60 + [0, 4, 7, 12][Math.floor(i / 4) % 4]!, { velocity: 90 - 15 * (i % 4) });
  const { tempo, meter } = analyze(readMidi(track.bytes()));
  expect([tempo.bpm, tempo.source, meter!.source]).toEqual([90, "meta", "meta"]);
});
