import { describe, expect, test } from "bun:test";
import { BadMidi } from "../../../lib/midi/read/bad-midi.ts";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { REPAIRS } from "../../../lib/midi/read/repairs.ts";
import { concat, hex, mtrk, smf } from "../../support/hex.ts";

const END = "00 FF 2F 00 # End of Track";
const NOTE = "00 90 3C 40  60 80 3C 00";
const TRACK = mtrk(`${NOTE} ${END}`);
const PLAIN = smf([TRACK]);

const seen = new Set<string>();
/** Repairs that have a test file of their own: settle-ends.test.ts. */
const ELSEWHERE = ["doubled-note-on", "all-notes-off", "note-off-in-other-track"];

/** The repairs of a file as `code` or `code x2`, its notes as [pitch, start, end]. */
function read(file: Uint8Array) {
  const score = readMidi(file);
  for (const { code } of score.repairs) seen.add(code);
  const { notes: n } = score;
  return {
    score,
    repairs: score.repairs.map(({ code, count }) => (count > 1 ? `${code} x${count}` : code)),
    notes: Array.from({ length: n.count }, (_, i) => [n.pitch[i]!, n.startTick[i]!, n.endTick[i]!]),
  };
}

const ONE = [[0x3c, 0, 0x60]];

describe("what wraps a file", () => {
  test("riff-wrapper: the data chunk of a RIFF RMID, whatever chunks follow it", () => {
    const size = PLAIN.length.toString(16).padStart(2, "0");
    const riff = concat(hex(`"RIFF" 00 00 00 00 "RMID" "data" ${size} 00 00 00`), PLAIN, hex('"LIST" 04000000 "INFO"'));
    expect(read(riff)).toMatchObject({ repairs: ["riff-wrapper"], notes: ONE });
  });

  test("riff-wrapper: a data chunk whose size lies is read to the end of the file", () => {
    const riff = concat(hex('"RIFF" FF FF FF 7F "RMID" "data" FF FF FF 7F'), PLAIN);
    expect(read(riff)).toMatchObject({ repairs: ["riff-wrapper"], notes: ONE });
  });

  test("macbinary-header: 128 bytes before the file, padding and resource fork behind it", () => {
    const front = new Uint8Array(128);
    front.set(hex('00 05 "a.mid"'));
    front.set([0, 0, 0, PLAIN.length], 83);
    const file = concat(front, PLAIN, new Uint8Array(40).fill(0x4d));
    expect(read(file)).toMatchObject({ repairs: ["macbinary-header"], notes: ONE });
  });

  test("http-header: a saved response", () => {
    const file = concat(new TextEncoder().encode("HTTP/1.0 200 OK\r\nContent-Length: 40\r\n\r\n"), PLAIN);
    expect(read(file)).toMatchObject({ repairs: ["http-header"], notes: ONE });
  });

  test("leading-bytes: a stray line, though it speaks of MThd", () => {
    const file = concat(new TextEncoder().encode("the MThd header follows\r\n"), PLAIN);
    expect(read(file)).toMatchObject({ repairs: ["leading-bytes"], notes: ONE });
  });
});

