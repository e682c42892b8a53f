import { expect, test } from "bun:test";
import { notes } from "../../../lib/analysis/piece/notes.ts";
import { midi } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";

test("notes counts pitches without drums and velocities with them", () => {
  const track = midi().track().note(0, 10, 60, { velocity: 50 }).note(10, 10, 72, { velocity: 70 });
  expect(notes(pieceOf(track.note(0, 10, 36, { channel: 9, velocity: 120 })))).toMatchObject({
    count: 3,
    pitched: 2,
    drums: 1,
    uniquePitches: 2,
    lowestPitch: 60,
    highestPitch: 72,
    rangeSemitones: 12,
    velocityMean: 80,
    velocityDeviation: 29.44,
    lowestVelocity: 50,
    highestVelocity: 120,
    pitchClasses: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    pitchClassEntropyBits: 0,
  });
});

test("notes gives the chromatic scale the entropy of twelve equal choices", () => {
  const track = midi().track();
  for (let i = 0; i < 12; i++) track.note(i * 10, 10, 60 + i);
  expect(notes(pieceOf(track)).pitchClassEntropyBits).toBe(3.585);
});

test("notes answers null for what a file without notes cannot say", () => {
  const empty = notes(pieceOf(midi().track().tempo(0, 120)));
  expect(empty).toMatchObject({ count: 0, lowestPitch: null, rangeSemitones: null, velocityMean: null });
  expect(empty.pitchClassEntropyBits).toBeNull();
});

test("notes counts what the file left open and closed twice", () => {
  const track = midi().track().raw(0, [0x90, 60, 80]).raw(50, [0x80, 61, 0]).end(100);
  expect(notes(pieceOf(track))).toMatchObject({ count: 1, unended: 1, orphanEnds: 1 });
});
