import { expect, test } from "bun:test";
import {
  type Fingerprint,
  fingerprintKeys,
  fingerprintText,
  MOST_LINE,
  MOST_WHOLE,
  readFingerprint,
} from "../../../lib/analysis/identity/fingerprint.ts";
import { samePiece } from "../../../lib/analysis/identity/same-piece.ts";
import { midi } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

/** A note in seconds. */
interface Note {
  readonly at: number;
  readonly length: number;
  readonly pitch: number;
}

/** Numbers from 0 to 1, the same ones for the same seed. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SCALE = [0, 2, 4, 5, 7, 9, 11];
const onScale = (step: number) => 60 + 12 * Math.floor(step / 7) + SCALE[((step % 7) + 7) % 7]!;

/** A tune of so many notes that walks up and down a scale, by steps and leaps. */
function tune(seed: number, notes = 160): Note[] {
  const random = chance(seed);
  let step = 0;
  return Array.from({ length: notes }, (_, i) => {
    step = Math.max(-6, Math.min(9, step + Math.floor(random() * 7) - 3));
    return { at: i * 0.3, length: 0.25, pitch: onScale(step) };
  });
}

/** Broken chords below middle C. */
function accompaniment(seed: number, notes = 240): Note[] {
  const random = chance(seed);
  return Array.from({ length: notes }, (_, i) => ({
    at: i * 0.2,
    length: 0.18,
    pitch: 36 + [0, 4, 7, 12][i % 4]! + Math.floor(random() * 3) * 2,
  }));
}

/** The fingerprint of voices that play together, a track each. */
function printOf(...voices: readonly (readonly Note[])[]): Fingerprint {
  const file = midi({ division: 1000 }).track().tempo(0, 60);
  voices.forEach((notes, channel) => {
    const track = file.track().channel(channel);
    for (const { at, length, pitch } of [...notes].sort((a, b) => a.at - b.at))
      track.note(Math.round(at * 1000), Math.round(length * 1000), pitch);
  });
  return readFingerprint(featuresOf(file).identity.fingerprint!);
}

const changed = (notes: readonly Note[], how: (note: Note, i: number) => Partial<Note>) =>
  notes.map((note, i) => ({ ...note, ...how(note, i) }));

function jittered(notes: readonly Note[], seconds: number, seed: number): Note[] {
  const random = chance(seed);
  return changed(notes, ({ at }) => ({ at: Math.max(0, at + (random() - 0.5) * 2 * seconds) }));
}

const whole = [tune(1), accompaniment(2)] as const;

test("samePiece: a piece in another key, at another tempo, with other lengths and hands that are not exact is the same", () => {
  const print = printOf(...whole);
  const other = (how: (notes: readonly Note[]) => Note[]) => samePiece(print, printOf(...whole.map(how)));
  expect(other((notes) => changed(notes, ({ pitch }) => ({ pitch: pitch + 5 })))).toEqual({ same: true, likeness: 1 });
  expect(other((notes) => changed(notes, ({ at }) => ({ at: at * 1.37 })))).toEqual({ same: true, likeness: 1 });
  expect(other((notes) => changed(notes, () => ({ length: 0.05 })))).toEqual({ same: true, likeness: 1 });
  expect(other((notes) => jittered(notes, 0.02, 3))).toMatchObject({ same: true });
});

test("samePiece: the same notes in other voices are the same by the top line", () => {
  const all = whole.flat();
  const dealt = [0, 1, 2].map((voice) => all.filter((_, i) => (i * 7) % 3 === voice));
  expect(samePiece(printOf(...whole), printOf(...dealt))).toEqual({ same: true, likeness: 1 });
});

test("samePiece: one tune over another accompaniment is the same by the line of its voice", () => {
  const found = samePiece(printOf(tune(1), accompaniment(2)), printOf(accompaniment(9), tune(1)));
  expect(found).toEqual({ same: true, likeness: 1 });
  expect(samePiece(printOf(tune(1)), printOf(tune(1), accompaniment(9))).same).toBe(true);
});

test("samePiece: an excerpt is the same; wrong notes here and there do not hide it", () => {
  const print = printOf(...whole);
  const middle = whole.map((notes) => notes.filter(({ at }) => at > 15 && at < 33));
  expect(samePiece(print, printOf(...middle)).same).toBe(true);
  const wrong = changed(tune(1), ({ pitch }, i) => ({ pitch: i % 17 === 4 ? pitch + 3 : pitch }));
  expect(samePiece(print, printOf(wrong, accompaniment(5))).same).toBe(true);
});

test("samePiece: other tunes in the same key over other chords are other pieces", () => {
  const print = printOf(...whole);
  for (let seed = 20; seed < 60; seed++)
    expect(samePiece(print, printOf(tune(seed), accompaniment(seed))).same).toBe(false);
});

test("fingerprintKeys: a piece in other hands shares two keys or more, others next to none", () => {
  const keys = (print: Fingerprint) => new Set(fingerprintKeys(print));
  const own = keys(printOf(...whole));
  const shared = (print: Fingerprint) => [...keys(print)].filter((key) => own.has(key)).length;
  expect(own.size).toBeLessThanOrEqual(48);
  expect(shared(printOf(...whole.map((notes) => jittered(notes, 0.02, 3))))).toBeGreaterThanOrEqual(10);
  expect(shared(printOf(tune(1), accompaniment(5)))).toBeGreaterThanOrEqual(2);
  const strangers = Array.from({ length: 20 }, (_, i) => shared(printOf(tune(100 + i))));
  expect(strangers.filter((n) => n >= 2)).toEqual([]);
});

test("fingerprint: within its bounds, text and back, null for drums, scales, trills, repeated notes and next to none", () => {
  const long = printOf(...Array.from({ length: 6 }, (_, i) => tune(i + 1, 2000)));
  expect(long.whole.length).toBe(MOST_WHOLE);
  expect(long.lines.map((line) => line.length)).toEqual([MOST_LINE, MOST_LINE, MOST_LINE]);
  expect(Buffer.from(fingerprintText(long), "base64").length).toBeLessThanOrEqual(1000);
  expect(readFingerprint(fingerprintText(long))).toEqual(long);
  const alone = (how: (i: number) => number) =>
    featuresOf(
      midi()
        .track()
        .notes(Array.from({ length: 200 }, (_, i) => [i * 480, 400, how(i)])),
    ).identity.fingerprint;
  expect(alone((i) => onScale(i % 15))).toBeNull();
  expect(alone((i) => 72 + (i % 2))).toBeNull();
  expect(alone((i) => 48 + Math.floor(i / 16))).toBeNull();
  const kit = midi().track().channel(9);
  for (const { at, pitch } of tune(1)) kit.note(Math.round(at * 480), 100, pitch);
  expect(featuresOf(kit).identity.fingerprint).toBeNull();
  expect(featuresOf(midi().track().note(0, 480, 60)).identity.fingerprint).toBeNull();
});

test("readFingerprint: what is none is refused", () => {
  expect(() => readFingerprint("")).toThrow("Cannot read a fingerprint: an empty text, expected base64");
  expect(() => readFingerprint("AQAAAA==")).toThrow("Cannot read a fingerprint: 4 bytes, expected 8");
});
