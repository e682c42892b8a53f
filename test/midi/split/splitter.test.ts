import { expect, test } from "bun:test";
import { createReader } from "../../../lib/midi/read/reader.ts";
import { CannotSplit } from "../../../lib/midi/split/cannot-split.ts";
import type { Part } from "../../../lib/midi/split/part.ts";
import { type SplitOptions, splitScore } from "../../../lib/midi/split/splitter.ts";
import { mtrk, smf } from "../../support/hex.ts";
import { midi } from "../../support/midi-builder.ts";
import { readSmf, type SmfEvent } from "./read-smf.ts";

const partsOf = (bytes: Uint8Array, options: SplitOptions = {}): readonly Part[] =>
  splitScore(createReader({ events: true }).read(bytes), options);
const text = (bytes: Uint8Array | null) => (bytes ? new TextDecoder().decode(bytes) : null);
const chunks = (part: Part) => readSmf(part.bytes).tracks;
/** "tick status data" of a part's own chunk, in hex but for the tick. */
const lines = (events: readonly SmfEvent[]) =>
  events.map((event) => `${event.tick} ${event.status.toString(16)} ${Uint8Array.from(event.data).toHex()}`);
const metas = (part: Part, type: number) =>
  chunks(part).map((events) =>
    events
      .filter((e) => e.status === 0xff && e.data[0] === type)
      .map((e) => `${e.tick} ${text(Uint8Array.from(e.data.slice(1)))}`),
  );

test("splitScore: a format 0 file on sixteen channels becomes sixteen parts", () => {
  const track = midi({ format: 0 }).track("Song");
  for (let channel = 0; channel < 16; channel++)
    track
      .channel(channel)
      .program(0, channel)
      .note(channel, 10, 60 + channel);
  const parts = partsOf(track.bytes());
  expect(parts.map((part) => [part.channel, part.program, part.noteCount, part.lowestPitch, part.drum])).toEqual(
    Array.from({ length: 16 }, (_, n) => [n, n, 1, 60 + n, n === 9]),
  );
  expect(parts.map((part) => metas(part, 0x03))).toEqual(Array(16).fill([["0 Song"], []]));
  expect(parts.every((part) => part.name === null)).toBe(true);
});

test("splitScore: a conductor with hundreds of tempi moves no note", () => {
  const file = midi().track("Conductor");
  for (let n = 0; n < 400; n++) file.tempo(n * 30, 60 + (n % 90));
  file.track("Bass").note(0, 100, 40).track("Lead").note(4800, 100, 70);
  const parts = partsOf(file.bytes());
  for (const part of parts) expect(chunks(part)[0]!.filter((event) => event.data[0] === 0x51)).toHaveLength(400);
  expect(lines(chunks(parts[0]!)[1]!).slice(1)).toEqual(["0 90 2850", "100 80 2840"]);
  expect(lines(chunks(parts[1]!)[1]!).slice(1)).toEqual(["4800 90 4650", "4900 80 4640"]);
});

test("splitScore: what another track sets for a channel is in the part, in playing order", () => {
  const file = midi()
    .track("Set-up")
    .bank(0, 1, 2, 3)
    .program(0, 44, 3)
    .controller(50, 7, 90, 3)
    .sysex(0, [0x7e, 0x7f, 9, 1])
    .track("Strings")
    .channel(3)
    .controller(0, 10, 5)
    .note(0, 100, 60)
    .track("Other")
    .channel(4)
    .note(0, 100, 60);
  const [strings, other] = partsOf(file.bytes());
  expect(lines(chunks(strings!)[1]!)).toEqual([
    "0 b3 0001",
    "0 b3 2002",
    "0 c3 2c",
    "0 f0 7e7f0901f7",
    "0 ff 03537472696e6773",
    "0 b3 0a05",
    "0 93 3c50",
    "50 b3 075a",
    "100 83 3c40",
  ]);
  expect(strings).toMatchObject({ program: 44, bank: 130, track: 1, channel: 3 });
  expect(lines(chunks(other!)[1]!)).toEqual(["0 f0 7e7f0901f7", "0 ff 034f74686572", "0 94 3c50", "100 84 3c40"]);
});

