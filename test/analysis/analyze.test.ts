import { expect, test } from "bun:test";
import fc from "fast-check";
import { readMidi } from "../../lib/midi/read/reader.ts";
import { analyze } from "../support/analyze.ts";
import { midi } from "../support/midi-builder.ts";
import { featuresOf } from "../support/piece-of.ts";

/** Everything in it that JSON cannot say or that no reader should meet: NaN, infinities, -0, undefined, typed arrays. */
function unfit(value: unknown, path = ""): string[] {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? [] : [`${path} = ${value}`];
  if (value === undefined || typeof value === "function" || ArrayBuffer.isView(value)) return [path];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => unfit(inner, `${path}.${key}`));
}

const event = fc.oneof(
  fc.record({ kind: fc.constant("note" as const), at: fc.nat(4000), a: fc.nat(127), b: fc.nat(900), c: fc.nat(15) }),
  fc.record({
    kind: fc.constant("controller" as const),
    at: fc.nat(4000),
    a: fc.nat(127),
    b: fc.nat(127),
    c: fc.nat(15),
  }),
  fc.record({ kind: fc.constant("program" as const), at: fc.nat(4000), a: fc.nat(127), b: fc.nat(1), c: fc.nat(15) }),
  fc.record({ kind: fc.constant("bend" as const), at: fc.nat(4000), a: fc.nat(8191), b: fc.nat(1), c: fc.nat(15) }),
  fc.record({
    kind: fc.constant("tempo" as const),
    at: fc.nat(4000),
    a: fc.integer({ min: 4, max: 900 }),
    b: fc.nat(1),
    c: fc.nat(1),
  }),
  fc.record({ kind: fc.constant("meter" as const), at: fc.nat(4000), a: fc.nat(40), b: fc.nat(6), c: fc.nat(1) }),
  fc.record({
    kind: fc.constant("text" as const),
    at: fc.nat(4000),
    a: fc.nat(255),
    b: fc.nat(255),
    c: fc.integer({ min: 1, max: 15 }),
  }),
);

test("analyze answers for any events with values that JSON can say", () => {
  const division = fc.constantFrom(1, 24, 96, 480, 32767, 0xe728, 0xe250);
  fc.assert(
    fc.property(division, fc.array(event, { maxLength: 40 }), (ticks, events) => {
      const track = midi({ division: ticks }).track();
      for (const { kind, at, a, b, c } of events) {
        if (kind === "note") track.note(at, b, a, { channel: c });
        else if (kind === "controller") track.controller(at, a, b, c);
        else if (kind === "program") track.program(at, a, c);
        else if (kind === "bend") track.bend(at, a, c);
        else if (kind === "tempo") track.tempo(at, a);
        else if (kind === "meter") track.meter(at, a, 2 ** b);
        else track.text(at, c, [a, b, 0, 0x1b]);
      }
      const said = featuresOf(track, "a/b 120 Am.mid");
      expect(unfit(said)).toEqual([]);
      expect(JSON.parse(JSON.stringify(said))).toEqual(said as never);
    }),
    { numRuns: 150 },
  );
});

test("analyze gives no negative zero for a first note just after its bar line", () => {
  const said = featuresOf(midi({ division: 32767 }).track().meter(0, 2, 1).note(1, 0, 0));
  expect(unfit(said)).toEqual([]);
});

test("analyze says null, not zero, of a file without notes", () => {
  const said = featuresOf(midi().track());
  expect(said).toMatchObject({ key: null, chords: null, drums: null, structure: null, tracks: [], names: null });
  expect(said.notes.count).toBe(0);
});

test("analyze gives the same for the same file, whatever came before", () => {
  const bytes = midi()
    .track()
    .meter(0, 4, 4)
    .notes(Array.from({ length: 99 }, (_, i) => [i * 240, 240, 50 + ((i * 5) % 17)]))
    .bytes();
  const first = JSON.stringify(analyze(readMidi(bytes)));
  featuresOf(midi().track().controller(0, 7, 1).note(0, 999, 3).note(5, 9, 120, { channel: 9 }));
  expect(JSON.stringify(analyze(readMidi(bytes)))).toBe(first);
});

test("analyze gets through two million notes and names what it cut", () => {
  // Sixteen channels, 312 bars of 4/4, every bar of sixteen sixteenths: 400 notes struck at once.
  const said = analyze(readMidi(blackMidi(2_000_000)));
  expect(said.notes.count).toBe(2_000_000);
  expect(said.capped).toContain("structure");
  expect(said.identity.notesHash).not.toBeNull();
});

/** One track of notes on 16 channels, four bytes an event: too many for the builder's one object an event. */
function blackMidi(notes: number): Uint8Array {
  const steps = 5000;
  const perStep = notes / steps;
  const meter = [0, 0xff, 0x58, 4, 4, 2, 24, 8];
  const track = new Uint8Array(meter.length + notes * 8 + 4);
  track.set(meter);
  let at = meter.length;
  for (let step = 0; step < steps; step++)
    for (const status of [0x90, 0x80])
      for (let n = 0; n < perStep; n++) {
        track[at++] = n === 0 ? 60 : 0;
        track[at++] = status | (n & 15);
        track[at++] = ((n >> 4) * 5 + step) % 128;
        track[at++] = 64;
      }
  track.set([0, 0xff, 0x2f, 0], at);
  const head = midi({ division: 480 }).bytes();
  head[11] = 1;
  const size = at + 4;
  const chunk = [0x4d, 0x54, 0x72, 0x6b, size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255];
  return Buffer.concat([head, Uint8Array.from(chunk), track.subarray(0, size)]);
}
