import { expect, test } from "bun:test";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";
import { dance, played, scale } from "../../support/tunes.ts";

const said = (track: TrackBuilder) => analyze(readMidi(track.bytes()));

test("tempo: the one that holds longest in seconds of music is the main tempo", () => {
  // 8 quarters at 60 last 8 s, 12 quarters at 240 last 3 s.
  const { tempo } = said(
    scale(20)
      .tempo(0, 60)
      .tempo(8 * 480, 240),
  );
  expect(tempo.bpm).toBe(60);
  expect(tempo.source).toBe("meta");
  expect(tempo.minBpm).toBe(60);
  expect(tempo.maxBpm).toBe(240);
  expect(tempo.changeCount).toBe(1);
  expect(tempo.map).toEqual([
    { tick: 0, seconds: 0, bpm: 60 },
    { tick: 3840, seconds: 8, bpm: 240 },
  ]);
});

test("tempo: tempi that breathe around one value are that one, though another is held longer unchanged", () => {
  const track = scale(60).tempo(0, 60);
  for (let i = 6; i < 60; i++) track.tempo(i * 480, 100 + (i % 27) * 0.1);
  expect(Math.abs(said(track).tempo.bpm! - 101)).toBeLessThan(2);
});

test("tempo: events that state the tempo again are no changes", () => {
  const { tempo } = said(scale(16).tempo(0, 100).tempo(960, 100).tempo(1920, 100));
  expect(tempo.changeCount).toBe(0);
  expect(tempo.map).toHaveLength(1);
});

test("tempo: a tempo after the last note does not count", () => {
  const { tempo } = said(
    scale(16)
      .tempo(0, 100)
      .tempo(480 * 100, 30),
  );
  expect(tempo.minBpm).toBe(100);
  expect(tempo.changeCount).toBe(0);
});

test("tempo: a score without tempo events plays at 120, and says none is stated", () => {
  const { tempo } = said(scale(16));
  expect(tempo.bpm).toBe(120);
  expect(tempo.stated).toBeFalse();
});

test("tempo: events of any track make the map", () => {
  const { tempo } = said(scale(16).track("conductor").tempo(0, 90).track("more").tempo(960, 95));
  expect(tempo.map.map((t) => t.bpm)).toEqual([90, 95]);
});

test("tempo: a file without notes has its stated tempo but nothing that confirms it", () => {
  const { tempo, beats, meter, rhythm } = said(midi().track().tempo(0, 90).end(960));
  expect(tempo.metaBpm).toBe(90);
  expect(tempo.bpm).toBe(90);
  expect(tempo.confidence).toBeLessThan(0.95);
  expect([beats, meter, rhythm]).toEqual([null, null, null]);
});

test("tempo: an SMPTE file has no quarters to count", () => {
  const track = midi({ division: 0xe728 }).track();
  for (let i = 0; i < 40; i++) track.note(i * 500, 400, 60 + (i % 12));
  const { tempo } = said(track);
  expect(tempo.metaBpm).toBeNull();
  expect(tempo.map).toEqual([]);
});

/** A march for two hands: bass on the beats, chords after them, a tune in eighths and sixteenths. */
function* march(bars: number): Generator<[number, number, number, number]> {
  const tune = [72, 74, 76, 77, 79, 77, 76, 74];
  for (let bar = 0; bar < bars; bar++)
    for (let beat = 0; beat < 4; beat++) {
      const at = (bar * 4 + beat) * 480;
      yield [at, 240, [36, 43, 41, 43][(bar + beat) % 4]!, 80];
      for (const pitch of [55, 60, 64]) yield [at + 240, 200, pitch, 55];
      yield [at, 230, tune[(bar + beat * 2) % 8]!, 85];
      yield [at + 240, 110, tune[(bar + beat * 2 + 1) % 8]!, 65];
      if (beat % 2 === 1) yield [at + 360, 110, tune[(bar + beat * 2 + 2) % 8]! + 2, 60];
    }
}

test("tempo: a performance recorded at the 120 default has its beats found", () => {
  for (const bpm of [76, 100, 138]) {
    const { tempo, beats } = said(played(march(24), { bpm }));
    expect(tempo.source).toBe("estimated");
    expect(tempo.metaBpm).toBe(120);
    expect(Math.abs(tempo.bpm! / bpm - 1)).toBeLessThan(0.04);
    expect(tempo.estimatedBpm).toBe(tempo.bpm);
    expect(beats!.source).toBe("tracked");
    expect(Math.abs(beats!.count / 96 - 1)).toBeLessThan(0.05);
    expect(beats!.seconds!.length).toBe(beats!.count);
  }
});

test("tempo: a waltz played by hand is counted in its quarters, and the choice says how sure it is", () => {
  const waltz = pieceOf(dance(40, 3));
  const rows = [...waltz.startTick].map(
    (at, i) => [at, waltz.endTick[i]! - at, waltz.pitch[i]!, waltz.velocity[i]!] as const,
  );
  for (const bpm of [70, 110, 140]) {
    const { tempo } = said(played(rows, { bpm }));
    // A quick waltz is as well counted one to the bar.
    const beats = bpm > 120 && tempo.bpm! < 60 ? 3 : 1;
    expect(Math.abs((beats * tempo.bpm!) / bpm - 1)).toBeLessThan(0.04);
    expect(tempo.confidence).toBeGreaterThan(0.05);
    expect(tempo.confidence).toBeLessThan(0.9);
  }
});

test("tempo: tracked beats follow a player who slows down", () => {
  // 30 % slower at the end than at the beginning.
  const slower = [...march(24)].map(
    ([t, l, p, v]) => [t + (t * t) / 480 / 640, l, p, v] as [number, number, number, number],
  );
  const { beats } = said(played(slower, { bpm: 100, rubato: 0 }));
  expect(Math.abs(beats!.count / 96 - 1)).toBeLessThan(0.05);
});

test("tempo counts no tempo that ends where the first note begins", () => {
  // 361 ticks of 480 at 180 are 0.25069 s; rounded to 0.1 ms the next tempo begins later.
  const track = midi().track().tempo(0, 180).tempo(361, 71).note(361, 4800, 60).note(5161, 480, 62);
  expect(said(track).tempo).toMatchObject({ minBpm: 71, maxBpm: 71, changeCount: 0 });
});

test("tempo: steady playing that keeps to the grid of the default does not make the default sure", () => {
  const byHand = said(played(march(24), { bpm: 180, rubato: 0 }));
  expect(byHand.performed.performed).toBeTrue();
  expect(byHand.tempo).toMatchObject({ source: "meta", bpm: 120, confidence: 0.5 });
  expect(said(scale(40).tempo(0, 120)).tempo.confidence).toBe(0.95);
});

test("tempo: a stated tempo that no music has is not believed", () => {
  for (const microseconds of [1, 5_000, 50_000, 16_000_000]) {
    const track = midi()
      .track()
      .meta(0, 0x51, [microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255]);
    for (let i = 0; i < 32; i++) track.note(i * 240, 200, 60 + (i % 5));
    const { bpm, confidence, metaBpm } = said(track).tempo;
    expect(metaBpm).toBeGreaterThan(0);
    expect([bpm === null || (bpm > 20 && bpm < 400), bpm === null ? confidence : 0]).toEqual([true, 0]);
  }
});
