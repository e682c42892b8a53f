import { expect, test } from "bun:test";
import fc from "fast-check";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { analyze } from "../../support/analyze.ts";
import { midi } from "../../support/midi-builder.ts";

const QUARTER = 480;
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const HARMONIC_MINOR = [0, 2, 3, 5, 7, 8, 11];
const PITCH_CLASS: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

interface Tune {
  readonly transpose?: number;
  readonly scale?: readonly number[];
  /** Scale degrees (0 the tonic) of the chords, a bar each. */
  readonly degrees?: readonly number[];
  /** Sharps (minus flats) and mode of a key signature meta. */
  readonly signature?: readonly [fifths: number, minor: number];
  /** The last chord's third is raised. */
  readonly picardy?: boolean;
}

/** A melody over root-position triads, in quarter notes. */
function tune({ transpose = 0, scale = MAJOR, degrees = [0, 3, 4, 0, 5, 1, 4, 0], signature, picardy }: Tune = {}) {
  const track = midi({ division: QUARTER }).track();
  if (signature) track.meta(0, 0x59, [signature[0] & 0xff, signature[1]]);
  const pitch = (degree: number) => scale[degree % 7]! + 12 * Math.floor(degree / 7) + transpose;
  for (const [bar, degree] of degrees.entries()) {
    const at = bar * 4 * QUARTER;
    const raised = picardy && bar === degrees.length - 1 ? 1 : 0;
    const tone = (step: number) => pitch(degree + step) + (step === 2 ? raised : 0);
    track.note(at, 4 * QUARTER, 36 + tone(0));
    track.chord(
      at,
      4 * QUARTER,
      [0, 2, 4].map((step) => 48 + tone(step)),
    );
    for (const [beat, step] of [0, 2, 1, 0].entries()) track.note(at + beat * QUARTER, QUARTER, 72 + tone(step));
  }
  return track;
}

const keyOf = (track: { bytes(): Uint8Array }) => analyze(readMidi(track.bytes())).key;
const pitchClass = (name: string) =>
  (PITCH_CLASS[name[0]!]! + name.split("#").length - name.split("b").length + 12) % 12;

test("transposing a piece moves its key by the same interval and nothing else", () => {
  for (const scale of [MAJOR, HARMONIC_MINOR]) {
    const home = keyOf(tune({ scale }))!;
    expect(home).toMatchObject({ tonic: "C", mode: scale === MAJOR ? "major" : "minor" });
    fc.assert(
      fc.property(fc.integer({ min: -11, max: 11 }), (transpose) => {
        const key = keyOf(tune({ scale, transpose }))!;
        expect(pitchClass(key.tonic)).toBe((transpose + 12) % 12);
        expect(key.mode).toBe(home.mode);
        expect(key.confidence).toBeCloseTo(home.confidence, 2);
      }),
    );
  }
});

test("the 24 keys are spelled as composers write them", () => {
  const names = (scale: readonly number[]) =>
    Array.from({ length: 12 }, (_, transpose) => keyOf(tune({ scale, transpose }))!.tonic).join(" ");
  expect(names(MAJOR)).toBe("C Db D Eb E F F# G Ab A Bb B");
  expect(names(HARMONIC_MINOR)).toBe("C C# D Eb E F F# G G# A Bb B");
});

test("a key signature of the same key decides how it is spelled", () => {
  const flat = keyOf(tune({ transpose: 6, signature: [-6, 0] }))!;
  expect(flat).toMatchObject({ tonic: "Gb", signatureAgrees: true });
  expect(keyOf(tune({ transpose: 6, signature: [6, 0] }))!.tonic).toBe("F#");
  expect(keyOf(tune({ scale: HARMONIC_MINOR, transpose: 3, signature: [6, 1] }))!.tonic).toBe("D#");
});

test("signature metas are listed, C major counts as unset, a wrong one disagrees and does not decide", () => {
  const unset = analyze(readMidi(tune({ transpose: 2, signature: [0, 0] }).bytes()));
  expect(unset.key).toMatchObject({ tonic: "D", mode: "major", signatureAgrees: null });
  expect(unset.keySignatures).toEqual([{ tick: 0, seconds: 0, fifths: 0, tonic: "C", mode: "major" }]);
  expect(unset.key).toEqual(keyOf(tune({ transpose: 2 })));
  expect(keyOf(tune({ transpose: 2, signature: [3, 0] }))).toMatchObject({ tonic: "D", signatureAgrees: false });
  expect(keyOf(tune({ scale: HARMONIC_MINOR, transpose: 9, signature: [0, 1] }))!.signatureAgrees).toBe(true);
});

test("the chord that opens and closes a piece says which of several keys it is in", () => {
  const framed = (degree: number) => keyOf(tune({ degrees: [degree, 3, 5, 0, 1, 3, 5, 0, 1, degree] }));
  expect(framed(0)).toMatchObject({ tonic: "C", mode: "major" });
  expect(framed(5)).toMatchObject({ tonic: "A", mode: "minor" });
});

test("where major chords fall by a fifth speaks for the key they lead to", () => {
  const chance = (loop: readonly number[]) => {
    const { tonic, confidence, runnerUp } = keyOf(tune({ degrees: [5, 5, ...loop, ...loop, ...loop, 5] }))!;
    return tonic === "F" ? confidence : runnerUp.tonic === "F" ? runnerUp.confidence : 0;
  };
  expect(chance([0, 3, 5])).toBeGreaterThan(chance([3, 0, 5]));
});

