import { expect, test } from "bun:test";
import { MOST_TRACKS } from "../../../lib/analysis/tracks/tracks.ts";
import { midi } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

const tracksOf = (built: Parameters<typeof featuresOf>[0]) => featuresOf(built).tracks;

test("tracks gives one row per sounding track and channel", () => {
  const file = midi().track("Song").tempo(0, 100).track("Horns").channel(0).program(0, 56).note(0, 480, 60);
  const rows = tracksOf(file.note(0, 480, 67, { velocity: 100 }).channel(1).program(0, 57).note(480, 480, 55));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({
    track: 1,
    channel: 0,
    port: 0,
    name: "Horns",
    program: 56,
    instrument: "Trumpet",
    family: "brass",
    drum: false,
    notes: 2,
    lowestPitch: 60,
    highestPitch: 67,
    meanPitch: 63.5,
    velocityMean: 90,
    firstTick: 0,
    lastEndTick: 480,
    soundingSeconds: 0.6,
    polyphonicShare: 1,
  });
  expect(rows[1]).toMatchObject({ channel: 1, instrument: "Trombone", notes: 1 });
});

test("tracks lists every program of a voice and names the one that sounds most", () => {
  const track = midi().track().program(0, 0).note(0, 10, 60).program(100, 40).note(100, 10, 60).note(200, 10, 62);
  const [row] = tracksOf(track.note(250, 10, 60).program(300, 0).note(300, 10, 60).program(400, 73));
  expect(row!.programs.map(({ program, firstTick, notes }) => [program, firstTick, notes])).toEqual([
    [0, 0, 2],
    [40, 100, 3],
  ]);
  expect(row).toMatchObject({ program: 40, instrument: "Violin" });
});

test("tracks finds programs and banks that another track sets", () => {
  const file = midi().track().bank(0, 8, 2, 4).program(0, 48, 4).track("Strings").note(0, 480, 60, { channel: 4 });
  expect(tracksOf(file)[0]).toMatchObject({ program: 48, bankMsb: 8, bankLsb: 2, instrument: "String Ensemble 1" });
});

test("tracks lets a bank wait for the next program change", () => {
  const track = midi().track().program(0, 5).bank(10, 3, 0).note(20, 10, 60).program(30, 5).note(30, 10, 60);
  const [row] = tracksOf(track);
  expect(row!.programs.map(({ bankMsb, notes }) => [bankMsb, notes])).toEqual([
    [null, 1],
    [3, 1],
  ]);
});

test("tracks keeps the channels of different ports apart", () => {
  const file = midi()
    .track()
    .port(0, 0)
    .program(0, 24)
    .note(0, 10, 60)
    .track()
    .port(0, 1)
    .program(0, 73)
    .note(0, 10, 60);
  expect(tracksOf(file).map(({ port, instrument }) => [port, instrument])).toEqual([
    [0, "Acoustic Guitar (nylon)"],
    [1, "Flute"],
  ]);
});

test("tracks says null for a program that was never set, and names drum kits", () => {
  const rows = tracksOf(midi().track().note(0, 10, 60).note(0, 10, 36, { channel: 9 }).program(0, 25, 9));
  expect(rows[0]).toMatchObject({ program: null, instrument: "Acoustic Grand Piano", family: "piano" });
  expect(rows[1]).toMatchObject({ program: 25, instrument: "Analog Kit", family: "drums", drum: true, role: "drums" });
});

/** A tune, block chords and a bass line of sixteen bars, without names. */
function band(names: readonly (string | undefined)[]) {
  const file = midi();
  const tune = file.track(names[0]).channel(0);
  const pads = file.track(names[1]).channel(1);
  const bass = file.track(names[2]).channel(2);
  for (let bar = 0; bar < 16; bar++) {
    const at = bar * 1920;
    for (let beat = 0; beat < 4; beat++) tune.note(at + beat * 480, 460, 67 + ((bar * 3 + beat * 2) % 9));
    pads.chord(at, 1900, [52, 55, 60, 64]);
    for (let beat = 0; beat < 2; beat++) bass.note(at + beat * 960, 900, 36 + ((bar + beat) % 5));
  }
  return file;
}

test("roles are told by the notes", () => {
  expect(tracksOf(band([])).map(({ role }) => role)).toEqual(["melody", "chords", "bass"]);
});

test("roles are not told of a note or two", () => {
  const file = midi().track().note(0, 480, 36).track().note(0, 480, 60).note(0, 480, 64).note(0, 480, 67);
  expect(tracksOf(file).map(({ role }) => role)).toEqual(["other", "other"]);
});

test("roles are told by the names first, with more confidence when the notes agree", () => {
  const [agreed] = tracksOf(band(["Lead Vocal"]));
  const [other] = tracksOf(band(["Rhythm Pad"]));
  expect(agreed).toMatchObject({ role: "melody", roleConfidence: 0.95 });
  expect(other).toMatchObject({ role: "chords", roleConfidence: 0.8 });
  expect(tracksOf(band([undefined, undefined, "Basse 2"]))[2]).toMatchObject({ role: "bass", roleConfidence: 0.95 });
});

test("tracks gives the rows with most notes of a file with very many", () => {
  const file = midi({ division: 96 });
  for (let t = 0; t < MOST_TRACKS + 10; t++) {
    const track = file.track();
    for (let n = 0; n <= (t < 10 ? 0 : 1); n++) track.note(n * 96, 96, 60);
  }
  const rows = tracksOf(file);
  expect(rows).toHaveLength(MOST_TRACKS);
  expect(rows[0]!.track).toBe(10);
});
