import { expect, test } from "bun:test";
import { midi } from "../support/midi-builder.ts";
import { featuresOf } from "../support/piece-of.ts";
import { scale } from "../support/tunes.ts";

test("capped names every list that was cut, and nothing of an ordinary file", () => {
  const cappedOf = (track: ReturnType<typeof scale>) => featuresOf(track).capped;
  expect(cappedOf(scale(64).meter(0, 4, 4).keySignature(0, 1))).toEqual([]);

  const signatures = scale(64);
  for (let i = 0; i < 600; i++) signatures.keySignature(i * 24, i % 2).meter(i * 24, 2 + (i % 2), 4);
  expect(cappedOf(signatures)).toEqual(["keySignatures", "meter.changes", "structure"]);

  const notes = midi().track().tempo(0, 120);
  for (let i = 0; i < 17_000; i++) notes.note(i * 120, 100, 60 + (i % 12));
  expect(cappedOf(notes)).toContain("rhythm");
});
