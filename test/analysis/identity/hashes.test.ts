import { expect, test } from "bun:test";
import fc from "fast-check";
import { notesHash, tuneHash } from "../../../lib/analysis/identity/hashes.ts";
import type { Piece } from "../../../lib/analysis/piece/piece.ts";
import { midi, type NoteRow } from "../../support/midi-builder.ts";
import { featuresOf, pieceOf } from "../../support/piece-of.ts";

/** Notes on a grid of sixteenths, lengths in sixteenths; no pitch struck while it sounds. */
const tunes = fc
  .uniqueArray(
    fc.record({
      start: fc.nat(64),
      length: fc.constant<number>(1),
      pitch: fc.integer({ min: 40, max: 80 }),
      velocity: fc.integer({ min: 1, max: 127 }),
    }),
    { minLength: 2, maxLength: 40, selector: ({ start, pitch }) => start * 128 + pitch },
  )
  .map((notes) => notes.toSorted((a, b) => a.start - b.start || a.pitch - b.pitch));
type Tune = typeof tunes extends fc.Arbitrary<infer T> ? T : never;

interface Playing {
  readonly division?: number;
  readonly transpose?: number;
  readonly stretch?: number;
  readonly lead?: number;
}

function rows(tune: Tune, { division = 480, transpose = 0, stretch = 1, lead = 0 }: Playing = {}): NoteRow[] {
  const step = (division / 4) * stretch;
  return tune.map((n) => [lead * division + n.start * step, n.length * step, n.pitch + transpose, n.velocity]);
}

const identity = (piece: Piece) => ({ notesHash: notesHash(piece), tuneHash: tuneHash(piece) });

const play = (tune: Tune, how: Playing = {}) =>
  identity(
    pieceOf(
      midi({ division: how.division ?? 480 })
        .track()
        .notes(rows(tune, how)),
    ),
  );

const holds = (law: (tune: Tune) => void) => fc.assert(fc.property(tunes, law), { numRuns: 60 });

test("identity: both hashes are 16 hexadecimal digits, null without notes", () => {
  holds((tune) => expect(Object.values(play(tune)).join()).toMatch(/^[0-9a-f]{16},[0-9a-f]{16}$/));
  expect(featuresOf(midi().track()).identity).toEqual({ notesHash: null, tuneHash: null, fingerprint: null });
});

test("notesHash is blind to format, tracks, channels, programs, metas, velocities and tempo", () => {
  holds((tune) => {
    const other = midi({ division: 480 }).track("Other").tempo(0, 77).keySignature(0, 3).text(5, 1, "words");
    const odd = other
      .program(0, 40, 3)
      .channel(3)
      .notes(rows(tune.filter((_, i) => i % 2 === 1)));
    const even = odd
      .track()
      .channel(5)
      .notes(rows(tune.filter((_, i) => i % 2 === 0).map((n) => ({ ...n, velocity: 1 }))));
    expect(identity(pieceOf(even))).toEqual(play(tune));
  });
});

test("notesHash is blind to division and leading silence", () => {
  holds((tune) => {
    const said = play(tune).notesHash;
    for (const division of [24, 96, 192, 960, 1024]) expect(play(tune, { division }).notesHash).toBe(said);
    expect(play(tune, { lead: 7 }).notesHash).toBe(said);
  });
});

test("notesHash changes with one note's pitch, onset or length, and with transposition", () => {
  holds((tune) => {
    const said = play(tune).notesHash;
    const last = tune.length - 1;
    const changed = (change: Partial<Tune[number]>) => play(tune.with(last, { ...tune[last]!, ...change })).notesHash;
    expect(changed({ pitch: 90 })).not.toBe(said);
    expect(changed({ start: 80 })).not.toBe(said);
    expect(changed({ length: 3, pitch: tune[last]!.pitch })).not.toBe(said);
    expect(play(tune, { transpose: 1 }).notesHash).not.toBe(said);
    expect(play(tune.slice(0, -1)).notesHash).not.toBe(said);
  });
});

test("tuneHash is blind to transposition and to the scale of time", () => {
  holds((tune) => {
    const said = play(tune).tuneHash;
    for (const transpose of [-12, -1, 5, 30]) expect(play(tune, { transpose }).tuneHash).toBe(said);
    for (const stretch of [0.5, 2, 3]) expect(play(tune, { stretch }).tuneHash).toBe(said);
  });
});

test("tuneHash is blind to drums, doubled voices and rubato", () => {
  holds((tune) => {
    const drummed = midi().track().notes(rows(tune)).track().channel(9).note(0, 10, 36).note(240, 10, 38);
    const doubled = drummed.track().channel(2).notes(rows(tune));
    expect(identity(pieceOf(doubled)).tuneHash).toBe(play(tune).tuneHash);
    const rubato = tune.map((n): NoteRow => [n.start * 120 + n.start ** 2, 60, n.pitch]);
    expect(identity(pieceOf(midi().track().notes(rubato))).tuneHash).toBe(play(tune).tuneHash);
  });
});

test("tuneHash changes with one inner pitch and with the order of onsets", () => {
  const tune: NoteRow[] = [60, 62, 64, 65, 67].map((pitch, i) => [i * 480, 240, pitch]);
  const hash = (notes: NoteRow[]) => identity(pieceOf(midi().track().notes(notes))).tuneHash;
  expect(hash(tune.with(2, [960, 240, 63]))).not.toBe(hash(tune));
  expect(hash(tune.with(1, [960, 240, 62]).with(2, [480, 240, 64]))).not.toBe(hash(tune));
});

test("identity is stable from version to version", () => {
  const tune: NoteRow[] = [60, 64, 67].map((pitch, i) => [i * 480, 240, pitch]);
  expect(identity(pieceOf(midi().track().notes(tune)))).toEqual({
    notesHash: "3aeeff0cae8233b4",
    tuneHash: "2e2575f13fa0a7d7",
  });
});