describe("the header", () => {
  test("missing-header: bare tracks, 480 ticks a quarter", () => {
    const { score, repairs, notes } = read(concat(TRACK, TRACK));
    expect(repairs).toEqual(["missing-header"]);
    expect(notes).toEqual([...ONE, ...ONE]);
    expect(score.division).toEqual({ kind: "metrical", ticksPerQuarter: 480 });
  });

  test("damaged-chunk-id: MT0d for MThd", () => {
    const file = concat(hex('"MT0d" 00000006 0000 0001 0078'), TRACK);
    const { score, repairs, notes } = read(file);
    expect([repairs, notes]).toEqual([["damaged-chunk-id"], ONE]);
    expect(score.division).toEqual({ kind: "metrical", ticksPerQuarter: 120 });
  });

  test("damaged-chunk-id: in the first of two files joined end to end", () => {
    const file = concat(hex('"MThx" 00000006 0001 0001 0060'), TRACK, PLAIN);
    expect(read(file)).toMatchObject({
      repairs: ["damaged-chunk-id", "second-header", "wrong-track-count"],
      notes: [...ONE, ...ONE],
    });
  });

  test("header-length: a longer header is skipped to its end", () => {
    const file = concat(hex('"MThd" 00000008 0001 0001 0060 FFFF'), TRACK);
    expect(read(file)).toMatchObject({ repairs: ["header-length"], notes: ONE });
  });

  test("header-length: a length that leads nowhere counts as 6", () => {
    for (const length of ["00000000", "00000005", "0000000A", "7FFFFFFF", "FFFFFFFF"]) {
      const file = concat(hex(`"MThd" ${length} 0001 0001 0060`), TRACK);
      expect(read(file)).toMatchObject({ repairs: ["header-length"], notes: ONE });
    }
  });

  test("header-length: 4 bytes, no division, the track follows", () => {
    const file = concat(hex('"MThd" 00000004 0001 0001'), TRACK);
    expect(read(file)).toMatchObject({ repairs: ["header-length", "zero-division"], notes: ONE });
  });

  test("unknown-format: 3 is read as 1", () => {
    const { score, repairs } = read(smf([TRACK, TRACK], { format: 3 }));
    expect([score.format, repairs]).toEqual([1, ["unknown-format"]]);
  });

  test("format-0-tracks: all tracks of a format 0 file are read", () => {
    expect(read(smf([TRACK, TRACK], { format: 0 }))).toMatchObject({
      repairs: ["format-0-tracks"],
      notes: [...ONE, ...ONE],
    });
  });

  test("zero-division: 480 ticks a quarter, or one tick a frame", () => {
    const none = read(smf([TRACK], { division: "0000" }));
    expect([none.repairs, none.score.division]).toEqual([
      ["zero-division"],
      { kind: "metrical", ticksPerQuarter: 480 },
    ]);
    const frame = read(smf([TRACK], { division: "E700" }));
    expect(frame.repairs).toEqual(["zero-division"]);
    expect(frame.score.division).toEqual({ kind: "smpte", framesPerSecond: 25, ticksPerFrame: 1 });
  });

  test("odd-smpte-rate: 60 frames a second", () => {
    const { score, repairs } = read(smf([TRACK], { division: "C404" }));
    expect(repairs).toEqual(["odd-smpte-rate"]);
    expect(score.division).toEqual({ kind: "smpte", framesPerSecond: 60, ticksPerFrame: 4 });
  });

  test("no-tracks: a header alone", () => {
    const { score, repairs } = read(hex('"MThd" 00000006 0001 0000 01E0'));
    expect([repairs, score.tracks, score.endTick]).toEqual([["no-tracks"], [], 0]);
  });

  test("no-tracks: 20 bytes that claim 65,535 tracks", () => {
    expect(read(hex('"MThd" 00000006 0001 FFFF 01E0 "MTrk" 7F FF')).repairs).toEqual(["trailing-bytes", "no-tracks"]);
  });
});