test("splitScore: two tracks on one channel are two parts by track, one by channel", () => {
  const file = midi()
    .track("Left")
    .program(0, 5)
    .note(0, 10, 40)
    .track("Right")
    .note(0, 10, 70)
    .program(5, 6)
    .track("Drums")
    .channel(9)
    .note(0, 10, 36)
    .note(10, 10, 38);
  expect(partsOf(file.bytes()).map((part) => text(part.name))).toEqual(["Left", "Right", "Drums"]);
  const byChannel = partsOf(file.bytes(), { by: "channel" });
  expect(byChannel.map((part) => [part.channel, part.noteCount, text(part.name)])).toEqual([
    [0, 2, "Left"],
    [9, 2, "Drums"],
  ]);
  expect(lines(chunks(byChannel[0]!)[1]!).filter((line) => !line.includes("ff"))).toEqual([
    "0 c0 05",
    "0 90 2850",
    "0 90 4650",
    "5 c0 06",
    "10 80 2840",
    "10 80 4640",
  ]);
  const byNote = partsOf(file.bytes(), { drumsByNote: true });
  expect(byNote.map((part) => part.key)).toEqual([null, null, 36, 38]);
});

test("splitScore: a track on several channels stays whole by track and is split by default", () => {
  const file = midi()
    .track("Both")
    .note(0, 10, 60)
    .note(0, 10, 64, { channel: 1 })
    .track("Bass")
    .channel(2)
    .note(0, 10, 30);
  expect(partsOf(file.bytes(), { by: "track" }).map((part) => [part.channel, part.noteCount])).toEqual([
    [null, 2],
    [2, 1],
  ]);
  expect(partsOf(file.bytes()).map((part) => [part.track, part.channel])).toEqual([
    [0, 0],
    [0, 1],
    [1, 2],
  ]);
});

test("splitScore: one sounding channel, or none, is a single", () => {
  expect(splitScore(createReader({ events: true }).read(midi().track().note(0, 10, 60).bytes()))).toEqual([]);
  expect(splitScore(createReader({ events: true }).read(midi().track().tempo(0, 90).bytes()))).toEqual([]);
});

test("splitScore: title and copyright are everywhere, a track's name and lyrics only with it", () => {
  const file = midi()
    .track("Title")
    .text(0, 0x02, "(c)")
    .text(0, 0x06, "Verse")
    .text(0, 0x01, "by hand")
    .track("Words")
    .text(0, 0x05, "la")
    .text(10, 0x05, "li")
    .track("Voice")
    .note(0, 20, 60)
    .track("Piano")
    .channel(1)
    .text(0, 0x05, "hm")
    .note(0, 20, 50);
  const [voice, piano] = partsOf(file.bytes());
  for (const part of [voice!, piano!]) {
    expect(metas(part, 0x02)[0]).toEqual(["0 (c)"]);
    expect(metas(part, 0x06)[0]).toEqual(["0 Verse"]);
  }
  // The texts of silent tracks go with the first part: the conductor's in its chunk, others in chunks of their own.
  expect(metas(voice!, 0x03)).toEqual([["0 Title"], ["0 Voice"], ["0 Words"]]);
  expect(metas(voice!, 0x01)).toEqual([["0 by hand"], [], []]);
  expect(metas(voice!, 0x05)).toEqual([[], [], ["0 la", "10 li"]]);
  expect(metas(piano!, 0x03)).toEqual([["0 Title"], ["0 Piano"]]);
  expect(metas(piano!, 0x05)).toEqual([[], ["0 hm"]]);
});

test("splitScore: without a conductor the first track's name is its own, and the title of the others", () => {
  const parts = partsOf(midi().track("Right").note(0, 9, 70).track("Left").note(0, 9, 40).bytes());
  expect(parts.map((part) => metas(part, 0x03))).toEqual([
    [[], ["0 Right"]],
    [["0 Right"], ["0 Left"]],
  ]);
});

test("splitScore: names behind a channel prefix go with that channel", () => {
  const file = midi({ format: 0 }).track("Song");
  file.meta(0, 0x20, [1]).text(0, 0x04, "Flute").meta(0, 0x20, [0]).text(0, 0x04, "Harp");
  const parts = partsOf(file.note(0, 9, 60).note(0, 9, 72, { channel: 1 }).bytes());
  expect(parts.map((part) => metas(part, 0x04)[1])).toEqual([["0 Harp"], ["0 Flute"]]);
  expect(parts.map((part) => metas(part, 0x20)[1])).toEqual([["0 \0"], ["0 \x01"]]);
});

