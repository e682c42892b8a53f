import { expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { parseMidi } from "midi-file";
import { createReader } from "../../../lib/midi/read/reader.ts";
import type { Score } from "../../../lib/midi/score.ts";
import type { Part } from "../../../lib/midi/split/part.ts";
import { createSplitter, type SplitOptions } from "../../../lib/midi/split/splitter.ts";
import { mutate, randomFile, seeded } from "../../../scripts/bench/mutate.ts";
import { readSmf, type Smf, type SmfEvent, writeSmf } from "./read-smf.ts";
import { breaches, partCount } from "./split-law.ts";

// Large files on a busy machine: a hang is what counts, not the time.
setDefaultTimeout(120_000);

const RUNS = Number(process.env.MIDIWORKS_FUZZ_RUNS ?? 150);
const SEED = Number(process.env.MIDIWORKS_FUZZ_SEED ?? 1);

const reader = createReader({ events: true });
const splitter = createSplitter();
const splitBytes = (bytes: Uint8Array, options: SplitOptions): readonly Part[] =>
  splitter.split(reader.read(bytes), options);

type Said = Pick<SmfEvent, "status" | "data">;

/** Few channels, keys, ports and values, so that tracks get into each other's way. */
const channel = fc.constantFrom(0, 0, 1, 9, 15);
const key = fc.constantFrom(36, 38, 60, 61);
const value = fc.constantFrom(0, 1, 64, 127);
const says = (status: number, ...data: fc.Arbitrary<number>[]): fc.Arbitrary<Said> =>
  fc.tuple(channel, ...data).map(([c, ...rest]) => ({ status: status | c, data: rest }));
const meta = (type: number, ...payload: number[]): fc.Arbitrary<Said> =>
  fc.constant({ status: 0xff, data: [type, ...payload] });
const text = (type: number): fc.Arbitrary<Said> =>
  fc
    .array(fc.constantFrom(0x41, 0x20, 0xe9, 0x83), { maxLength: 4 })
    .map((bytes) => ({ status: 0xff, data: [type, ...bytes] }));

const note = fc.oneof(says(0x90, key, value), says(0x80, key, value), says(0x90, key, value), says(0xa0, key, value));
const state = fc.oneof(
  says(0xb0, fc.constantFrom(0, 7, 32, 100), value),
  says(0xc0, value),
  says(0xd0, value),
  says(0xe0, value, value),
);
const port = fc.constantFrom(0, 1, 2).map((p): Said => ({ status: 0xff, data: [0x21, p] }));
const prefix = channel.map((c): Said => ({ status: 0xff, data: [0x20, c] }));
const tempo = fc.integer({ min: 1, max: 255 }).map((n): Said => ({ status: 0xff, data: [0x51, 7, n, 0] }));
const other = fc.oneof(
  ...[tempo, tempo, prefix, port, meta(0x58, 3, 2, 24, 8), meta(0x59, 0xfd, 1), meta(0x54, 0x60, 0, 0, 0x40, 0x33)],
  ...[0x01, 0x02, 0x03, 0x03, 0x04, 0x05, 0x06, 0x07, 0x09, 0x7f].map(text),
  fc.constant<Said>({ status: 0xf0, data: [0x7e, 0x7f, 9, 1, 0xf7] }),
  fc.constant<Said>({ status: 0xf7, data: [0xfa] }),
);

const delta = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(0, 0, 0, 1, 10, 120) },
  { weight: 4, arbitrary: fc.constantFrom(127, 128, 16_383, 16_384, 3_000_000) },
  { weight: 1, arbitrary: fc.constant(0x0fffffff) },
);
const silent = fc.array(fc.tuple(delta, fc.oneof(state, other, other)), { maxLength: 25 });
const sounding = fc.array(fc.tuple(delta, fc.oneof(note, note, state, other)), { maxLength: 40 });

function track(events: readonly (readonly [number, Said])[], index: number) {
  let tick = 0;
  // Ticks are 32 bits wide in a score: what comes later than that would be moved.
  return events.flatMap(([wait, event]): SmfEvent[] => {
    if (tick + wait > 0xffffffff) return [];
    tick += wait;
    return [{ tick, track: index, ...event }];
  });
}

