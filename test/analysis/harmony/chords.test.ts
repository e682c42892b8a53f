import { expect, test } from "bun:test";
import fc from "fast-check";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { CHORD_TYPES } from "../../../lib/music/chord-types.ts";
import { analyze } from "../../support/analyze.ts";
import { midi } from "../../support/midi-builder.ts";

const QUARTER = 480;
const BAR = 4 * QUARTER;
const PITCH_CLASS: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const DEGREES = ["1", "b2", "2", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7"];

/** Chords of one bar each, every chord a list of pitches. */
function play(...chords: number[][]) {
  const track = midi({ division: QUARTER }).track().meter(0, 4, 4);
  chords.forEach((pitches, bar) => {
    for (const pitch of pitches) track.note(bar * BAR, BAR, pitch);
  });
  return analyze(readMidi(track.bytes()));
}

const labels = (...chords: number[][]) => play(...chords).chords?.map((chord) => chord.label);

/** "Eb:min7/b3" as pitch class of the root, type, pitch class of the bass. */
function heard(label: string): [root: number, type: string, bass: number] {
  const [name = "", degree = "1"] = label.split("/");
  const [root = "", type = ""] = name.split(":");
  const pc = PITCH_CLASS[root[0]!]! + root.split("#").length - root.split("b").length;
  return [(pc + 12) % 12, type, (pc + 12 + DEGREES.indexOf(degree)) % 12];
}

/** A type on a root, any of its notes in the bass, each of the others in one or two octaves above it, doubled at will. */
const voicing = (types: readonly string[]) =>
  fc
    .record({
      type: fc.constantFrom(...types),
      root: fc.integer({ min: 0, max: 11 }),
      seed: fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
    })
    .map(({ type, root, seed }) => {
      const intervals = CHORD_TYPES.find((t) => t.name === type)!.intervals;
      const bass = (root + intervals[seed[0]! % intervals.length]!) % 12;
      const upper = intervals.flatMap((interval, i) => {
        const pc = (root + interval) % 12;
        const octaves = pc === bass ? (seed[i + 1]! % 3) - 1 : 1 + (seed[i + 1]! % 2);
        return Array.from({ length: Math.max(0, octaves) }, (_, k) => 48 + pc + 12 * ((seed[i + 5]! + k) % 4));
      });
      return { type, root, bass, pitches: [36 + bass, ...new Set(upper)] };
    });

const named = (types: readonly string[]) =>
  fc.property(voicing(types), ({ type, root, bass, pitches }) => {
    const said = labels(pitches);
    expect(said?.length).toBe(1);
    expect(heard(said![0]!)).toEqual([root, type, bass]);
  });

test("every major and minor triad is named in every inversion and voicing", () => {
  fc.assert(named(["maj", "min", "dim"]), { numRuns: 600 });
});

test("every major, minor and dominant seventh is named in every inversion and voicing", () => {
  fc.assert(named(["maj7", "min7", "7"]), { numRuns: 600 });
});

test("half-diminished and minor-major sevenths are named in every inversion and voicing", () => {
  fc.assert(named(["hdim7", "minmaj7"]), { numRuns: 300 });
});

test("chords that are their own inversions take the bass as root", () => {
  expect(labels([51, 54, 57, 60])).toEqual(["Eb:dim7"]);
  expect(labels([44, 48, 52])).toEqual(["Ab:aug"]);
});

test("suspended chords, sixths and ninths", () => {
  expect(labels([48, 60, 65, 67])).toEqual(["C:sus4"]);
  expect(labels([48, 60, 62, 67])).toEqual(["C:sus2"]);
  expect(labels([43, 60, 62, 65, 67])).toEqual(["G:sus4(b7)"]);
  expect(labels([36, 52, 58, 62, 67])).toEqual(["C:9"]);
  expect(labels([48, 52, 55], [48, 52, 55, 57], [41, 48, 57])![0]).toMatch(/^C:maj/);
});

test("on one root a chord ends where its seventh or its bass changes with the bar", () => {
  expect(labels([48, 64, 67], [48, 64, 67], [48, 64, 67, 70], [40, 60, 67])).toEqual(["C:maj", "C:7", "C:maj/3"]);
  expect(labels([48, 64, 67], [48, 55], [48, 64, 67])).toEqual(["C:maj"]);
});

test("a fifth without third and a single note are no triads, a bare note alone no chord", () => {
  expect(labels([40, 47, 52])).toEqual(["E:5"]);
  const said = play([41, 53], [40, 44, 47]);
  expect(said.chords!.map((chord) => chord.label)).toEqual(["F:1", "E:maj"]);
  expect(said.progression).toMatchObject({ chordsPerMinute: 30, vocabulary: [{ label: "E:maj", share: 1 }] });
  expect(play([40, 52]).chords).toBeNull();
});

test("no chord where nothing tonal sounds: clusters, the chromatic scale", () => {
  const from = (pitch: number, count: number) => Array.from({ length: count }, (_, i) => pitch + i);
  expect(play(from(48, 12), from(50, 24)).chords).toBeNull();
  expect(labels([48, 52, 55], from(48, 6), [48, 52, 55])).toEqual(["C:maj", "N", "C:maj"]);
  const scale = midi({ division: QUARTER }).track();
  for (let i = 0; i < 96; i++) scale.note((i * QUARTER) / 2, QUARTER / 2, 48 + (i % 24));
  expect(analyze(readMidi(scale.bytes())).chords).toBeNull();
});

test("a broken chord is the chord, and a held note belongs to every chord it sounds in", () => {
  const track = midi({ division: QUARTER })
    .track()
    .note(0, 2 * BAR, 72)
    .note(0, BAR, 36)
    .note(BAR, BAR, 38);
  const broken = [48, 52, 55, 60, 64, 60, 55, 52, 50, 53, 57, 62, 65, 62, 57, 53];
  for (const [i, pitch] of broken.entries()) track.note((i * BAR) / 8, BAR / 8, pitch);
  const said = analyze(readMidi(track.bytes())).chords!;
  expect(said.map((chord) => chord.label)).toEqual(["C:maj", "D:min7"]);
});

test("start and end in ticks and seconds, without gaps, silence as N", () => {
  const track = midi({ division: QUARTER }).track();
  for (const pitch of [48, 52, 55]) track.note(0, BAR, pitch).note(3 * BAR, BAR, pitch + 5);
  const said = analyze(readMidi(track.bytes())).chords!;
  expect(
    said.map(({ label, startTick, endTick, startSeconds, endSeconds }) => [
      label,
      startTick,
      endTick,
      startSeconds,
      endSeconds,
    ]),
  ).toEqual([
    ["C:maj", 0, BAR, 0, 2],
    ["N", BAR, 3 * BAR, 2, 6],
    ["F:maj", 3 * BAR, 4 * BAR, 6, 8],
  ]);
});

test("chords are spelled in the key found, which a signature may spell anew", () => {
  const roots = (transpose: number, signature?: number) => {
    const track = midi({ division: QUARTER }).track().meter(0, 4, 4);
    if (signature !== undefined) track.meta(0, 0x59, [signature & 0xff, 0]);
    for (const [bar, [root, third]] of [
      ...[
        [0, 4],
        [5, 4],
        [7, 4],
        [9, 3],
        [2, 3],
        [7, 4],
        [4, 3],
        [0, 4],
      ], // I IV V vi ii V iii I
    ].entries())
      for (const interval of [0, third!, 7, 12]) track.note(bar * BAR, BAR, 48 + root! + interval + transpose);
    const { key, chords } = analyze(readMidi(track.bytes()));
    return `${key!.tonic}: ${chords!.map((chord) => chord.label.split(":")[0]).join(" ")}`;
  };
  expect(roots(1)).toBe("Db: Db Gb Ab Bb Eb Ab F Db");
  expect(roots(6)).toBe("F#: F# B C# D# G# C# A# F#");
  expect(roots(6, -6)).toBe("Gb: Gb Cb Db Eb Ab Db Bb Gb");
  expect(roots(11, -7)).toBe("Cb: Cb Fb Gb Ab Db Gb Eb Cb");
  expect(roots(10)).toBe("Bb: Bb Eb F G C F D Bb");
});

test("drums are no harmony", () => {
  const bytes = midi({ division: QUARTER })
    .track()
    .channel(9)
    .note(0, BAR, 36)
    .note(0, BAR, 40)
    .note(0, BAR, 43)
    .bytes();
  const said = analyze(readMidi(bytes));
  expect(said.chords).toBeNull();
  expect(said.progression).toBeNull();
});

test("Roman numerals follow the key, vocabulary and rate sum the chords up", () => {
  const said = play(
    [48, 64, 67, 72],
    [45, 60, 64, 69],
    [50, 60, 65, 69],
    [43, 59, 62, 65],
    [48, 60, 64, 67],
    [41, 60, 65, 69],
    [43, 62, 65, 71],
    [48, 60, 64, 67],
  );
  expect(said.key).toMatchObject({ tonic: "C", mode: "major" });
  expect(said.chords!.map((chord) => chord.roman)).toEqual(["I", "vi", "ii7", "V7", "I", "IV", "V7", "I"]);
  expect(said.progression).toMatchObject({ chordsPerMinute: 30, chordsPerBar: 1 });
  expect(said.progression!.vocabulary[0]).toEqual({ label: "C:maj", share: 0.375 });
});

test("a lone bass note after a chord leaves the chord in force; a longer one is a note without a numeral", () => {
  const said = (lone: number) => {
    const file = midi();
    const piano = file.track("Piano").meter(0, 4, 4);
    piano.chord(0, 1920, [57, 61, 64, 67]).note(1920, lone, 42);
    piano.chord(1920 + lone, 1920, [57, 61, 64, 67]).chord(3840 + lone, 1920, [50, 54, 57, 60]);
    return analyze(readMidi(file.bytes())).chords!.map(({ label, roman }) => [label, roman === null]);
  };
  expect(said(960)).toEqual([
    ["A:7", false],
    ["D:7", false],
  ]);
  expect(said(4 * 1920).map(([label]) => label)).toContain("F#:1");
  expect(said(4 * 1920).find(([label]) => label === "F#:1")).toEqual(["F#:1", true]);
});