describe("chunks", () => {
  test("wrong-track-count: more tracks than the header says are read", () => {
    expect(read(smf([TRACK, TRACK], { tracks: 1 }))).toMatchObject({
      repairs: ["wrong-track-count"],
      notes: [...ONE, ...ONE],
    });
  });

  test("too-many-tracks: 65,535 are read", () => {
    const { score, repairs } = read(smf(Array(65_540).fill(mtrk(END)), { tracks: 65_535 }));
    expect([score.tracks.length, repairs]).toEqual([65_535, ["too-many-tracks"]]);
  });

  test("alien-chunk: skipped by its length", () => {
    const junk = hex('"JUNK" 00000004 "MTrk"');
    expect(read(concat(smf([junk, TRACK], { tracks: 1 })))).toMatchObject({ repairs: ["alien-chunk"], notes: ONE });
  });

  test("chunks of Yamaha's XF are no repair, and are found again", () => {
    const file = concat(PLAIN, hex('"XFIH" 00000001 00 "XFKM" 00000002 00 00'));
    const { score, repairs } = read(file);
    expect([repairs, score.xfChunks]).toEqual([
      [],
      [
        { id: "XFIH", startOffset: PLAIN.length + 8, endOffset: PLAIN.length + 9 },
        { id: "XFKM", startOffset: PLAIN.length + 17, endOffset: PLAIN.length + 19 },
      ],
    ]);
  });

  test("second-header: the tracks of files joined end to end are all read", () => {
    expect(read(concat(PLAIN, PLAIN))).toMatchObject({
      repairs: ["second-header", "wrong-track-count"],
      notes: [...ONE, ...ONE],
    });
  });

  test("damaged-chunk-id: MUrk for MTrk", () => {
    const damaged = TRACK.slice();
    damaged[1] = 0x55;
    expect(read(smf([damaged, TRACK]))).toMatchObject({ repairs: ["damaged-chunk-id"], notes: [...ONE, ...ONE] });
  });

  test("bytes-between-chunks: skipped to the next track", () => {
    expect(read(smf([TRACK, hex("00 00 00 00 00"), TRACK], { tracks: 2 }))).toMatchObject({
      repairs: ["bytes-between-chunks"],
      notes: [...ONE, ...ONE],
    });
  });

  test("overwritten-file: the end of a longer file behind all tracks that the header counts is no music", () => {
    const left = concat(hex("40 60 80 3C 00"), mtrk(`00 90 30 40 60 80 30 00 ${END}`).subarray(8));
    for (const tail of [[left], [left, TRACK], [hex("2F 00"), TRACK, TRACK], [hex("00 00"), TRACK]]) {
      expect(read(smf([TRACK, TRACK, ...tail], { tracks: 2 }))).toMatchObject({
        repairs: ["overwritten-file"],
        notes: [...ONE, ...ONE],
      });
    }
  });

  test("overwritten-file: chunks beyond the count are read up to it", () => {
    const file = smf([TRACK, TRACK, hex("3C 40"), TRACK], { tracks: 1 });
    expect(read(file)).toMatchObject({ repairs: ["overwritten-file", "wrong-track-count"], notes: [...ONE, ...ONE] });
  });

  test("bytes-between-chunks: one byte that brings a chunk to an even place is skipped, whatever the header counts", () => {
    const odd = mtrk(`${NOTE} 00 FF 01 00 ${END}`);
    const even = odd.length % 2 === 0 ? mtrk(`${NOTE} 00 FF 01 01 "x" ${END}`) : odd;
    expect(read(smf([even, hex("00"), TRACK], { tracks: 1 }))).toMatchObject({
      repairs: ["bytes-between-chunks", "wrong-track-count"],
      notes: [...ONE, ...ONE],
    });
  });

  test("missing-chunk-header: events with End of Track outside any chunk, where the header counts them", () => {
    expect(read(smf([TRACK, TRACK.subarray(8)]))).toMatchObject({
      repairs: ["missing-chunk-header"],
      notes: [...ONE, ...ONE],
    });
  });

  test("trailing-bytes: left out, down to the start of an id", () => {
    for (const tail of ["00", "1A 1A 1A 1A 1A 1A 1A 1A 1A", '"MTrk"', '"MTrk" 00 00']) {
      expect(read(concat(PLAIN, hex(tail)))).toMatchObject({ repairs: ["trailing-bytes"], notes: ONE });
    }
  });

  test("truncated-chunk: the events before the cut are read", () => {
    const { repairs, notes } = read(smf([mtrk(`${NOTE} 00 90 40 40 60 80 40 00 ${END}`)]).slice(0, 22 + 14));
    expect(repairs).toEqual(["truncated-chunk", "event-past-end", "missing-end-of-track"]);
    expect(notes).toEqual([...ONE, [0x40, 0x60, 0x60]]);
  });

  test("wrong-chunk-length: a length that swallows the next track", () => {
    for (const length of ["00000018", "00000020", "000FFFFF", "FFFFFFFF"]) {
      const first = concat(hex(`"MTrk" ${length}`), TRACK.subarray(8));
      expect(read(smf([first, TRACK]))).toMatchObject({
        repairs: ["wrong-chunk-length"],
        notes: [...ONE, ...ONE],
      });
    }
  });

  test("wrong-chunk-length: a length that ends at the next track but one", () => {
    const first = concat(hex(`"MTrk" ${(TRACK.length * 2 - 8).toString(16).padStart(8, "0")}`), TRACK.subarray(8));
    expect(read(smf([first, TRACK, TRACK]))).toMatchObject({
      repairs: ["wrong-chunk-length"],
      notes: [...ONE, ...ONE, ...ONE],
    });
  });

  test("wrong-chunk-length: a length that leaves events, in the middle of one or between two, or is 0", () => {
    for (const length of ["00000000", "00000004", "00000006", "00000008", "0000000A"]) {
      const first = concat(hex(`"MTrk" ${length}`), TRACK.subarray(8));
      expect(read(smf([first, TRACK]))).toMatchObject({
        repairs: ["wrong-chunk-length"],
        notes: [...ONE, ...ONE],
      });
    }
  });
});

