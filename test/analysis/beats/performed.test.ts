import { expect, test } from "bun:test";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { dance, noise, played, scale } from "../../support/tunes.ts";

const said = (track: TrackBuilder) => analyze(readMidi(track.bytes())).performed;

/** Two voices and chords in quarters and eighths: a score to be played. */
function* piece(bars: number): Generator<[number, number, number, number]> {
  for (let bar = 0; bar < bars; bar++)
    for (let e = 0; e < 8; e++) {
      const at = bar * 1920 + e * 240;
      yield [at, 220, 67 + ((e * 5 + bar) % 9), 70];
      if (e % 2 === 0) for (const pitch of [48, 52, 55]) yield [at, 460, pitch + (bar % 3), 60];
    }
}

test("performed: a written dance is a score", () => {
  const p = said(dance(16, 3));
  expect(p.performed).toBeFalse();
  expect(p.confidence).toBeGreaterThan(0.9);
  expect(p.simultaneity).toBe(1);
});

test("performed: the same notes under a hand are a performance", () => {
  const p = said(played(piece(16)));
  expect(p.performed).toBeTrue();
  expect(p.confidence).toBeGreaterThan(0.9);
});

test("performed: a score under a tempo map of many changes stays a score", () => {
  const track = dance(16, 4);
  for (let i = 0; i < 64; i++) track.tempo(i * 480, 80 + 10 * Math.sin(i));
  expect(said(track).performed).toBeFalse();
});

test("performed: a score shifted as a whole against its grid stays a score", () => {
  const track = midi().track();
  for (const [at, length, pitch, velocity] of piece(16)) track.note(at + 101, length, pitch, { velocity });
  expect(said(track).performed).toBeFalse();
});

test("performed: a score whose division lies (notes on another grid) stays a score", () => {
  const track = midi({ division: 480 }).track();
  for (const [at, length, pitch, velocity] of piece(16))
    track.note(Math.round(at * 0.7171), length, pitch, { velocity });
  expect(said(track).performed).toBeFalse();
});

test("performed: at 24 ticks a quarter chords on one tick still show a score", () => {
  const track = midi({ division: 24 }).track();
  for (const [at, length, pitch, velocity] of piece(16)) track.note(at / 20, length / 20, pitch, { velocity });
  expect(said(track).performed).toBeFalse();
});

test("performed: fewer than 12 notes say nothing", () => {
  expect(said(scale(11))).toMatchObject({ performed: null, confidence: 0.5 });
});

test("performed: a stream of even notes against every grid is no hand's work", () => {
  const track = midi({ division: 89 }).track();
  for (let i = 0; i < 400; i++) track.note(i * 15, 14, 40 + ((i * 7) % 30), { velocity: 40 + ((i * 13) % 60) });
  expect(said(track).performed).toBeFalse();
});

/** Seconds by which a player is ahead or behind at a tick: the beat stretched by a tenth and back every four bars. */
const rubato = (at: number) => 0.1 * Math.sin(at / 1200);

/** The rows of a track, times changed: ticks of a piece at 480 a quarter become seconds at `bpm`, laid on a file's ticks. */
type Row = [at: number, length: number, pitch: number, velocity: number];
function laid(rows: Iterable<Row>, division: number, seconds: (at: number, index: number) => number): TrackBuilder {
  const track = midi({ division }).track();
  let index = 0;
  for (const [at, length, pitch, velocity] of rows) {
    const start = Math.max(0, Math.round(seconds(at, index++) * 2 * division));
    track.note(start, Math.max(1, Math.round((length / 480) * division)), pitch, { velocity });
  }
  return track;
}

test.each([60, 90, 120, 180])(
  "performed: a steady hand at exactly %d, which the 120 default's grid may follow, is a hand",
  (bpm) => {
    for (const scatter of [0.01, 0.02, 0.04]) {
      const random = noise(bpm);
      const p = said(laid(piece(16), 480, (at) => (at / 480) * (60 / bpm) + 1 + scatter * random()));
      expect(p.performed).toBeTrue();
      expect(p.gapPurity).toBeLessThan(0.3);
    }
  },
);

test.each([48, 96, 120, 192, 384, 960, 10_080])(
  "performed: at %d ticks a quarter a hand is a hand and a score a score",
  (division) => {
    const random = noise(division);
    expect(said(laid(piece(16), division, (at) => at / 600 + 1 + rubato(at) + 0.012 * random())).performed).toBeTrue();
    expect(said(laid(piece(16), division, (at) => at / 960))).toMatchObject({ performed: false, simultaneity: 1 });
  },
);