test("splitScore: channels of different ports do not meet", () => {
  const file = midi()
    .track("A")
    .port(0, 0)
    .program(0, 1)
    .note(0, 9, 60)
    .track("B")
    .program(0, 2)
    .port(0, 1)
    .note(0, 9, 60)
    .track("C")
    .port(0, 1)
    .controller(5, 7, 3)
    .note(0, 9, 61);
  const parts = partsOf(file.bytes());
  expect(parts.map((part) => [part.port, part.program])).toEqual([
    [0, 1],
    [1, 2],
    [1, 2],
  ]);
  expect(lines(chunks(parts[2]!)[1]!)).toEqual([
    "0 ff 2101",
    "0 c0 02",
    "0 ff 0343",
    "0 90 3d50",
    "5 b0 0703",
    "9 80 3d40",
  ]);
});

test("splitScore: the sequences of a format 2 file keep their own tempo and length", () => {
  const file = midi({ format: 2 }).track("A").tempo(0, 60).program(0, 7).note(0, 10, 60).end(100);
  file.track("B").tempo(5, 90).note(0, 10, 62).end(200);
  const parts = partsOf(file.bytes());
  expect(parts.map((part) => part.program)).toEqual([7, null]);
  expect(parts.map((part) => readSmf(part.bytes).endTicks)).toEqual([
    [100, 100],
    [200, 200],
  ]);
  expect(
    parts.map((part) =>
      chunks(part)[0]!
        .filter((e) => e.data[0] === 0x51)
        .map((e) => e.tick),
    ),
  ).toEqual([[0], [5]]);
});

test("splitScore: a gap that no delta time spans is bridged", () => {
  const long = mtrk(`00 90 3c 40 ff ff ff 7f c0 01 ff ff ff 7f c0 02 ff ff ff 7f 80 3c 40 00 ff 2f 00`);
  const other = mtrk(`00 91 3c 40 60 81 3c 40 00 ff 2f 00`);
  const parts = partsOf(smf([long, other]));
  expect(parts.map((part) => readSmf(part.bytes).endTicks)).toEqual([
    [0x2ffffffd, 0x2ffffffd],
    [0x2ffffffd, 0x2ffffffd],
  ]);
});

test("splitScore: what the reader repairs is sound in the parts", () => {
  const malformed = mtrk(`
    00 ff 51 04 07 a1 20 00   # tempo of four bytes
    00 ff 58 02 03 02         # meter of two
    00 ff 59 02 0f 00         # fifteen sharps
    00 ff 03 01 "A"
    00 90 bc 40               # data byte above 127
    60 3c 00
    00 91 40 40 60 40 00`); // no End of Track
  const parts = partsOf(smf([malformed]));
  expect(parts).toHaveLength(2);
  for (const part of parts) expect(lines(chunks(part)[0]!)).toEqual(["0 ff 5107a120", "0 ff 5803021808", "0 ff 0341"]);
  expect(lines(chunks(parts[0]!)[1]!)).toEqual(["0 90 3c40", "96 90 3c00"]);
});

test("splitScore refuses parts that together would be too large", () => {
  const file = midi().track().sysex(0, Array(1000).fill(1)).note(0, 9, 60).track().channel(1).note(0, 9, 60);
  const score = createReader({ events: true }).read(file.bytes());
  expect(() => splitScore(score, { maxBytes: 1500 })).toThrow(CannotSplit);
  expect(() => splitScore(score, { maxBytes: 1500 })).toThrow(
    /^Cannot split: parts of \d+ bytes in all, expected at most 1500$/,
  );
  expect(splitScore(score, { maxBytes: 3000 })).toHaveLength(2);
});

test("splitScore: a declared MPE zone is one part, each note on its own channel", () => {
  const file = midi().track("Keys").controller(0, 101, 0).controller(0, 100, 6).controller(0, 6, 14).program(0, 48);
  file.note(0, 90, 60, { channel: 1 }).bend(10, 99, 1).note(50, 90, 64, { channel: 9 }).bend(60, -99, 9);
  const alone = file.bytes();
  const parts = partsOf(file.track("Bass").port(0, 1).note(0, 90, 36).bytes());
  expect(parts.map(({ channel, program, noteCount, drum }) => [channel, program, noteCount, drum])).toEqual([
    [0, 48, 2, false],
    [0, null, 1, false],
  ]);
  const own = readSmf(parts[0]!.bytes).tracks[1]!.filter((event) => event.status < 0xf0);
  expect(own.map(({ tick, status }) => `${tick} ${status.toString(16)}`)).toEqual(
    "0 b0,0 b0,0 b0,0 c0,0 91,10 e1,50 99,60 e9,90 81,140 89".split(","),
  );
  expect(partsOf(alone)).toEqual([]);
});
