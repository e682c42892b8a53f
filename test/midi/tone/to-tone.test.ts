import { expect, test } from "bun:test";
import { Midi } from "@tonejs/midi";
import fc from "fast-check";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import type { Score } from "../../../lib/midi/score.ts";
import { toTone } from "../../../lib/midi/tone/to-tone.ts";
import { mtrk, smf } from "../../support/hex.ts";
import { midi } from "../../support/midi-builder.ts";

/**
 * Here Tone.js's own reading is the witness: its notes and ours must agree. On one's own files:
 *
 *     MIDIWORKS_FUZZ_DIR=~/midi bun test test/midi/tone.test.ts
 */
const DIR = process.env.MIDIWORKS_FUZZ_DIR;
const END = "00 FF 2F 00";

/** Notes as "channel program pitch start length velocity", in no order. */
function notesOf(tone: Midi): string[] {
  return tone.tracks
    .flatMap(({ notes, channel, instrument }) =>
      notes.map((n) =>
        [channel, instrument.number, n.midi, n.ticks, n.durationTicks, Math.round(n.velocity * 127)].join(" "),
      ),
    )
    .sort();
}

const note = fc.record({
  track: fc.nat(2),
  channel: fc.nat(3),
  pitch: fc.integer({ min: 40, max: 44 }),
  start: fc.nat(400),
  length: fc.nat(100),
  velocity: fc.integer({ min: 1, max: 127 }),
});

test("Tone.js and readMidi find the same notes in well-formed files", () => {
  fc.assert(
    fc.property(fc.array(note, { minLength: 1, maxLength: 60 }), fc.boolean(), fc.boolean(), (notes, zero, running) => {
      const builder = midi({ division: 96, endsAsVelocityZero: zero, runningStatus: running });
      const tracks = [builder.track("A"), builder.track("B"), builder.track("C")] as const;
      for (const n of notes) {
        tracks[n.track]!.note(n.start, n.length + 1, n.pitch, { channel: n.channel, velocity: n.velocity });
      }
      const bytes = builder.bytes();
      expect(notesOf(toTone(bytes))).toEqual(notesOf(new Midi(bytes)));
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("Tone.js drops notes that are never ended; toTone ends them with their track", () => {
  const bytes = smf([mtrk(`00 90 3C 40  60 FF 2F 00`)]);
  expect(notesOf(new Midi(bytes))).toEqual([]);
  expect(notesOf(toTone(bytes))).toEqual(["0 0 60 0 96 64"]);
});

test("Tone.js ends a note by an end that stands before it at its tick; toTone goes by file order", () => {
  const bytes = smf([mtrk(`00 80 3C 40  00 90 3C 40  60 80 3C 40 ${END}`)], { format: 0 });
  expect(notesOf(new Midi(bytes))).toEqual(["0 0 60 0 0 64"]);
  expect(notesOf(toTone(bytes))).toEqual(["0 0 60 0 96 64"]);
});

test("Tone.js loses a note during which the program changes; toTone keeps it", () => {
  const bytes = smf([mtrk(`00 90 3C 40  30 C0 05  30 80 3C 40 ${END}`)]);
  expect(notesOf(new Midi(bytes))).toEqual([]);
  expect(notesOf(toTone(bytes))).toEqual(["0 0 60 0 96 64"]);
});

test("toTone gives the header, controllers, bends and texts of all tracks", () => {
  const tone = toTone(
    smf([
      mtrk(`00 FF 03 04 "Song"  60 FF 51 03 0F 42 40  00 FF 58 04 06 03 18 08  00 FF 59 02 FE 01 ${END}`),
      mtrk(`00 FF 03 04 "Bass"  00 C2 21  00 B2 07 7F  00 E2 00 60  00 92 28 7F  60 FF 05 02 "la"  60 82 28 00 ${END}`),
    ]),
  );
  expect(tone.header.toJSON()).toMatchObject({
    name: "Song",
    ppq: 96,
    keySignatures: [{ ticks: 96, key: "Bb", scale: "minor" }],
    timeSignatures: [{ ticks: 96, timeSignature: [6, 8] }],
    meta: [{ type: "lyrics", ticks: 96, text: "la" }],
  });
  expect(tone.tracks.length).toBe(1);
  const [track] = tone.tracks;
  expect(track).toMatchObject({ name: "Bass", channel: 2, endOfTrackTicks: 192 });
  expect(track!.instrument.number).toBe(33);
  expect(track!.controlChanges[7]).toMatchObject([{ value: 1, ticks: 0 }]);
  expect(track!.pitchBends).toMatchObject([{ value: 0.5, ticks: 0 }]);
  expect(track!.notes[0]!.duration).toBe(1.5); // half a second at the default tempo, then one of a second a quarter
});

test("toTone keeps time under SMPTE divisions", () => {
  const tone = toTone(smf([mtrk(`00 90 3C 40  87 68 3C 00 ${END}`)], { division: "E728" })); // 1000 ticks of a millisecond
  expect(tone.duration).toBeCloseTo(1, 9);
});

test.skipIf(!DIR)(
  "Tone.js and readMidi agree on one's own files, or differ for a known reason",
  async () => {
    for await (const path of new Bun.Glob("**/*.{mid,MID,midi,kar}").scan({ cwd: DIR!, absolute: true })) {
      const bytes = await Bun.file(path).bytes();
      let witness: Midi;
      try {
        if (bytes.length > 100_000) continue;
        witness = new Midi(bytes);
      } catch {
        continue;
      }
      const score = readMidi(bytes);
      if (score.status === "ok" && reason(score) === null)
        expect([path, notesOf(toTone(score))]).toEqual([path, notesOf(witness)]);
    }
  },
  3_600_000,
);

/** Why Tone.js may read other notes than we do, null when it must read the same. */
function reason(score: Score): string | null {
  if (score.unendedNotes > 0) return "notes that are never ended";
  if (score.orphanEnds > 0) return "ends that no note waits for";
  const { notes, controls } = score;
  for (let i = 0; i < controls.count; i++) {
    if ((controls.status[i]! & 0xf0) !== 0xc0) continue;
    const { noteStart, noteEnd } = score.tracks[controls.track[i]!]!;
    for (let n = noteStart; n < noteEnd; n++) {
      if (notes.channel[n] !== (controls.status[i]! & 15)) continue;
      if (notes.startTick[n]! <= controls.tick[i]! && notes.endTick[n]! >= controls.tick[i]!) {
        return "a program that changes while a note sounds";
      }
    }
  }
  return null;
}