test.each([0.01, 0.02, 0.032])(
  "performed: a performance transcribed in frames of %d s is a hand's, chords on one frame or not",
  (frame) => {
    const random = noise(7);
    const p = said(
      laid(piece(24), 480, (at) => Math.round((at / 800 + 1 + rubato(at) + 0.02 * random()) / frame) * frame),
    );
    expect(p.performed).toBeTrue();
  },
);

test.each([0.54, 0.6, 2 / 3, 0.71])(
  "performed: eighths swung at %d of the beat, the same in every bar, are a score's",
  (ratio) => {
    const swung = (at: number) =>
      Math.floor(at / 480) + (at % 480 === 0 ? 0 : at % 480 === 240 ? ratio : (at % 480) / 480);
    const p = said(laid(piece(16), 480, (at) => swung(at) * 0.5));
    expect(p.performed).toBeFalse();
    expect(p.gapPurity).toBe(1);
  },
);

test("performed: tuplets of three, five and seven, grace notes and spread chords on no grid are a score's", () => {
  const track = midi().track();
  for (let bar = 0; bar < 24; bar++) {
    const parts = [4, 3, 5, 7][bar % 4]!;
    for (let beat = 0; beat < 4; beat++) {
      const at = bar * 1920 + beat * 480;
      for (let i = 0; i < parts; i++) track.note(Math.round(at + (i * 480) / parts), 60, 72 + ((i * 3 + bar) % 9));
      for (const [i, pitch] of [48, 55, 64].entries()) track.note(at + (beat === 0 ? 29 * i : 0), 400, pitch);
      if (beat === 2) track.note(at - 37, 37, 73);
    }
  }
  expect(said(track).performed).toBeFalse();
});

test("performed: a tune by hand over parts that are quantised stays a score", () => {
  const file = midi();
  const random = noise(3);
  const parts = file.track("parts");
  for (const [at, length, pitch, velocity] of piece(24)) parts.note(at, length, pitch, { velocity });
  const tune = file.track("tune");
  for (let i = 1; i < 96; i++)
    tune.note(i * 480 + Math.round(14 * random()), 400, 79 + (i % 5), { velocity: 90 + (i % 7) });
  expect(analyze(readMidi(file.bytes())).performed.performed).toBeFalse();
});

test("performed: whether hands share a track changes nothing", () => {
  const rows = [...piece(16)];
  const random = noise(5);
  const hand = rows.map(([at]) => Math.round(at * 1.3 + 480 + 12 * random()));
  const labels = [0, 1].map((format) => {
    const file = midi({ format });
    const tracks = format === 0 ? [file.track()] : [file.track("right"), file.track("left")];
    for (const [i, [, length, pitch, velocity]] of rows.entries())
      tracks[pitch < 60 ? tracks.length - 1 : 0]!.note(hand[i]!, length, pitch, { velocity });
    return analyze(readMidi(file.bytes())).performed;
  });
  expect(labels[0]).toEqual(labels[1]!);
  expect(labels[0]!.performed).toBeTrue();
});

/** A tune alone in quarters, eighths and dotted values, no value more than half of them. */
function* tune(bars: number): Generator<Row> {
  const values = [480, 240, 240, 720, 240, 480, 960, 480];
  let at = 0;
  for (let i = 0; i < bars * 4; i++) {
    const length = values[(i * 3 + (i >> 3)) % values.length]!;
    yield [at, length, 60 + ((i * 5) % 13), 60 + ((i * 7) % 30)];
    at += length;
  }
}

test("performed: a tune alone on another grid than the file's is a score's by its gaps, and under a hand a hand's", () => {
  const random = noise(11);
  const written = said(laid(tune(24), 480, (at) => at / 776 + 0.35));
  expect(written).toMatchObject({ performed: false, simultaneity: null });
  expect(written.gapPurity).toBeGreaterThan(0.9);
  expect(said(laid(tune(24), 480, (at) => at / 776 + 0.35 + 0.02 * random())).performed).toBeTrue();
});

test("performed: chords on one tick under a tempo that never holds still are a score's", () => {
  expect(said(laid(piece(24), 480, (at) => at / 700 + 4 * rubato(at))).performed).toBeFalse();
});
