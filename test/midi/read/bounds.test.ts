import { expect, setDefaultTimeout, test } from "bun:test";
import { createReader } from "../../../lib/midi/read/reader.ts";
import type { Score } from "../../../lib/midi/score.ts";
import { concat, hex, mtrk, smf } from "../../support/hex.ts";

// Large files on a busy machine: a hang is what counts, not the time.
setDefaultTimeout(120_000);

/** The buffers behind a score's columns. */
function buffersOf(score: Score): ArrayBufferLike[] {
  const rooms = [score.notes, score.controls, score.metas, score.sysex, score.events!];
  const columns = rooms.flatMap((room) => Object.values(room) as (Uint8Array | number)[]);
  return [...new Set(columns.filter((column) => typeof column === "object").map(({ buffer }) => buffer))];
}

function heldBytes(score: Score): number {
  return buffersOf(score).reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

/** A format 0 file whose only track is `size` bytes of one piece over and over. */
function repeated(piece: string, size: number): Uint8Array {
  const events = hex(piece);
  const head = hex(`"MThd" 00000006 0000 0001 0060 "MTrk" ${(size + 2).toString(16).padStart(8, "0")} 00 C0`);
  const file = new Uint8Array(head.length + size);
  for (let i = 0; i < size; i++) file[head.length + i] = events[i % events.length]!;
  file.set(head);
  return file;
}

const SMALL = smf([mtrk("00 90 3C 40  60 3C 00  00 FF 2F 00")]);

test("a reader makes no room for what a file claims", () => {
  for (const claim of [
    '"MTrk" FFFFFFFF',
    '"MTrk" 10000000 00 FF 01 FF FF FF 7F',
    '"MTrk" 10000000 00 F0 FF FF FF 7F',
  ]) {
    const file = concat(hex('"MThd" 00000006 0001 FFFF 0060'), hex(claim));
    const score = createReader({ events: true }).read(file);
    expect(score.repairs.length).toBeGreaterThan(0);
    expect(heldBytes(score)).toBeLessThan(2 ** 20);
  }
});

test("a reader makes no room for events where the bytes are one text", () => {
  const text = concat(hex("00 FF 01 84 80 80 00"), new Uint8Array(2 ** 23));
  expect(heldBytes(createReader({ events: true }).read(smf([concat(hex('"MTrk" 00800007'), text)])))).toBeLessThan(
    2 ** 22,
  );
});

test("a reader takes memory in proportion to a file, whatever its bytes are", () => {
  for (const piece of [
    "00 C0 05",
    "00 05",
    "00 90 3C 40",
    "00 3C 40",
    "00 FF 01 00",
    "00 F0 00",
    "00 FF 2F 00",
    "80 80",
    "FF",
  ]) {
    const file = repeated(piece, 2 ** 20);
    expect(heldBytes(createReader({ events: true }).read(file)) / file.length).toBeLessThan(40);
  }
});

test("a reader gives back what only a huge file needed", () => {
  const reader = createReader({ events: true });
  const most = () => Math.max(...buffersOf(reader.read(SMALL)).map((buffer) => buffer.byteLength));
  for (const piece of ["00 90 3C 40", "00 B0 07 40", "00 FF 01 00", "00 F0 00"]) {
    expect(heldBytes(reader.read(repeated(piece, 2 ** 21)))).toBeGreaterThan(2 ** 21);
    expect(most()).toBeLessThanOrEqual(2 ** 20);
  }
});

// Work that grows with the square of the bytes takes a minute here, work that grows with the bytes 0.1 s.
const HOSTILE: Record<string, () => Uint8Array> = {
  "tracks with damaged ids that claim the rest of the file": () => {
    const chunk = concat(hex('"MTrj" 00000000 00 FF 01 83 00'), new Uint8Array(384), hex("00 FF 2F 00"));
    const file = new Uint8Array(14 + 65_000 * chunk.length);
    file.set(hex('"MThd" 00000006 0001 FDE8 0060'));
    for (let at = 14; at < file.length; at += chunk.length) {
      file.set(chunk, at);
      new DataView(file.buffer).setUint32(at + 4, Math.max(chunk.length - 8, file.length - at - 40));
    }
    return file;
  },
  "headers that are none": () => concat(hex("00"), hex('"MThd"'.repeat(100_000))),
  "tracks that are none": () => concat(hex("00"), hex('"MTrk"'.repeat(100_000))),
  "texts that reach past the end": () => smf([mtrk(`${"00 FF 01 FF FF FF 7F ".repeat(200_000)} 00 FF 2F 00`)]),
  "ends of track, over and over": () => smf([mtrk("00 FF 2F 00 ".repeat(200_000))]),
  "tracks of nothing, with one note each that never ends": () =>
    smf(Array(60_000).fill(mtrk("00 90 3C 40")), { tracks: 60_000 }),
  "one pitch struck over and over, never ended": () => smf([mtrk("00 90 3C 40 ".repeat(300_000))]),
  "tempos in backward order": () =>
    smf(
      Array.from({ length: 20_000 }, (_, i) =>
        mtrk(`${(0x7f - (i % 0x7f)).toString(16).padStart(2, "0")} FF 51 03 07 A1 20`),
      ),
    ),
};

for (const [name, make] of Object.entries(HOSTILE)) {
  test(`a reader passes once over ${name}`, () => {
    const file = make();
    const began = performance.now();
    try {
      createReader({ events: true }).read(file);
    } catch (error) {
      expect((error as Error).name).toBe("BadMidi");
    }
    expect(performance.now() - began).toBeLessThan(15_000);
  });
}