describe("ends of tracks", () => {
  test("missing-end-of-track: the track ends with its last event", () => {
    const { score, repairs, notes } = read(smf([mtrk(NOTE), TRACK]));
    expect([repairs, notes]).toEqual([["missing-end-of-track"], [...ONE, ...ONE]]);
    expect(score.tracks[0]!.endTick).toBe(0x60);
  });

  test("events-after-end-of-track: read on inside the chunk", () => {
    const { score, repairs, notes } = read(smf([mtrk(`${NOTE} ${END}\n 00 90 40 40 60 80 40 00 ${END}`)]));
    expect(repairs).toEqual(["events-after-end-of-track"]);
    expect(notes).toEqual([...ONE, [0x40, 0x60, 0xc0]]);
    expect(score.endTick).toBe(0xc0);
  });

  test("bytes-after-end-of-track: padding inside the chunk", () => {
    expect(read(smf([mtrk(`${NOTE} ${END}\n 00 00 00 00`), TRACK]))).toMatchObject({
      repairs: ["bytes-after-end-of-track"],
      notes: [...ONE, ...ONE],
    });
  });

  test("event-past-end: a text that claims 256 MB", () => {
    expect(read(smf([mtrk(`${NOTE} 00 FF 01 FF FF FF 7F "x"`), TRACK]))).toMatchObject({
      repairs: ["event-past-end", "missing-end-of-track"],
      notes: [...ONE, ...ONE],
    });
  });
});

test("event-past-end: where the track goes on to its End of Track, reading goes on behind the wrong length", () => {
  expect(read(smf([mtrk(`00 FF 01 92 00 "text" 00 90 3C 40  60 80 3C 00 ${END}`), TRACK]))).toMatchObject({
    repairs: ["event-past-end", "data-without-status x4"],
    notes: [...ONE, ...ONE],
  });
});

