import { expect, test } from "bun:test";
import { MOST_BARS } from "../../../lib/analysis/structure/scratch.ts";
import { midi, type TrackBuilder } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

const BAR = 1920;

/** Bars of eighths over a chord a bar; a part is a list of chord roots and the figure above them. */
interface Part {
  readonly roots: readonly number[];
  readonly figure: readonly number[];
}
const VERSE: Part = { roots: [48, 45, 41, 43, 48, 45, 50, 43], figure: [0, 7, 12, 16, 12, 7, 12, 7] };
const CHORUS: Part = { roots: [53, 55, 52, 57, 53, 55, 48, 48], figure: [24, 23, 19, 16, 24, 19, 28, 24] };
const BRIDGE: Part = { roots: [44, 51, 46, 49, 44, 51, 46, 54], figure: [3, 6, 10, 15, 18, 15, 10, 6] };

function song(parts: readonly Part[], { velocity = 80, division = 480 } = {}): TrackBuilder {
  const track = midi({ division }).track().meter(0, 4, 4).tempo(0, 120);
  const eighth = division / 2;
  let at = 0;
  for (const { roots, figure } of parts)
    for (const root of roots) {
      track.note(at, 8 * eighth, root, { velocity });
      for (const [i, step] of figure.entries()) track.note(at + i * eighth, eighth, root + step + 12, { velocity });
      at += 8 * eighth;
    }
  return track;
}

/** Roots and figures in a track each, in this order. */
function split(parts: readonly Part[], order: readonly number[]): TrackBuilder {
  let track = midi().track().meter(0, 4, 4).tempo(0, 120);
  for (const which of order) {
    track = track.track().channel(which);
    let at = 0;
    for (const { roots, figure } of parts)
      for (const root of roots) {
        if (which === 0) track.note(at, BAR, root);
        else for (const [i, step] of figure.entries()) track.note(at + i * 240, 240, root + step + 12);
        at += BAR;
      }
  }
  return track;
}

const structureOf = (track: TrackBuilder) => featuresOf(track).structure!;

/** The label of each part of eight bars, from where it begins; sections begin there, whatever they are cut into. */
function labels({ sections }: ReturnType<typeof structureOf>): string[] {
  const parts = [];
  for (let bar = 1, part = sections[0]; part; bar += 8) {
    part = sections.find(({ startBar }) => startBar === bar);
    if (part) parts.push(part.label);
  }
  return parts;
}

test("structure labels sections that return alike", () => {
  const said = structureOf(song([VERSE, CHORUS, VERSE, CHORUS, BRIDGE, CHORUS]));
  const [a, b, c] = [labels(said)[0]!, labels(said)[1]!, labels(said)[4]!];
  expect(labels(said)).toEqual([a, b, a, b, c, b]);
  expect(new Set([a, b, c]).size).toBe(3);
  expect(said.form).toBe(said.sections.map(({ label }) => label).join(""));
  const second = said.sections.find(({ startBar }) => startBar === 9);
  expect(second).toMatchObject({ startTick: 8 * BAR, startSeconds: 16 });
});

test("structure gives a varied return, and one in another key, the same label", () => {
  const varied = { ...VERSE, figure: VERSE.figure.with(5, 9) };
  const again = structureOf(song([VERSE, CHORUS, varied, CHORUS]));
  expect(labels(again)).toEqual([0, 1, 0, 1].map((part) => labels(again)[part]!));
  expect(labels(again)[0]).not.toBe(labels(again)[1]);
  const raised = { ...CHORUS, roots: CHORUS.roots.map((root) => root + 2) };
  const moved = structureOf(song([VERSE, CHORUS, BRIDGE, raised]));
  expect(labels(moved)[3]).toBe(labels(moved)[1]!);
});

test("structure hears the same whatever the key, the division, the velocities and the order of tracks", () => {
  const parts = [VERSE, CHORUS, VERSE, CHORUS, BRIDGE, CHORUS];
  const up = (part: Part, by: number) => ({ ...part, roots: part.roots.map((root) => root + by) });
  const said = structureOf(song(parts));
  for (const by of [-5, 1, 7]) expect(structureOf(song(parts.map((part) => up(part, by)))).form).toBe(said.form);
  expect(structureOf(song(parts, { velocity: 64 })).form).toBe(said.form);
  expect(structureOf(song(parts, { division: 960 })).form).toBe(said.form);
  const [one, other] = [split(parts, [0, 1]), split(parts, [1, 0])].map((file) => structureOf(file));
  expect(other!.form).toBe(one!.form!);
});