test("a minor piece may end on its major chord", () => {
  const minor = { scale: HARMONIC_MINOR, degrees: [0, 3, 4, 0, 5, 3, 4, 0] };
  expect(keyOf(tune({ ...minor, picardy: true }))).toMatchObject({ tonic: "C", mode: "minor" });
});

test("the last note speaks for the key it is the tonic of", () => {
  const song = (last: number) => {
    const track = midi({ division: QUARTER }).track();
    for (const [i, pitch] of [62, 67, 69, 71, 69, 67, 66, 62, 67, 69, 71, 74, 71, 69, last, last].entries())
      track.note(i * QUARTER, QUARTER, pitch);
    return keyOf(track)!;
  };
  expect(song(67)).toMatchObject({ tonic: "G", mode: "major" });
  expect(song(62)).toMatchObject({ tonic: "D", mode: "major" });
});

test("the runner-up is another, less likely key", () => {
  const { tonic, mode, confidence, runnerUp } = keyOf(tune())!;
  expect(`${runnerUp.tonic} ${runnerUp.mode}`).not.toBe(`${tonic} ${mode}`);
  expect(runnerUp.confidence).toBeLessThan(confidence);
  expect(confidence).toBeLessThanOrEqual(1);
});

test("a lone triad may be I, IV or V: its key is unsure, a whole tune's is not", () => {
  const triad = keyOf(midi().track().chord(0, QUARTER, [60, 64, 67]))!;
  expect(triad).toMatchObject({ tonic: "C", mode: "major" });
  expect(triad.confidence).toBeLessThan(0.5);
  expect(keyOf(tune())!.confidence).toBeGreaterThan(0.9);
});

test("a modulation is placed within two bars, a piece in one key has one entry", () => {
  const home = [0, 3, 4, 0, 5, 1, 4, 0];
  expect(keyOf(tune())!.changes).toEqual([{ startTick: 0, startSeconds: 0, tonic: "C", mode: "major" }]);
  const track = midi({ division: QUARTER }).track();
  const bars = [...home, ...home, ...home].map((degree, bar) => [degree, bar >= 16 ? 4 : 0] as const);
  for (const [bar, [degree, up]] of bars.entries())
    for (const d of [degree, degree + 2, degree + 4])
      track.note(bar * 4 * QUARTER, 4 * QUARTER, 48 + MAJOR[d % 7]! + 12 * Math.floor(d / 7) + up);
  const { tonic, changes } = keyOf(track)!;
  expect(tonic).toBe("C");
  expect(changes.map((change) => change.tonic)).toEqual(["C", "E"]);
  expect(Math.abs(changes[1]!.startTick / (4 * QUARTER) - 16)).toBeLessThanOrEqual(2);
});

test("drums have no key and do not disturb one", () => {
  const drums = midi({ division: QUARTER }).track().channel(9);
  for (let i = 0; i < 64; i++) drums.note(i * QUARTER, QUARTER, 35 + (i % 12));
  expect(keyOf(drums)).toBeNull();
  const both = tune({ transpose: 5 });
  for (let i = 0; i < 32; i++) both.note(i * QUARTER, QUARTER, 36 + (i % 2), { channel: 9 });
  expect(keyOf(both)).toEqual(keyOf(tune({ transpose: 5 })));
});

test("long notes count more than short ones", () => {
  const track = midi({ division: QUARTER }).track();
  for (let bar = 0; bar < 8; bar++) {
    for (const pitch of [57, 60, 64]) track.note(bar * 4 * QUARTER, 4 * QUARTER - 60, pitch);
    for (const [i, pitch] of [73, 78, 80, 85, 73, 78, 80, 85].entries())
      track.note((bar + 1) * 4 * QUARTER - 60 + i * 7, 7, pitch);
  }
  expect(keyOf(track)).toMatchObject({ tonic: "A", mode: "minor" });
});

test("atonal and empty material has no key: rows, clusters, the whole-tone and the chromatic scale, one note, nothing", () => {
  const play = (pitches: number[]) => {
    const track = midi({ division: QUARTER }).track();
    for (const [i, pitch] of pitches.entries()) track.note((i * QUARTER) / 2, QUARTER / 2, pitch);
    return keyOf(track);
  };
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  for (let piece = 0; piece < 20; piece++) {
    const order = Array.from({ length: 12 }, () => random());
    const row = order.map((_, i) => i).sort((a, b) => order[a]! - order[b]!);
    expect(play(Array.from({ length: 240 }, (_, i) => 48 + row[i % 12]! + 12 * (i % 3)))).toBeNull();
  }
  expect(play(Array.from({ length: 240 }, () => 60 + Math.floor(5 * random())))).toBeNull();
  expect(play(Array.from({ length: 240 }, () => 48 + 2 * Math.floor(12 * random())))).toBeNull();
  expect(play(Array.from({ length: 240 }, (_, i) => 48 + (i % 24)))).toBeNull();
  expect(play([60, 60, 60])).toBeNull();
  expect(play([])).toBeNull();
});
