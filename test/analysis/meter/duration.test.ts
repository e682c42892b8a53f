import { expect, test } from "bun:test";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { dance, scale } from "../../support/tunes.ts";

const said = (track: TrackBuilder) => analyze(readMidi(track.bytes())).duration;

test("duration: end of track and end of the last note are told apart", () => {
  const d = said(scale(8).meter(0, 4, 4).tempo(0, 60).end(5760));
  expect(d).toMatchObject({ endTicks: 5760, endSeconds: 12, endBars: 3 });
  expect(d).toMatchObject({ lastNoteEndTicks: 3830, lastNoteEndSeconds: 7.9792, lastNoteEndBars: 1.99 });
});

test("duration: a piece lasts to End of Track when that is within two bars of its last note, else to the note's end", () => {
  const lasts = (track: TrackBuilder) => analyze(readMidi(track.bytes())).durationSeconds;
  expect(
    lasts(
      scale(8)
        .meter(0, 4, 4)
        .tempo(0, 60)
        .end(3830 + 2 * 1920),
    ),
  ).toBeCloseTo(15.979, 3);
  expect(
    lasts(
      scale(8)
        .meter(0, 4, 4)
        .tempo(0, 60)
        .end(3831 + 2 * 1920),
    ),
  ).toBeCloseTo(7.979, 3);
  expect(
    lasts(
      scale(8)
        .meter(0, 2, 4)
        .tempo(0, 60)
        .end(3830 + 1920),
    ),
  ).toBeCloseTo(11.979, 3);
  expect(lasts(midi().track().tempo(0, 60).end(48_000))).toBe(100);
});

test("duration: bars are counted under each meter in turn", () => {
  // Two bars of 3/4, then three of 2/4.
  expect(said(scale(12).meter(0, 3, 4).meter(2880, 2, 4).end(5760)).endBars).toBe(5);
});

test("duration: a pickup is the time before the first bar line", () => {
  expect(said(scale(17).meter(0, 1, 4).meter(480, 4, 4)).pickupQuarters).toBe(1);
  expect(said(scale(16).meter(0, 4, 4)).pickupQuarters).toBe(0);
  const late = midi().track().meter(0, 4, 4);
  for (let i = 0; i < 24; i++) late.note(1440 + i * 480, 470, 60 + (i % 7));
  expect(said(late).pickupQuarters).toBe(1);
});

test("duration: without time signatures bars are counted from the bar line the notes show", () => {
  // 24 bars of 3/4 that begin on tick 480, a pickup before them.
  const d = said(
    dance(24, 3, 480, 480)
      .note(0, 460, 74)
      .end(480 + 24 * 1440),
  );
  expect(d.endBars).toBe(25);
  expect(d.pickupQuarters).toBe(1);
});

test("duration: without notes there is no first note and no pickup", () => {
  expect(said(midi().track().end(960))).toMatchObject({
    endTicks: 960,
    endSeconds: 1,
    lastNoteEndTicks: 0,
    firstNoteSeconds: null,
    pickupQuarters: null,
    endBars: null,
  });
});
