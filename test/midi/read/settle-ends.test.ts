import { expect, test } from "bun:test";
import { createReader, readMidi } from "../../../lib/midi/read/reader.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";

const ON = (key: number, channel = 0) => [0x90 | channel, key, 80];
const OFF = (key: number, channel = 0) => [0x80 | channel, key, 64];

/** Notes as `key start-end`, with repairs, notes left open and orphans. */
function read(track: TrackBuilder) {
  const { notes, repairs, unendedNotes, orphanEnds, lastNoteEndTick } = readMidi(track.bytes());
  const list = Array.from(notes.startTick, (start, n) => `${notes.pitch[n]} ${start}-${notes.endTick[n]}`);
  const codes = repairs.map(({ code, count }) => (count > 1 ? `${code} x${count}` : code));
  return { notes: list, repairs: codes, open: unendedNotes, orphans: orphanEnds, last: lastNoteEndTick };
}

test("settleEnds: keys struck twice at one tick and released once end together", () => {
  const track = midi().track();
  for (const [n, key] of [60, 62, 64].entries()) {
    track
      .raw(n * 240, ON(key))
      .raw(n * 240, ON(key))
      .raw(n * 240 + 200, OFF(key));
  }
  expect(read(track.end(9000))).toEqual({
    notes: ["60 0-200", "60 0-200", "62 240-440", "62 240-440", "64 480-680", "64 480-680"],
    repairs: ["doubled-note-on x3"],
    open: 0,
    orphans: 0,
    last: 680,
  });
});

test("settleEnds: a key struck again before its release ends at the strike, in every bar anew", () => {
  const track = midi().track();
  for (const start of [0, 480, 960]) {
    track
      .raw(start, ON(60))
      .raw(start + 100, ON(60))
      .raw(start + 300, OFF(60));
  }
  expect(read(track.end(9000))).toMatchObject({
    notes: ["60 0-100", "60 100-300", "60 480-580", "60 580-780", "60 960-1060", "60 1060-1260"],
    repairs: ["doubled-note-on x3"],
    open: 0,
  });
});

test("settleEnds: one strike too many at the start does not delay the notes behind it", () => {
  const track = midi().track().raw(0, ON(60)).note(100, 50, 60).note(200, 50, 60).note(300, 50, 60);
  expect(read(track.end(9000))).toMatchObject({
    notes: ["60 0-100", "60 100-150", "60 200-250", "60 300-350"],
    repairs: ["doubled-note-on"],
    last: 350,
  });
});

test("settleEnds: overlapping notes that are all released keep their pairs, beside others that are not", () => {
  const track = midi()
    .track()
    .raw(0, ON(60))
    .raw(50, ON(60))
    .raw(100, OFF(60))
    .raw(150, OFF(60))
    .raw(200, ON(60))
    .raw(250, ON(60))
    .raw(300, OFF(60));
  expect(read(track.end(1000)).notes).toEqual(["60 0-100", "60 50-150", "60 200-250", "60 250-300"]);
});

for (const controller of [120, 123, 124, 125, 126, 127]) {
  test(`settleEnds: controller ${controller} ends the notes of its channel`, () => {
    const track = midi()
      .track()
      .raw(0, ON(60))
      .raw(0, ON(64))
      .raw(0, ON(60, 1))
      .controller(96, 1, 0)
      .controller(192, controller, 0)
      .raw(240, ON(60));
    expect(read(track.end(480))).toMatchObject({
      notes: ["60 0-192", "64 0-192", "60 0-480", "60 240-480"],
      repairs: ["all-notes-off x2"],
      open: 2,
    });
  });
}

test("settleEnds: a controller in another track ends notes, one before a note-off changes nothing", () => {
  const track = midi().track().raw(0, ON(60)).note(0, 200, 64).end(480).track().controller(100, 123, 0);
  expect(read(track)).toMatchObject({ notes: ["60 0-100", "64 0-200"], repairs: ["all-notes-off"] });
});

test("settleEnds: a note ends at the note-off of its port and channel in another track", () => {
  const ons = midi().track().port(0, 1).raw(0, ON(60)).raw(480, ON(62)).end(480);
  const offs = ons.track().port(0, 1).raw(400, OFF(60)).raw(900, OFF(62)).end(900);
  const elsewhere = offs.track().port(0, 2).raw(100, OFF(60)).track().port(0, 1).raw(100, OFF(60, 3));
  expect(read(elsewhere)).toEqual({
    notes: ["60 0-400", "62 480-900"],
    repairs: ["note-off-in-other-track x2"],
    open: 0,
    orphans: 2,
    last: 900,
  });
});

test("settleEnds: a note that rings ends where another track strikes its key", () => {
  const track = midi().track().raw(0, ON(60)).end(4000).track().note(500, 100, 60).end(4000);
  expect(read(track)).toMatchObject({ notes: ["60 0-500", "60 500-600"], repairs: ["doubled-note-on"] });
});

test("settleEnds: the sequences of a format 2 file do not end each other's notes", () => {
  const track = midi({ format: 2 }).track().raw(0, ON(60)).end(480).track().note(10, 20, 60).end(480);
  expect(read(track)).toMatchObject({ notes: ["60 0-480", "60 10-30"], repairs: [], open: 1 });
});

test("settleEnds: the events stay as they are", () => {
  const bytes = midi().track().raw(0, ON(60)).raw(100, ON(60)).raw(200, OFF(60)).end(300).bytes();
  const { events } = createReader({ events: true }).read(bytes);
  expect(Array.from(events!.tick)).toEqual([0, 100, 200, 300]);
});
