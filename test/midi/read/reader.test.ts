import { expect, setDefaultTimeout, test } from "bun:test";
import { createReader, readMidi } from "../../../lib/midi/read/reader.ts";
import { concat, hex, mtrk, smf } from "../../support/hex.ts";

// Large files on a busy machine: a hang is what counts, not the time.
setDefaultTimeout(120_000);

const END = "00 FF 2F 00  # End of Track";

/** Notes as [track, channel, pitch, velocity, start, end]. */
function notesOf(score: ReturnType<typeof readMidi>): number[][] {
  const { notes: n } = score;
  return Array.from({ length: n.count }, (_, i) => [
    n.track[i]!,
    n.channel[i]!,
    n.pitch[i]!,
    n.velocity[i]!,
    n.startTick[i]!,
    n.endTick[i]!,
  ]);
}

test("readMidi reads the example of the SMF 1.0 specification, format 0", () => {
  const score = readMidi(
    hex(`
      "MThd" 00000006 0000 0001 0060   # format 0, one track, 96 ticks a quarter
      "MTrk" 0000003B
      00 FF 58 04 04 02 18 08          # meter 4/4
      00 FF 51 03 07 A1 20             # tempo 500,000 microseconds a quarter
      00 C0 05  00 C1 2E  00 C2 46     # programs
      00 92 30 60  00 3C 60            # running status
      60 91 43 40
      60 90 4C 20
      81 40 82 30 40  00 3C 40         # two-byte delta
      00 81 43 40
      00 80 4C 40
      00 FF 2F 00`),
  );
  expect(score.status).toBe("ok");
  expect(score.repairs).toEqual([]);
  expect(score.division).toEqual({ kind: "metrical", ticksPerQuarter: 96 });
  expect(notesOf(score)).toEqual([
    [0, 2, 0x30, 0x60, 0, 384],
    [0, 2, 0x3c, 0x60, 0, 384],
    [0, 1, 0x43, 0x40, 96, 384],
    [0, 0, 0x4c, 0x20, 192, 384],
  ]);
  expect([...score.controls.status]).toEqual([0xc0, 0xc1, 0xc2]);
  expect([...score.controls.data1]).toEqual([5, 46, 70]);
  expect([...score.meters.numerator, ...score.meters.denominator]).toEqual([4, 4]);
  expect([...score.tempos.microsecondsPerQuarter]).toEqual([500_000]);
  expect([score.endTick, score.lastNoteEndTick, score.unendedNotes, score.orphanEnds]).toEqual([384, 384, 0, 0]);
});

test("readMidi pairs first-on first-off when a pitch is struck again while it sounds", () => {
  const score = readMidi(
    smf([
      mtrk(`00 90 3C 10  0A 3C 20  0A 3C 30   # struck at 0, 10, 20
            0A 3C 00  0A 3C 00  0A 3C 00      # ended at 30, 40, 50
            0A 3C 40  0A 3C 00 ${END}`),
    ]),
  );
  expect(notesOf(score)).toEqual([
    [0, 0, 0x3c, 0x10, 0, 30],
    [0, 0, 0x3c, 0x20, 10, 40],
    [0, 0, 0x3c, 0x30, 20, 50],
    [0, 0, 0x3c, 0x40, 60, 70],
  ]);
});

test("readMidi ends notes that nothing ends with their track, counts them and orphan ends", () => {
  const score = readMidi(
    smf([
      mtrk(`00 90 3C 40  00 40 42            # two notes
            10 80 41 00                      # the end of a note that never began
            30 FF 2F 00`),
      mtrk(`05 81 3C 00                      # the channel is another one
            00 91 3C 50  08 81 3C 00 ${END}`),
    ]),
  );
  expect(notesOf(score).map((n) => n.slice(4))).toEqual([
    [0, 64],
    [0, 64],
    [5, 13],
  ]);
  expect([score.unendedNotes, score.orphanEnds, score.lastNoteEndTick]).toEqual([2, 2, 64]);
});

