import { expect, test } from "bun:test";
import fc from "fast-check";
import { texture } from "../../../lib/analysis/piece/texture.ts";
import { midi, type NoteRow } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";

const QUARTER = 480;

test("texture calls a line monophonic even when its notes overlap a little", () => {
  const track = midi().track();
  for (let i = 0; i < 16; i++) track.note(i * QUARTER, QUARTER + 20, 60 + (i % 5));
  expect(texture(pieceOf(track)).kind).toBe("monophonic");
});

test("texture counts voices over all tracks", () => {
  const file = midi()
    .track()
    .note(0, 960, 60)
    .track()
    .channel(1)
    .note(0, 480, 64)
    .track()
    .channel(2)
    .note(480, 480, 67);
  expect(texture(pieceOf(file))).toMatchObject({
    kind: "polyphonic",
    maximumPolyphony: 2,
    meanPolyphony: 2,
    polyphonicShare: 1,
    soundingSeconds: 1,
    silenceShare: 0,
    notesPerSecond: 3,
  });
});

test("texture counts more voices than an orchestra has", () => {
  const track = midi().track();
  for (let i = 0; i < 100; i++) track.note(i, 480, 10 + i);
  track.note(480, 240, 60).note(481, 240, 61);
  expect(texture(pieceOf(track)).maximumPolyphony).toBe(100);
});

test("texture keeps drums apart", () => {
  const track = midi().track().channel(9).note(0, 240, 36).note(0, 240, 42).note(480, 240, 38);
  expect(texture(pieceOf(track))).toMatchObject({
    kind: "percussive",
    maximumPolyphony: 0,
    meanPolyphony: null,
    maximumDrumPolyphony: 2,
    silenceShare: 0.333,
  });
});

test("texture of a file without notes says nothing", () => {
  expect(texture(pieceOf(midi().track()))).toMatchObject({ kind: null, silenceShare: null, notesPerSecond: null });
});

test("texture agrees with counting at every tick", () => {
  const row = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 30, max: 90 }));
  fc.assert(
    fc.property(fc.uniqueArray(row, { minLength: 1, maxLength: 30, selector: ([, , pitch]) => pitch }), (rows) => {
      // A quarter of 500 ticks at 120 a minute: one tick is a millisecond.
      const said = texture(
        pieceOf(
          midi({ division: 500 })
            .track()
            .notes(rows as NoteRow[]),
        ),
      );
      const end = Math.max(...rows.map(([start, length]) => start + length));
      const sounding = Array.from({ length: end }, (_, t) => rows.filter(([s, l]) => s <= t && t < s + l).length);
      const once = sounding.filter((n) => n > 0).length;
      expect(said.maximumPolyphony).toBe(Math.max(...sounding));
      expect(said.soundingSeconds).toBeCloseTo(once / 1000, 3);
      expect(said.meanPolyphony).toBeCloseTo(sounding.reduce((a, b) => a + b, 0) / once, 2);
      expect(said.polyphonicShare).toBeCloseTo(sounding.filter((n) => n > 1).length / once, 2);
      expect(said.silenceShare).toBeCloseTo(1 - once / end, 2);
    }),
    { numRuns: 80 },
  );
});