describe("events", () => {
  test("long-varlen: a delta of 6 bytes", () => {
    expect(read(smf([mtrk(`80 80 80 80 80 05 90 3C 40 60 80 3C 00 ${END}`)]))).toMatchObject({
      repairs: ["long-varlen"],
      notes: [[0x3c, 5, 0x65]],
    });
  });

  test("long-varlen: a delta of more than 28 bits is none, the event behind its 4 bytes is read", () => {
    expect(read(smf([mtrk(`FF FF FF FF 90 3C 40 60 80 3C 00 ${END}`)]))).toMatchObject({
      repairs: ["long-varlen"],
      notes: ONE,
    });
  });

  test("negative-delta: the event stands where the one before does, later ones at their own ticks", () => {
    const minusOne = "8F FF FF FF 7F";
    expect(read(smf([mtrk(`00 90 3C 40 ${minusOne} 43 40 60 43 00 00 3C 00 ${END}`)]))).toMatchObject({
      repairs: ["negative-delta"],
      notes: [
        [0x3c, 0, 0x5f],
        [0x43, 0, 0x5f],
      ],
    });
    const minus20 = "8F FF FF FF 60";
    const { repairs, notes } = read(
      smf([mtrk(`40 90 3C 40 ${minus20} FF 01 01 "x" 08 90 40 40 ${minusOne} 80 3C 00 40 80 40 00 ${END}`)]),
    );
    expect(repairs).toEqual(["negative-delta x2"]);
    expect(notes).toEqual([
      [0x3c, 0x40, 0x40],
      [0x40, 0x40, 0x67],
    ]);
  });

  test("long-varlen: a delta of 5 bytes that is too large is 0, and swallowed whole", () => {
    expect(read(smf([mtrk(`87 FF FF FF 7F 90 3C 40 60 80 3C 00 ${END}`)]))).toMatchObject({
      repairs: ["long-varlen"],
      notes: ONE,
    });
  });

  test("long-varlen: the length of a text in 5 bytes", () => {
    expect(read(smf([mtrk(`00 FF 01 80 80 80 80 01 "x" ${NOTE} ${END}`)]))).toMatchObject({
      repairs: ["long-varlen"],
      notes: ONE,
    });
  });

  test("tick-overflow: time stands still at 2^31 - 1", () => {
    const { score, repairs } = read(smf([mtrk(`${"FF FF FF 7F B0 07 40 ".repeat(10)} ${END}`)]));
    expect(repairs).toEqual(["tick-overflow x2"]);
    expect(score.endTick).toBe(2 ** 31 - 1);
  });

  test("running-status-after-meta: the status before a meta or system exclusive goes on", () => {
    expect(
      read(smf([mtrk(`00 90 3C 40 00 FF 01 01 "x" 60 3C 00 00 F0 01 F7 00 40 40 01 40 00 ${END}`)])),
    ).toMatchObject({
      repairs: ["running-status-after-meta x2"],
      notes: [...ONE, [0x40, 0x60, 0x61]],
    });
  });

  test("data-without-status: passed over byte by byte until an event begins", () => {
    expect(read(smf([mtrk(`00 3C 40 3C ${NOTE} ${END}`)]))).toMatchObject({
      repairs: ["data-without-status x4"],
      notes: ONE,
    });
  });

  test("data-above-127: velocity and controllers at most 127, a pitch by its low bits", () => {
    const { score, repairs, notes } = read(smf([mtrk(`00 90 BC 80 60 80 3C 00 00 B0 07 C8 ${END}`)]));
    expect(repairs).toEqual(["data-above-127 x2"]);
    expect(notes).toEqual(ONE);
    expect([score.notes.velocity[0], score.controls.data2[0]]).toEqual([127, 127]);
  });

  test("system-message: skipped with its data", () => {
    const all = "00 F1 01  00 F2 01 02  00 F3 01  00 F4  00 F5  00 F6  00 F8  00 F9  00 FA  00 FB  00 FC  00 FD  00 FE";
    expect(read(smf([mtrk(`${all} ${NOTE} ${END}`)]))).toMatchObject({ repairs: ["system-message x13"], notes: ONE });
  });
});

