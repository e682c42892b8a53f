import { expect, test } from "bun:test";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

const BAR = 1920;
const KICK = 36;
const SNARE = 38;
const HAT = 42;
const TOMS = [50, 48, 45];

/** Strikes a piece where the pattern has an x: one character a sixteenth. */
function strike(track: TrackBuilder, bar: number, pitch: number, pattern: string): void {
  for (const [cell, mark] of [...pattern].entries()) if (mark === "x") track.note(bar * BAR + cell * 120, 60, pitch);
}

function groove(bars: number, kick: string, snare: string, hat = "x.x.x.x.x.x.x.x.") {
  const track = midi().track().meter(0, 4, 4).tempo(0, 120).channel(9);
  for (let bar = 0; bar < bars; bar++) {
    strike(track, bar, KICK, kick);
    strike(track, bar, SNARE, snare);
    strike(track, bar, HAT, hat);
  }
  return track;
}

test("drums counts the pieces of the kit by name", () => {
  const said = featuresOf(groove(8, "x.......x.......", "....x.......x...")).drums!;
  expect(said.pieces).toEqual([
    { pitch: 42, name: "Closed Hi Hat", count: 64 },
    { pitch: 36, name: "Bass Drum 1", count: 16 },
    { pitch: 38, name: "Acoustic Snare", count: 16 },
  ]);
});

test("drums draws the commonest bar of kick and snare", () => {
  const track = groove(8, "x.....x.x.......", "....x.......x...");
  strike(track, 8, KICK, "x...............");
  expect(featuresOf(track).drums!.pattern).toEqual({
    kick: "x.....x.x.......",
    snare: "....x.......x...",
    bars: 8,
    share: 0.889,
  });
});

test("drums takes the only bar of a loop for its pattern, and no lone bar of a song", () => {
  const kick = "x.....x.x.......";
  const snare = "....x.......x...";
  expect(featuresOf(groove(1, kick, snare).end(BAR)).drums).toMatchObject({
    pattern: { kick, snare, bars: 1, share: 1 },
    timeFeel: "normal",
  });
  const song = groove(1, kick, snare);
  for (let i = 0; i < 32; i++) song.note(i * 480, 480, 60 + (i % 7), { channel: 0 });
  expect(featuresOf(song).drums).toMatchObject({ pattern: null, timeFeel: null });
});

test("drums tells the time feel by the snare", () => {
  const feel = (snare: string) => featuresOf(groove(8, "x.......x.......", snare)).drums!.timeFeel;
  expect(feel("....x.......x...")).toBe("normal");
  expect(feel("........x.......")).toBe("half");
  expect(feel("..x...x...x...x.")).toBe("double");
  expect(feel("................")).toBeNull();
});

test("drums finds the bars that fill", () => {
  const track = groove(16, "x.......x.......", "....x.......x...");
  for (const bar of [7, 15])
    for (const [i, tom] of [...TOMS, ...TOMS].entries()) track.note(bar * BAR + 1200 + i * 120, 60, tom);
  expect(featuresOf(track).drums).toMatchObject({ fills: 2, fillBars: [8, 16] });
});

test("drums takes many bars of toms in a row for a groove, not for fills", () => {
  const track = groove(16, "x.......x.......", "....x.......x...");
  for (const bar of [3, 6, 7, 10, 11, 12, 13])
    for (const [i, tom] of TOMS.entries()) track.note(bar * BAR + 1200 + i * 120, 60, tom);
  expect(featuresOf(track).drums!.fillBars).toEqual([4, 7, 8]);
});

test("drums tells straight from shuffled", () => {
  expect(featuresOf(groove(8, "x.......x.......", "....x.......x...")).drums!.subdivision).toBe("straight");
  const shuffle = groove(8, "x.......x.......", "....x.......x...", "x...x...x...x...");
  for (let beat = 0; beat < 32; beat++) shuffle.note(beat * 480 + 320, 60, HAT);
  expect(featuresOf(shuffle).drums!.subdivision).toBe("shuffle");
  for (let beat = 0; beat < 32; beat++) shuffle.note(beat * 480 + 160, 60, HAT);
  expect(featuresOf(shuffle).drums!.subdivision).toBe("triplet");
});

test("drums says nothing of a file without a kit, whatever its pitches", () => {
  expect(featuresOf(midi().track().note(0, 480, 36).note(480, 480, 38)).drums).toBeNull();
});

test("drums gives no pattern where no bar is common, and none without the kick of a kit that plays it", () => {
  const track = midi().track().meter(0, 4, 4).tempo(0, 120).channel(9);
  for (let bar = 0; bar < 12; bar++) {
    const kick = [...Array(16).keys()].map((cell) => (cell === bar || cell === (bar * 5) % 16 ? "x" : ".")).join("");
    strike(track, bar, KICK, bar < 11 ? kick : "x...............");
    strike(track, bar, HAT, "x.x.x.x.x.x.x.x.");
  }
  expect(featuresOf(track).drums!.pattern).toBeNull();
  const snares = midi().track().meter(0, 4, 4).tempo(0, 120).channel(9);
  for (let bar = 0; bar < 10; bar++) {
    strike(snares, bar, SNARE, "....x.......x...");
    if (bar % 3 === 0) strike(snares, bar, KICK, "x.......x.......");
  }
  expect(featuresOf(snares).drums!.pattern).toMatchObject({ kick: "x.......x.......", bars: 4, share: 0.4 });
});

/** Four bars of a loop on channel 1, as many programs write a clip. */
function clip(pitches = [KICK, SNARE, HAT]) {
  const track = midi().track().meter(0, 4, 4).tempo(0, 124).channel(0);
  for (let bar = 0; bar < 4; bar++) {
    strike(track, bar, pitches[0]!, "x...x...x...x...");
    strike(track, bar, pitches[1]!, "....x.......x...");
    strike(track, bar, pitches[2]!, "..x...x...x...x.");
  }
  return track;
}

test("drums are heard on channel 1 where a clip says nothing and sounds like a kit", () => {
  const said = featuresOf(clip());
  expect(said.drums).toMatchObject({ confidence: 0.9, notes: 40, pattern: { kick: "x...x...x...x..." } });
  expect(said.tracks).toMatchObject([{ drum: true, role: "drums", family: "drums" }]);
  expect(said.key).toBeNull();
  expect(featuresOf(groove(4, "x.......x.......", "....x.......x...")).drums!.confidence).toBe(1);
});

test("drums are not heard in a bass line, in chords, with a program or beside other voices", () => {
  expect(featuresOf(clip([KICK, SNARE, 41])).drums).toBeNull();
  expect(featuresOf(clip([60, 64, 67])).drums).toBeNull();
  expect(featuresOf(clip().program(0, 33)).drums).toBeNull();
  expect(featuresOf(clip().track().channel(1).note(0, 480, 60)).drums).toBeNull();
});
