#!/usr/bin/env bun
/**
 * A library of generated songs, for benches that are given no real data. The same seed makes the same files.
 *
 *     bun scripts/bench/generate.ts FOLDER [--files 1000] [--seed 1]
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

const PER_FOLDER = 1000;
const TICKS_PER_QUARTER = 480;
const BAR = 4 * TICKS_PER_QUARTER;

/** Whole songs, or loops of 2 or 4 bars with two voices, 0.3 to 1 kB. */
export type Size = "song" | "loop";

/** Writes `count` files of distinct contents, 1,000 to a folder. Returns their bytes in total. */
export async function generateLibrary(folder: string, count: number, seed = 1, size: Size = "song"): Promise<number> {
  let total = 0;
  for (let first = 0; first < count; first += PER_FOLDER) {
    const inside = join(folder, String(first / PER_FOLDER).padStart(4, "0"));
    await mkdir(inside, { recursive: true });
    for (let i = first; i < Math.min(first + PER_FOLDER, count); i++) {
      total += await Bun.write(
        join(inside, `song ${String(i).padStart(7, "0")}.mid`),
        generateSong(seed * 1e7 + i, size),
      );
    }
  }
  return total;
}

/**
 * One song of its seed: 16 to 64 bars over a chord progression in a key, as drums, bass, chords, melody and more, with
 * programs, controllers and bends; 3 to 8 tracks, every fifth in format 0. 4 to 30 kB. No two seeds give the same bytes.
 */
export function generateSong(seed: number, size: Size = "song"): Uint8Array {
  const random = source(seed);
  const song: Song = {
    random,
    key: random(12),
    minor: random(2) === 1,
    bars: size === "loop" ? 2 + 2 * random(2) : 16 + 8 * random(7),
    progression: Array.from({ length: 4 }, () => [0, 3, 4, 5, 1, 2][random(6)]!),
  };
  const parts = size === "loop" ? [melody(song), bass(song)] : band(song);
  const format = random(5) === 0 ? 0 : 1;
  const tracks = [noEvents()];
  writeConductor(tracks[0]!, song, seed);
  parts.slice(size === "loop" ? 0 : random(2)).forEach((part, i) => {
    if (format === 1) tracks.push(noEvents());
    writePart(tracks.at(-1)!, part, part.drums ? 9 : i < 9 ? i : i + 1);
  });
  return file(format, tracks);
}

function band(song: Song): Part[] {
  const parts = [melody(song), bass(song), chords(song), drums(song)];
  for (let extra = song.random(4); extra > 0; extra--) parts.push([melody, arpeggio, chords][song.random(3)]!(song));
  return parts;
}

interface Song {
  readonly random: Random;
  readonly key: number;
  readonly minor: boolean;
  readonly bars: number;
  /** Degrees of the scale, a bar each, over and over. */
  readonly progression: readonly number[];
}

interface Part {
  readonly name: string;
  readonly program: number;
  readonly drums: boolean;
  readonly notes: readonly Note[];
  readonly bends: boolean;
}

interface Note {
  readonly start: number;
  readonly end: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** Whole numbers below `n`, from a seed (splitmix32). */
type Random = (n: number) => number;

function source(seed: number): Random {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n;
  };
}

function pitchOf(song: Song, degree: number, octave: number): number {
  const scale = song.minor ? [0, 2, 3, 5, 7, 8, 10] : [0, 2, 4, 5, 7, 9, 11];
  return 12 * (octave + 1 + Math.floor(degree / 7)) + song.key + scale[degree % 7]!;
}

function chordAt(song: Song, bar: number): number {
  return song.progression[bar % song.progression.length]!;
}

/** Notes of a rhythm of so many steps a bar: `play` says the pitches at a step, and every note is a little off the grid. */
function rhythm(song: Song, steps: number, play: (bar: number, step: number) => number[], length: number): Note[] {
  const notes: Note[] = [];
  const step = BAR / steps;
  for (let bar = 0; bar < song.bars; bar++) {
    for (let s = 0; s < steps; s++) {
      for (const pitch of play(bar, s)) {
        const start = bar * BAR + s * step + song.random(9);
        notes.push({
          start,
          end: start + Math.max(20, Math.round(length) - song.random(60)),
          pitch,
          velocity: 60 + song.random(60),
        });
      }
    }
  }
  return notes;
}

function melody(song: Song): Part {
  const { random } = song;
  let degree = random(7);
  const notes = rhythm(
    song,
    8,
    () => {
      if (random(3) === 0) return [];
      degree = Math.min(13, Math.max(0, degree + random(5) - 2));
      return [pitchOf(song, degree, 4)];
    },
    BAR / 9,
  );
  return { name: "Melody", program: [0, 40, 56, 65, 73, 80][random(6)]!, drums: false, notes, bends: true };
}

function bass(song: Song): Part {
  const play = (bar: number, step: number) =>
    song.random(4) ? [pitchOf(song, chordAt(song, bar) + (step % 4 ? 4 : 0), 1)] : [];
  return {
    name: "Bass",
    program: 32 + song.random(8),
    drums: false,
    notes: rhythm(song, 8, play, BAR / 10),
    bends: false,
  };
}

function chords(song: Song): Part {
  const play = (bar: number, step: number) =>
    step % 2 && song.random(2) ? [] : [0, 2, 4].map((third) => pitchOf(song, chordAt(song, bar) + third, 3));
  const program = [0, 4, 16, 24, 48, 89][song.random(6)]!;
  return { name: "Chords", program, drums: false, notes: rhythm(song, 4, play, BAR / 5), bends: false };
}

