import { expect, test } from "bun:test";
import { parseMidi } from "midi-file";
import { BadMidi } from "../../../lib/midi/read/bad-midi.ts";
import { createReader } from "../../../lib/midi/read/reader.ts";
import type { Score } from "../../../lib/midi/score.ts";
import { mendScore } from "../../../lib/midi/write/mend-score.ts";
import { mutate, randomFile, seeded } from "../../../scripts/bench/mutate.ts";
import { mtrk, smf } from "../../support/hex.ts";

const reader = createReader({ events: true });
const other = createReader();

const notesOf = ({ notes }: Score) =>
  Array.from({ length: notes.count }, (_, n) => [
    notes.track[n],
    notes.channel[n],
    notes.pitch[n],
    notes.velocity[n],
    notes.startTick[n],
    notes.endTick[n],
  ]);

/** Mends a file; what came out must be read without repairs, by another reader too, and hold the same notes. */
function mended(bytes: Uint8Array): Uint8Array {
  const score = reader.read(bytes);
  const [before, endTick, tempos] = [notesOf(score), score.endTick, [...score.tempos.microsecondsPerQuarter]];
  const copy = mendScore(score).slice();
  const again = other.read(copy);
  expect(again.repairs.filter(({ code }) => code !== "odd-smpte-rate")).toEqual([]);
  expect(notesOf(again)).toEqual(before);
  expect([again.endTick, [...again.tempos.microsecondsPerQuarter]]).toEqual([endTick, tempos]);
  expect(() => parseMidi(copy)).not.toThrow();
  return copy;
}

test("mendScore: mutated files come out well-formed, with the notes the reader made out", () => {
  const random = seeded(20);
  let repaired = 0;
  for (let i = 0; i < 400; i++) {
    const bytes = mutate(randomFile(random), [randomFile(random)], random);
    try {
      if (reader.read(bytes).status === "repaired") repaired++;
    } catch (error) {
      if (!(error instanceof BadMidi)) throw error;
      continue;
    }
    mended(bytes);
  }
  expect(repaired).toBeGreaterThan(100);
});

test("mendScore: a track without End of Track, with a key above 127, and no header count that is right", () => {
  const copy = mended(smf([mtrk("00 90 3C 40 60 80 3C C0")], { tracks: 7 }));
  expect(copy).toEqual(smf([mtrk("00 90 3C 40 60 80 3C 7F 00 FF 2F 00")], { tracks: 1 }));
});

test("mendScore: a note that another one cut short gets an end of its own", () => {
  const copy = mended(smf([mtrk("00 90 3C 40 30 3C 41 30 80 3C 00 8F 00 FF 2F 00")]));
  const ends = parseMidi(copy).tracks[0]!.filter(({ type }) => type === "noteOff");
  expect(ends).toHaveLength(2);
});

test("mendScore: a header alone gets an empty track", () => {
  expect(mended(smf([], { tracks: 1 }))).toEqual(smf([mtrk("00 FF 2F 00")]));
});