describe("metas", () => {
  test("wrong-length-meta: read by its first bytes, a short one is not read", () => {
    const { score, repairs } = read(
      smf([mtrk(`00 FF 51 04 03 D0 90 00  00 FF 51 02 07 A1  00 FF 58 02 03 02  00 FF 59 03 01 01 00 ${END}`)]),
    );
    expect(repairs).toEqual(["wrong-length-meta x4"]);
    expect([...score.tempos.microsecondsPerQuarter]).toEqual([250_000]);
    expect([...score.meters.numerator, ...score.meters.denominator]).toEqual([3, 4]);
    expect([...score.keySignatures.fifths, ...score.keySignatures.minor]).toEqual([1, 1]);
  });

  test("wrong-length-meta: all metas to which the standard gives a form", () => {
    const wrong = "00 FF 00 01 05  00 FF 20 02 00 00  00 FF 21 00  00 FF 54 04 60 00 00 00";
    const right = "00 FF 00 00  00 FF 00 02 00 01  00 FF 20 01 00  00 FF 21 01 00  00 FF 54 05 60 00 00 40 33";
    expect(read(smf([mtrk(`${wrong} ${END}`)])).repairs).toEqual(["wrong-length-meta x4"]);
    expect(read(smf([mtrk(`${right} ${END}`)])).repairs).toEqual([]);
  });

  test("meta-above-127: named, as parts leave it out", () => {
    expect(read(smf([mtrk(`00 FF 80 01 05 ${NOTE} ${END}`)]))).toMatchObject({
      repairs: ["meta-above-127"],
      notes: ONE,
    });
  });

  test("zero-tempo, absurd-meter, absurd-key-signature: ignored", () => {
    const { score, repairs } = read(
      smf([
        mtrk(`00 FF 51 03 00 00 00
              00 FF 58 04 00 02 18 08  00 FF 58 04 04 08 18 08
              00 FF 59 02 08 00  00 FF 59 02 F8 00  00 FF 59 02 00 02 ${END}`),
      ]),
    );
    expect(repairs).toEqual(["zero-tempo", "absurd-meter x2", "absurd-key-signature x3"]);
    expect([score.tempos.count, score.meters.count, score.keySignatures.count, score.metas.count]).toEqual([
      0, 0, 0, 7,
    ]);
  });
});

test("every named repair is shown above", () => {
  expect([...seen, ...ELSEWHERE].sort()).toEqual(Object.keys(REPAIRS).sort());
});

test("BadMidi says in one line what stands where and what was expected", () => {
  const said = (bytes: Uint8Array) => {
    try {
      readMidi(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(BadMidi);
      return (error as Error).message;
    }
    return "read";
  };
  const text = (s: string) => new TextEncoder().encode(s);
  expect(said(new Uint8Array(0))).toBe("Cannot read MIDI: the file is empty, expected MThd");
  expect(said(new Uint8Array(300))).toBe("Cannot read MIDI: 300 zero bytes, expected MThd");
  expect(said(text("\r\n<html><body>MTrk</body></html>"))).toBe("Cannot read MIDI: an HTML page, expected MThd");
  expect(said(hex('"PK!!" 80 FF'))).toBe('Cannot read MIDI: 50 4B 21 21 "PK!!" at byte 0, expected MThd');
  expect(said(hex("01 05 16 07 00"))).toBe("Cannot read MIDI: 01 05 16 07 at byte 0, expected MThd");
  expect(said(text("SMF2CLIP...."))).toBe("Cannot read MIDI: a MIDI 2.0 clip file, expected MThd");
  expect(said(text("A poem about MThd"))).toBe("Cannot read MIDI: text, expected MThd");
  expect(said(hex('"RIFF" 00000000 "WAVEfmt "'))).toBe("Cannot read MIDI: a WAV file, expected MThd");
  expect(said(hex('"MThd" 00 00'))).toBe(
    "Cannot read MIDI: the file ends after 6 bytes, inside MThd, expected 14 bytes",
  );
  expect(said(concat(hex('"PK" 03 04'), PLAIN))).toBe("Cannot read MIDI: a ZIP archive, expected MThd");
  expect(said(concat(text("x"), hex('"MThd" 00000006 0000 0001 0060')))).toBe(
    "Cannot read MIDI: no MTrk chunk after the header, expected one",
  );
});
