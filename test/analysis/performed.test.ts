import { expect, test } from "bun:test";
import { analyze } from "../../lib/analysis/analyze.ts";
import { readMidi } from "../../lib/midi/read.ts";
import { midi, type TrackBuilder } from "../support/midi-builder.ts";
import { dance, played, scale } from "../support/tunes.ts";

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
