import { expect, test } from "bun:test";
import type { Features } from "../../../lib/analysis/features.ts";
import { readMidi } from "../../../lib/midi/read/reader.ts";
import { pitchClass } from "../../../lib/music/note-names.ts";
import { analyze } from "../../support/analyze.ts";
import { frozenSongs } from "../../support/frozen.ts";
import { midi } from "../../support/midi-builder.ts";

/** What the harmony must not hear, and what it must: laws over songs with chords struck and chords spread over lines. */

interface Note {
  readonly at: number;
  readonly length: number;
  readonly pitch: number;
  readonly velocity: number;
}
type Tracks = readonly (readonly Note[])[];

const QUARTER = 480;

const STEP = 22;
const songs: Tracks[] = (await frozenSongs())
  .filter((_, i) => i % STEP === 0)
  .map(({ tracks, division }) =>
    tracks.map((numbers) => {
      let at = 0;
      return Array.from({ length: numbers.length / 4 }, (_, n): Note => {
        const [ahead, length, pitch, velocity] = numbers.slice(4 * n, 4 * n + 4) as [number, number, number, number];
        at += ahead;
        const ticks = (x: number) => Math.round((x * QUARTER) / division);
        return { at: ticks(at), length: Math.max(1, ticks(length)), pitch, velocity };
      });
    }),
  );

/** Two voices in eighths over a moving bass: no chord is ever struck. */
const lines: Tracks = [
  [0, 4, 7, 12, 5, 9, 12, 9, 7, 11, 14, 11, 0, 4, 7, 4].map((up, i) => note(i * 240, 240, 60 + up)),
  [0, 2, 4, 0, 5, 4, 2, 5, 7, 5, 4, 2, 0, 7, 4, 0].map((up, i) => note(i * 240, 240, 48 + up)),
].map((voice) => [0, 1, 2, 3].flatMap((times) => voice.map((one) => ({ ...one, at: one.at + times * 16 * 240 }))));

function note(at: number, length: number, pitch: number): Note {
  return { at, length, pitch, velocity: 80 };
}

interface Writing {
  readonly format?: number;
  readonly division?: number;
  readonly channels?: readonly number[];
}

function harmonyOf(tracks: Tracks, { format = 1, division = QUARTER, channels }: Writing = {}) {
  const file = midi({ format, division });
  const scale = division / QUARTER;
  let track = file.track().tempo(0, 120).meter(0, 4, 4);
  for (const [t, notes] of tracks.entries()) {
    if (format === 1 && t > 0) track = file.track();
    for (const { at, length, pitch, velocity } of notes)
      track.note(at * scale, length * scale, pitch, { velocity, channel: channels?.[t] ?? t });
  }
  const { key, chords, progression } = analyze(readMidi(file.bytes()));
  return { key, chords, progression };
}

type Harmony = Pick<Features, "key" | "chords" | "progression">;

/** Without ticks and spelling: roots as pitch classes moved down by `down`. */
function heardAs({ key, chords }: Harmony, down = 0) {
  const pitch = (name: string) => (pitchClass(name)! - down + 24) % 12;
  return {
    key: key && [pitch(key.tonic), key.mode, key.confidence],
    changes: key?.changes.map(({ tonic, mode, startSeconds }) => [pitch(tonic), mode, startSeconds]),
    chords: chords?.map(({ label, roman, confidence, startSeconds, endSeconds }) => {
      const [root = "", type = ""] = label.split(":");
      return [
        label === "N" ? "N" : pitch(root),
        type,
        roman?.replace(/[#b]/g, ""),
        confidence,
        startSeconds,
        endSeconds,
      ];
    }),
  };
}

const ALL = [...songs, lines];
const moved = (tracks: Tracks, up: number): Tracks =>
  tracks.map((notes) => notes.map((one) => ({ ...one, pitch: one.pitch + up })));

test("transposing moves key, changes and chords by the same interval and nothing else", () => {
  for (const song of ALL)
    for (const up of [1, 5, -3]) expect(heardAs(harmonyOf(moved(song, up)), up)).toEqual(heardAs(harmonyOf(song)));
});

test("division, format, channels, the order of tracks and velocity change nothing", () => {
  for (const song of ALL) {
    const plain = harmonyOf(song);
    expect(heardAs(harmonyOf(song, { division: 2 * QUARTER }))).toEqual(heardAs(plain));
    expect(harmonyOf(song, { format: 0 })).toEqual(plain);
    expect(harmonyOf(song, { channels: song.map((_, t) => 8 - t) })).toEqual(plain);
    expect(harmonyOf(song.toReversed())).toEqual(plain);
    expect(harmonyOf(song.map((notes) => notes.map((one) => ({ ...one, velocity: 64 }))))).toEqual(plain);
  }
});

test("silence in front moves the chords and keys by its length and nothing else", () => {
  const bars = 4;
  for (const song of ALL) {
    const later = song.map((notes) => notes.map((one) => ({ ...one, at: one.at + bars * 4 * QUARTER })));
    const plain = heardAs(harmonyOf(song));
    const late = heardAs(harmonyOf(later));
    expect(late.key).toEqual(plain.key);
    expect(late.chords?.map((chord) => chord.slice(0, 4))).toEqual(plain.chords?.map((chord) => chord.slice(0, 4)));
  }
});

test("a piece twice in a row is in the same key and its chords come twice", () => {
  for (const song of ALL) {
    const end = Math.max(...song.flat().map(({ at, length }) => at + length));
    const again = Math.ceil(end / (4 * QUARTER)) * 4 * QUARTER;
    const twice = song.map((notes) => [...notes, ...notes.map((one) => ({ ...one, at: one.at + again }))]);
    const [plain, double] = [harmonyOf(song), harmonyOf(twice)];
    expect([double.key?.tonic, double.key?.mode]).toEqual([plain.key?.tonic, plain.key?.mode]);
    const share = (harmony: Harmony) =>
      new Map(harmony.progression?.vocabulary.map(({ label, share }) => [label, share]) ?? []);
    const [once, more] = [share(plain), share(double)];
    for (const [label, part] of once) expect(Math.abs((more.get(label) ?? 0) - part)).toBeLessThan(0.08);
  }
});