function arpeggio(song: Song): Part {
  const play = (bar: number, step: number) => [pitchOf(song, chordAt(song, bar) + [0, 2, 4, 7][step % 4]!, 4)];
  return {
    name: "Arpeggio",
    program: 24 + song.random(6),
    drums: false,
    notes: rhythm(song, 16, play, BAR / 12),
    bends: true,
  };
}

function drums(song: Song): Part {
  const play = (_: number, step: number) => {
    const hits = song.random(8) ? [42] : [46];
    if (step % 8 === 0 || song.random(9) === 0) hits.push(36);
    if (step % 8 === 4) hits.push(38);
    return step % 2 && song.random(2) ? [] : hits;
  };
  return { name: "Drums", program: 0, drums: true, notes: rhythm(song, 16, play, 60), bends: false };
}

/** Events of a track in no order; a message is one number (status, data), a meta the complement of its index. */
interface Events {
  readonly ticks: number[];
  /** Ends come before whatever begins at the same tick. */
  readonly orders: number[];
  readonly messages: number[];
  readonly metas: number[][];
}

function noEvents(): Events {
  return { ticks: [], orders: [], messages: [], metas: [] };
}

function message(events: Events, tick: number, order: number, status: number, data1: number, data2 = 0): void {
  events.ticks.push(tick);
  events.orders.push(order);
  events.messages.push((status << 16) | (data1 << 8) | data2);
}

function meta(events: Events, tick: number, type: number, data: readonly number[]): void {
  events.ticks.push(tick);
  events.orders.push(1);
  events.messages.push(~events.metas.length);
  events.metas.push([0xff, type, data.length, ...data]);
}

function text(events: Events, type: number, what: string): void {
  meta(
    events,
    0,
    type,
    [...what].map((char) => char.charCodeAt(0)),
  );
}

function writeConductor(events: Events, song: Song, seed: number): void {
  const microseconds = Math.round(60e6 / (70 + song.random(100)));
  const fifths = ((song.key * 7 + (song.minor ? 3 : 0) + 5) % 12) - 5;
  text(events, 0x03, `Song ${seed}`);
  meta(events, 0, 0x58, [4, 2, 24, 8]);
  meta(events, 0, 0x59, [fifths & 255, song.minor ? 1 : 0]);
  meta(events, 0, 0x51, [microseconds >> 16, (microseconds >> 8) & 255, microseconds & 255]);
  for (let bar = 8; bar < song.bars; bar += 8) meta(events, bar * BAR, 0x06, [65 + (bar >> 3)]);
}

function writePart(events: Events, part: Part, channel: number): void {
  text(events, 0x03, part.name);
  message(events, 0, 1, 0xc0 | channel, part.program);
  message(events, 0, 1, 0xb0 | channel, 7, 100);
  message(events, 0, 1, 0xb0 | channel, 10, 64);
  message(events, 0, 1, 0xb0 | channel, 91, 40);
  part.notes.forEach(({ start, end, pitch, velocity }, i) => {
    message(events, start, 2, 0x90 | channel, pitch, velocity);
    message(events, end, 0, 0x90 | channel, pitch, 0);
    if (!part.bends || i % 16 !== 0) return;
    for (let bend = 0; bend <= 8; bend++) message(events, start + 10 * bend, 1, 0xe0 | channel, 0, 64 + (bend % 8));
  });
}

function file(format: number, tracks: readonly Events[]): Uint8Array {
  const bytes = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, format, 0, tracks.length];
  bytes.push(TICKS_PER_QUARTER >> 8, TICKS_PER_QUARTER & 255);
  for (const events of tracks) writeTrack(bytes, events);
  return Uint8Array.from(bytes);
}

/** A track chunk: events in order, with deltas and running status. */
function writeTrack(bytes: number[], { ticks, orders, messages, metas }: Events): void {
  const chunk = bytes.length;
  bytes.push(0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, 0);
  const sorted = Float64Array.from(ticks, (tick, i) => (tick * 4 + orders[i]!) * MOST_EVENTS + i).sort();
  let before = 0;
  let status = 0;
  for (const key of sorted) {
    const i = key % MOST_EVENTS;
    pushVarlen(bytes, ticks[i]! - before);
    before = ticks[i]!;
    const word = messages[i]!;
    if (word < 0) bytes.push(...metas[~word]!);
    else {
      if (word >> 16 !== status) bytes.push(word >> 16);
      bytes.push((word >> 8) & 0x7f);
      if (word >> 20 !== 0xc) bytes.push(word & 0x7f);
    }
    status = word < 0 ? 0 : word >> 16;
  }
  bytes.push(0, 0xff, 0x2f, 0);
  const length = bytes.length - chunk - 8;
  for (let i = 0; i < 4; i++) bytes[chunk + 4 + i] = (length >> (24 - 8 * i)) & 255;
}

const MOST_EVENTS = 1 << 20;

function pushVarlen(bytes: number[], value: number): void {
  for (let shift = 21; shift > 0; shift -= 7) if (value >> shift) bytes.push(((value >> shift) & 0x7f) | 0x80);
  bytes.push(value & 0x7f);
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { files: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
  });
  const [folder] = positionals;
  if (folder === undefined) {
    console.error("usage: bun scripts/bench/generate.ts FOLDER [--files 1000] [--seed 1]");
    process.exitCode = 2;
  } else {
    const total = await generateLibrary(folder, Number(values.files), Number(values.seed));
    console.error(`${values.files} files, ${(total / 1e6).toFixed(1)} MB in ${folder}`);
  }
}