const file: fc.Arbitrary<Smf> = fc
  .record({
    format: fc.constantFrom(0, 1, 1, 1, 2),
    division: fc.constantFrom(96, 480, 0xe728),
    tracks: fc.array(fc.oneof({ weight: 1, arbitrary: silent }, { weight: 3, arbitrary: sounding }), {
      minLength: 1,
      maxLength: 5,
    }),
    rest: fc.array(fc.nat({ max: 500 }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ format, division, tracks, rest }) => {
    const kept = (format === 0 ? tracks.slice(0, 1) : tracks).map(track);
    const endTicks = kept.map((events, n) => Math.min(0xffffffff, (events.at(-1)?.tick ?? 0) + rest[n]!));
    return { format, division, tracks: kept, endTicks };
  });

const options: fc.Arbitrary<{ by: "auto" | "track" | "channel"; drumsByNote: boolean }> = fc.record({
  by: fc.constantFrom("auto", "auto", "track", "channel"),
  drumsByNote: fc.boolean(),
});

test("splitter keeps the law of splitting for any well-formed file", () => {
  let parts = 0;
  const law = fc.property(file, options, (smf, how) => {
    const bytes = writeSmf(smf);
    const checked = { by: how.by, byKey: how.drumsByNote ? [9] : [] };
    const made = splitBytes(bytes, how);
    if (made.length === 0) return expect(partCount(smf, checked)).toBeLessThan(2);
    parts += made.length;
    expect(
      breaches(
        readSmf(bytes),
        made.map((part) => part.bytes),
        checked,
      ),
    ).toEqual([]);
    for (const part of made) expect(parseMidi(part.bytes).header.format).toBe(1);
  });
  fc.assert(law, { numRuns: RUNS * 4, seed: SEED });
  expect(parts).toBeGreaterThan(RUNS);
});

test("splitter gives the same bytes for the same bytes, whatever was split before", () => {
  fc.assert(
    fc.property(file, options, file, (smf, how, between) => {
      const copies = (made: readonly Part[]) =>
        made.map((part) => ({ ...part, bytes: part.bytes.toHex(), name: part.name?.toHex() }));
      const first = copies(splitBytes(writeSmf(smf), how));
      splitBytes(writeSmf(between), { by: "channel" });
      expect(copies(splitBytes(writeSmf(smf), how))).toEqual(first);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("two splitters in one thread do not disturb each other", () => {
  fc.assert(
    fc.property(file, file, (smf, other) => {
      const alone = splitBytes(writeSmf(smf), {}).map((part) => part.bytes.toHex());
      const parts = splitBytes(writeSmf(smf), {});
      createSplitter().split(createReader({ events: true }).read(writeSmf(other)));
      expect(parts.map((part) => part.bytes.toHex())).toEqual(alone);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

/** (tick, bytes) of all note events, as text. */
function scoreNotes({ events }: Score): string[] {
  const found: string[] = [];
  for (let i = 0; i < events!.count; i++) {
    if (events!.status[i]! < 0xb0) {
      found.push(`${events!.tick[i]} ${events!.status[i]} ${events!.data1[i]} ${events!.data2[i]}`);
    }
  }
  return found.sort();
}

test("splitter makes well-formed parts of malformed files and loses no note event", () => {
  const random = seeded(SEED);
  const others = [randomFile(random), randomFile(random)];
  let parts = 0;
  for (let n = 0; n < RUNS * 20; n++) {
    let score: Score;
    try {
      score = reader.read(mutate(randomFile(random), others, random));
    } catch {
      continue;
    }
    const made = splitter.split(score);
    if (made.length === 0) continue;
    const files = made.map((part) => readSmf(part.bytes));
    const notes = files.flatMap((smf) => smf.tracks[1]!.filter((event) => event.status < 0xb0));
    expect(notes.map((event) => `${event.tick} ${event.status} ${event.data.join(" ")}`).sort()).toEqual(
      scoreNotes(score),
    );
    parts += files.length;
  }
  expect(parts).toBeGreaterThan(RUNS);
});