test("readMidi orders tempo, meter and key signature events of all tracks by tick, file order at one tick", () => {
  const score = readMidi(
    smf([
      mtrk(`00 FF 51 03 07 A1 20  60 FF 51 03 03 D0 90 ${END}`),
      mtrk(`30 FF 51 03 0F 42 40  30 FF 51 03 01 E8 48
            00 FF 59 02 FD 01  00 FF 58 04 06 03 24 08 ${END}`),
    ]),
  );
  expect([...score.tempos.tick]).toEqual([0, 48, 96, 96]);
  expect([...score.tempos.microsecondsPerQuarter]).toEqual([500_000, 1_000_000, 250_000, 125_000]);
  expect([...score.tempos.track]).toEqual([0, 1, 0, 1]);
  expect([...score.keySignatures.fifths, ...score.keySignatures.minor]).toEqual([-3, 1]);
  expect([...score.meters.numerator, ...score.meters.denominator]).toEqual([6, 8]);
});

test("readMidi keeps metas and system exclusive as ranges of the file's bytes", () => {
  const file = smf([
    mtrk(`00 FF 03 05 "Piano"
          00 FF 05 02 "la"
          00 F0 05 7E 7F 09 01 F7   # GM on
          00 F7 02 F3 01 ${END}     # an escape`),
  ]);
  const { metas, sysex, bytes } = readMidi(file);
  const payload = (at: number, length: number) => new TextDecoder().decode(bytes.subarray(at, at + length));
  expect([...metas.type]).toEqual([3, 5, 0x2f]);
  expect(payload(metas.offset[0]!, metas.length[0]!)).toBe("Piano");
  expect(payload(metas.offset[1]!, metas.length[1]!)).toBe("la");
  expect([...sysex.type]).toEqual([0xf0, 0xf7]);
  expect([...sysex.length]).toEqual([5, 2]);
  expect(bytes[sysex.offset[0]!]).toBe(0x7e);
});

test("createReader({ events: true }) keeps every event in file order, with the number of its meta or system exclusive", () => {
  const file = smf([mtrk(`00 C0 05  10 90 3C 40  10 3C 00  00 F0 02 01 F7  00 FF 01 01 "x" ${END}`)]);
  const { events } = createReader({ events: true }).read(file);
  const rows = Array.from({ length: events!.count }, (_, i) => [
    events!.tick[i]!,
    events!.status[i]!,
    events!.data1[i]!,
    events!.data2[i]!,
    events!.blob[i]!,
  ]);
  expect(rows).toEqual([
    [0, 0xc0, 5, 0, 0],
    [16, 0x90, 60, 64, 0],
    [32, 0x90, 60, 0, 0],
    [32, 0xf0, 0, 0, 0],
    [32, 0xff, 1, 0, 0],
    [32, 0xff, 0x2f, 0, 1],
  ]);
});

test("createReader gives the same score for a file whatever it read before", () => {
  const small = smf([mtrk(`00 90 3C 40  00 90 40 40  60 80 3C 00  00 80 40 00 ${END}`)]);
  const unended = smf([mtrk(`00 90 3C 40  00 90 3C 40 ${END}`)], { tracks: 3 });
  const large = smf([mtrk(`${"00 90 3C 40 01 80 3C 00 ".repeat(300_000)} ${END}`)]);
  const reader = createReader({ events: true });
  const alone = JSON.stringify(createReader({ events: true }).read(small));
  for (const before of [unended, large, small]) {
    reader.read(before);
    expect(JSON.stringify(reader.read(small))).toBe(alone);
  }
});

test("readMidi grows its columns as a long track goes on", () => {
  const score = readMidi(smf([mtrk(`${"00 90 3C 40 01 80 3C 00 ".repeat(200_000)} ${END}`)]));
  expect(score.notes.count).toBe(200_000);
  expect(score.notes.endTick.every((end, i) => end === i + 1)).toBe(true);
  expect(score.status).toBe("ok");
});

test("readMidi leaves the bytes it is given as they are, and reads them in the middle of a larger buffer", () => {
  const file = smf([mtrk(`00 90 3C 40  60 3C 00 ${END}`)]);
  const inside = concat(hex("01 02 03 04 05"), file, hex('"MTrk" 00000004 00 FF 2F 00'));
  const score = readMidi(inside.subarray(5, 5 + file.length));
  expect(score.tracks.length).toBe(1);
  expect(score.bytes).toEqual(file);
});
