import { expect, test } from "bun:test";
import fc from "fast-check";
import { BadMidi } from "../../../lib/midi/read/bad-midi.ts";
import { createReader, readMidi } from "../../../lib/midi/read/reader.ts";
import type { Score } from "../../../lib/midi/score.ts";
import { timeMap } from "../../../lib/midi/time.ts";
import { mutate, randomFile, seeded } from "../../../scripts/bench/mutate.ts";
import { hex } from "../../support/hex.ts";

/**
 * By hand, for as long as one likes, on one's own files:
 *
 *     MIDIWORKS_FUZZ_SECONDS=3600 MIDIWORKS_FUZZ_DIR=~/midi MIDIWORKS_FUZZ_SEED=7 bun test test/midi/read/fuzz.test.ts
 */
const SECONDS = Number(process.env.MIDIWORKS_FUZZ_SECONDS ?? 2);
const SEED = Number(process.env.MIDIWORKS_FUZZ_SEED ?? 1);
const DIR = process.env.MIDIWORKS_FUZZ_DIR;

const reader = createReader({ events: true });

/** Reads, or gets a one-line BadMidi; anything else fails. What is read must keep every promise of `Score`. */
function readSafely(bytes: Uint8Array): Score | null {
  let score: Score;
  try {
    score = reader.read(bytes);
  } catch (error) {
    if (!(error instanceof BadMidi)) throw error;
    expect(error.message).toMatch(/^Cannot read MIDI: [^\n]+, expected [^\n]+$/);
    return null;
  }
  checkScore(score, bytes);
  return score;
}

function checkScore(score: Score, bytes: Uint8Array): void {
  const { notes, controls, events, tracks, metas, sysex, tempos } = score;
  const holds = (claim: string, value: boolean) => {
    if (!value) throw new Error(`A score breaks its promise: ${claim}`);
  };
  holds("status says whether anything was repaired", (score.status === "repaired") === score.repairs.length > 0);
  holds("a file holds no more than its bytes", notes.count * 3 + metas.count * 4 + sysex.count * 3 <= bytes.length * 2);
  let last = 0;
  for (const track of tracks) {
    holds("tracks are consecutive in the columns", track.noteStart === last);
    last = track.noteEnd;
    holds("a track lies in the file", track.startOffset <= track.endOffset && track.endOffset <= bytes.length);
    holds("the score ends with its tracks", track.endTick <= score.endTick);
  }
  holds("tracks cover the notes", last === notes.count);
  let lastEnd = 0;
  let unsorted = 0;
  for (let n = 0; n < notes.count; n++) {
    const track = tracks[notes.track[n]!]!;
    if (notes.endTick[n]! < notes.startTick[n]! || notes.endTick[n]! > score.endTick) unsorted++;
    if (n > track.noteStart && notes.startTick[n]! < notes.startTick[n - 1]!) unsorted++;
    if (notes.velocity[n]! < 1 || notes.velocity[n]! > 127 || notes.pitch[n]! > 127) unsorted++;
    if (notes.channel[n]! > 15) unsorted++;
    lastEnd = Math.max(lastEnd, notes.endTick[n]!);
  }
  holds("notes are in order and in range", unsorted === 0);
  holds("lastNoteEndTick is the last note's end", lastEnd === score.lastNoteEndTick);
  for (let i = 0; i < controls.count; i++) {
    const status = controls.status[i]!;
    holds("controls are in range", status >= 0xa0 && status < 0xf0 && (controls.data1[i]! | controls.data2[i]!) < 0x80);
  }
  for (const blobs of [metas, sysex]) {
    for (let i = 0; i < blobs.count; i++) {
      holds("payloads lie in the file", blobs.offset[i]! + blobs.length[i]! <= bytes.length);
    }
  }
  const kinds = new Uint32Array(256);
  let strikes = 0;
  for (let i = 0; i < events!.count; i++) {
    const status = events!.status[i]!;
    kinds[status < 0xa0 ? 0x80 : status < 0xf0 ? 0xb0 : status === 0xff ? 0xff : 0xf0]!++;
    if (status >= 0x90 && status < 0xa0 && events!.data2[i]! > 0) strikes++;
  }
  const held = [notes.count, controls.count, metas.count, sysex.count];
  holds("events hold every column", [strikes, kinds[0xb0], kinds[0xff], kinds[0xf0]].join() === held.join());
  holds("no more orphans than note-offs", score.orphanEnds <= kinds[0x80]! - strikes);
  holds("no more unended notes than notes", score.unendedNotes <= notes.count);
  for (let i = 1; i < tempos.count; i++) holds("tempos are in order", tempos.tick[i]! >= tempos.tick[i - 1]!);
  holds("time is finite", Number.isFinite(timeMap(score).secondsAt(score.endTick)));
}

test("a reader takes any bytes at all", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, header) => {
      const front = hex('"MThd" 00000006 0001 0002 0060 "MTrk" 000000FF');
      readSafely(header ? Uint8Array.from([...front, ...bytes]) : bytes);
    }),
    { seed: SEED, numRuns: 4000 },
  );
});

test("a reader takes every prefix of a file", () => {
  const file = randomFile(seeded(SEED));
  let notes = 0;
  for (let length = 0; length <= file.length; length++) {
    const score = readSafely(file.slice(0, length));
    if (length >= 14) expect(score).not.toBeNull();
    if (score) {
      expect(score.notes.count).toBeGreaterThanOrEqual(notes);
      notes = score.notes.count;
    }
  }
});

test(
  "a reader takes mutated files, and reads them as one that was never used before",
  async () => {
    const random = seeded(SEED);
    const files = DIR ? await ownFiles(DIR) : Array.from({ length: 40 }, () => randomFile(random));
    const until = performance.now() + SECONDS * 1000;
    let runs = 0;
    while (performance.now() < until) {
      const original = files[Math.floor(random() * files.length)]!;
      const bytes = Uint8Array.from(mutate(original, files, random));
      const began = performance.now();
      try {
        const score = readSafely(bytes);
        if (performance.now() - began > 10_000) throw new Error(`Reading ${bytes.length} bytes took over 10 seconds`);
        if (score && ++runs % 64 === 0) expect(digest(reader.read(bytes))).toBe(digest(readMidi(bytes)));
      } catch (error) {
        throw new Error(`Mutation ${runs} of seed ${SEED} fails: ${bytes.toHex()}`, { cause: error });
      }
    }
    expect(runs).toBeGreaterThan(100);
    if (SECONDS > 2) console.error(`${runs} mutations read in ${SECONDS} s`);
  },
  (SECONDS + 30) * 1000,
);

function digest(score: Score): string {
  return JSON.stringify({
    ...score,
    events: null,
    tracks: score.tracks.map(({ eventStart, eventEnd, ...rest }) => rest),
  });
}

async function ownFiles(dir: string): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for await (const path of new Bun.Glob("**/*.{mid,MID,midi,kar,rmi}").scan({ cwd: dir, absolute: true })) {
    const bytes = await Bun.file(path).bytes();
    if (bytes.length < 200_000) files.push(bytes);
  }
  return files;
}