test("structure gives the share of bars that repeat an earlier one note for note", () => {
  const repeated = structureOf(song([VERSE, BRIDGE, VERSE, BRIDGE]));
  // Bars 1 and 2 of the verse come again in its second half, four of the bridge's in its: 4 + 5 of 16 bars are new.
  expect(repeated.repetitionShare).toBeGreaterThanOrEqual(0.5);
  expect(repeated.selfSimilarity).toBe(1);
  const track = midi().track().meter(0, 4, 4);
  for (let i = 0; i < 64; i++) track.note(i * 480, 480, 40 + ((i * i * 7) % 41));
  expect(structureOf(track).repetitionShare).toBeLessThan(0.2);
});

test("structure finds the loop a voice plays", () => {
  const file = midi().track("Tune").meter(0, 4, 4).channel(0);
  for (let i = 0; i < 64; i++) file.note(i * 480, 480, 60 + ((i * i * 7) % 23));
  const bass = file.track("Bass").channel(1);
  for (let bar = 4; bar < 16; bar++)
    for (const beat of [0, 1, 2, 3]) bass.note(bar * BAR + beat * 480, 400, 36 + (bar % 2) * 5 + beat);
  expect(structureOf(bass).loops).toEqual([{ track: 1, channel: 1, startBar: 5, bars: 2, times: 6 }]);
});

test("structure takes whole bars that lead back to their start for a loop", () => {
  expect(structureOf(song([VERSE]).end(8 * BAR)).loop).toMatchObject({ isLoop: true, bars: 8 });
});

test("structure is no surer of a loop than of its bar lines", () => {
  const loopOf = (track: TrackBuilder) =>
    structureOf(track.notes(VERSE.roots.flatMap((root, i) => [[i * 480, 480, root]]))).loop;
  const stated = loopOf(midi().track().meter(0, 4, 4));
  const guessed = loopOf(midi().track());
  expect(guessed.confidence).toBeLessThan(stated.confidence);
});

test("structure takes the same tempo stated again for no change", () => {
  expect(structureOf(song([VERSE]).tempo(4 * BAR, 120)).loop).toMatchObject({ isLoop: true, bars: 8 });
});

test("structure leaves open whether a few notes, or bars without bar lines, are a loop", () => {
  const open = { isLoop: false, bars: null, confidence: 0.5 };
  const few = midi().track().meter(0, 4, 4).note(0, 1920, 60).note(1920, 1920, 62).note(3840, 1920, 64);
  expect(structureOf(few).loop).toEqual(open);
  const two = midi().track();
  for (let i = 0; i < 4; i++)
    two
      .note(i * 960, 960, 60)
      .note(i * 960, 960, 64)
      .note(i * 960, 960, 67);
  expect(featuresOf(two).meter).toBeNull();
  expect(structureOf(two).loop).toEqual(open);
});

test.each([
  ["a song of 48 bars", () => song([VERSE, CHORUS, VERSE, CHORUS, BRIDGE, CHORUS])],
  ["a piece that ends on a long chord", () => song([VERSE]).chord(8 * BAR, 3 * BAR, [48, 55, 64])],
  [
    "a piece that begins within the bar",
    () =>
      midi()
        .track()
        .meter(0, 4, 4)
        .notes(Array.from({ length: 31 }, (_, i) => [480 + i * 480, 480, 60 + (i % 7)])),
  ],
  [
    "a piece that begins late",
    () =>
      midi()
        .track()
        .meter(0, 4, 4)
        .notes(Array.from({ length: 28 }, (_, i) => [1920 + i * 480, 480, 60 + (i % 7)])),
  ],
  ["a piece whose tempo changes", () => song([VERSE]).tempo(6 * BAR, 60)],
] as const)("structure takes %s for no loop", (_, build) => {
  expect(structureOf(build()).loop.isLoop).toBe(false);
});

test("structure looks at the first bars of an endless piece and says so", () => {
  const track = midi().track().meter(0, 4, 4);
  for (let i = 0; i < (MOST_BARS + 20) * 4; i++) track.note(i * 480, 480, 60 + (i % 7));
  const said = featuresOf(track);
  expect(said.structure!.bars).toBe(MOST_BARS);
  expect(said.capped).toContain("structure");
});

test("structure takes one whole bar for a loop", () => {
  const track = midi().track().meter(0, 4, 4).end(BAR);
  for (let i = 0; i < 8; i++) track.note(i * 240, 240, 60 + ((i * 5) % 12));
  const { loop, selfSimilarity, form } = structureOf(track);
  expect(loop).toMatchObject({ isLoop: true, bars: 1 });
  expect({ selfSimilarity, form }).toEqual({ selfSimilarity: null, form: "A" });
});

test("structure is null without notes, and a lone note is no loop", () => {
  expect(featuresOf(midi().track()).structure).toBeNull();
  expect(structureOf(midi().track().note(0, 480, 60)).loop.isLoop).toBeFalse();
});
