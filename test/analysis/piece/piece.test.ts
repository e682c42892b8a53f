import { expect, test } from "bun:test";
import fc from "fast-check";
import { midi } from "../../support/midi-builder.ts";
import { pieceOf } from "../../support/piece-of.ts";

test("material orders the notes of all tracks by start, then pitch, then file order", () => {
  const rows = fc.array(
    fc.record({
      track: fc.integer({ min: 0, max: 3 }),
      start: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 5_000_000 })),
      length: fc.integer({ min: 1, max: 100 }),
      pitch: fc.integer({ min: 0, max: 127 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(rows, (notes) => {
      const file = midi({ division: 96 });
      for (let t = 0; t < 4; t++) {
        const track = file.track().channel(t);
        for (const note of notes) if (note.track === t) track.note(note.start, note.length, note.pitch);
      }
      const m = pieceOf(file);
      const { startTick, pitch } = m.score.notes;
      const order = Array.from({ length: m.count }, (_, i) => i);
      order.sort((a, b) => startTick[a]! - startTick[b]! || pitch[a]! - pitch[b]! || a - b);
      expect([...m.startTick]).toEqual(order.map((n) => startTick[n]!));
      expect([...m.pitch]).toEqual(order.map((n) => pitch[n]!));
      for (let i = 0; i < m.count; i++) expect(m.endSeconds[i]).toBeCloseTo(m.time.secondsAt(m.endTick[i]!), 12);
    }),
    { numRuns: 60 },
  );
});

test("material gives seconds through every tempo change", () => {
  const file = midi({ division: 100 }).track().tempo(0, 60).tempo(100, 120).tempo(200, 240);
  file.note(0, 300, 60).note(50, 10, 62).note(150, 100, 64).note(300, 100, 65);
  const m = pieceOf(file);
  expect([...m.startSeconds]).toEqual([0, 0.5, 1.25, 1.75]);
  expect([...m.endSeconds]).toEqual([1.75, 0.6, 1.625, 2]);
});

test("material names every track and channel with notes as a voice", () => {
  const file = midi().track().program(0, 5).track().channel(3).note(0, 10, 60).note(0, 10, 40, { channel: 9 });
  const m = pieceOf(file.track().port(0, 2).channel(9).note(5, 10, 36));
  expect(m.voices).toEqual([
    { track: 1, channel: 3, port: 0, drum: false, notes: 1 },
    { track: 1, channel: 9, port: 0, drum: true, notes: 1 },
    { track: 2, channel: 9, port: 2, drum: true, notes: 1 },
  ]);
  expect([...m.voice]).toEqual([1, 0, 2]);
  expect([...m.pitched]).toEqual([1]);
  expect([...m.drums]).toEqual([0, 2]);
});

test("a declared MPE zone is one voice and no drum kit", () => {
  const file = midi().track().controller(0, 101, 0).controller(0, 100, 6).controller(0, 6, 15).program(0, 48);
  for (let n = 0; n < 15; n++) file.note(n * 100, 90, 60 + n, { channel: 1 + n });
  const piece = pieceOf(file.track().port(0, 1).note(0, 10, 36, { channel: 9 }));
  expect(piece.voices).toEqual([
    { track: 0, channel: 0, port: 0, drum: false, notes: 15 },
    { track: 1, channel: 9, port: 1, drum: true, notes: 1 },
  ]);
  expect(piece.drums).toHaveLength(1);
});

const GS_RESET = [0x41, 0x10, 0x42, 0x12, 0x40, 0x00, 0x7f, 0x00, 0x41];
/** GS "Use for rhythm part" of a part block: 0 off, 1 and 2 a drum map. */
const gsRhythm = (block: number, map: number) => {
  const data = [0x40, 0x10 | block, 0x15, map];
  return [0x41, 0x10, 0x42, 0x12, ...data, (128 - (data.reduce((a, b) => a + b) % 128)) % 128];
};
const xgPartMode = (part: number, mode: number) => [0x43, 0x10, 0x4c, 0x08, part, 0x07, mode];

/** Channels of a file with one note on each that count as drums. */
function drumsOf(setUp: (track: ReturnType<ReturnType<typeof midi>["track"]>) => void): number[] {
  const track = midi().track();
  setUp(track);
  for (let channel = 0; channel < 16; channel++) track.note(10, 10, 40, { channel });
  return pieceOf(track)
    .voices.filter((voice) => voice.drum)
    .map((voice) => voice.channel);
}

test("drum channels: channel 10 without any set-up", () => {
  expect(drumsOf(() => {})).toEqual([9]);
});

test("drum channels: GS rhythm parts, numbered 10, 1 to 9, 11 to 16", () => {
  expect(drumsOf((t) => t.sysex(0, GS_RESET).sysex(0, gsRhythm(0xa, 2)).sysex(0, gsRhythm(1, 1)))).toEqual([0, 9, 10]);
  expect(drumsOf((t) => t.sysex(0, gsRhythm(0, 0)))).toEqual([]);
});

test("drum channels: XG part mode", () => {
  expect(drumsOf((t) => t.sysex(0, xgPartMode(4, 2)).sysex(0, xgPartMode(9, 0)))).toEqual([4]);
});

test("drum channels: XG and GM2 banks, but not the MT-32 map of a GS file", () => {
  expect(drumsOf((t) => t.bank(0, 127, 0, 2).program(0, 0, 2).bank(0, 126, 0, 3).bank(0, 120, 0, 5))).toEqual([
    2, 3, 5, 9,
  ]);
  expect(drumsOf((t) => t.bank(0, 121, 0, 9))).toEqual([]);
  expect(drumsOf((t) => t.sysex(0, GS_RESET).bank(0, 127, 0, 2))).toEqual([9]);
});

test("drum channels: a bank set after the first note says nothing about it", () => {
  expect(drumsOf((t) => t.bank(20, 127, 0, 2))).toEqual([9]);
});
