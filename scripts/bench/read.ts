#!/usr/bin/env bun
/**
 * How fast one thread reads MIDI files, this reader against the others of npm, in one run.
 *
 *     bun scripts/bench/read.ts [--source FOLDER] [--files 300] [--seconds 30] [--json]
 *
 * The files are in memory. Every reader takes them in turn, round after round (A B C A B C ...), so that what else
 * the machine does hits all alike; a slow reader takes a part of the files, the same in every round. Figures are
 * medians over the rounds after the first, the spread is from the fastest to the slowest of them. Without --source,
 * 300 generated songs are read (generate.ts, seed 1). Ours read 1,000 mutated songs before: a folder holds malformed
 * files, and what they bring into compiled code stays there.
 *
 * On 2 cores of an AMD EPYC with Bun 1.4.5 while 10 other processes wanted them (`--seconds 40`): 10 times midi-file, 45
 * times spessasynth_core, 85 times @tonejs/midi; 265 MB/s and 17,587 files/s at the median, 33,884 files/s in the best
 * round.
 */
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Midi } from "@tonejs/midi";
import tonePackage from "@tonejs/midi/package.json" with { type: "json" };
import JZZ from "jzz";
// @ts-expect-error: it has no types; it adds JZZ.MIDI.SMF to what it is given.
import addSmf from "jzz-midi-smf";
import jzzPackage from "jzz-midi-smf/package.json" with { type: "json" };
import { parseMidi } from "midi-file";
import midiFilePackage from "midi-file/package.json" with { type: "json" };
import { read as readMidifileTs } from "midifile-ts";
import midifileTsPackage from "midifile-ts/package.json" with { type: "json" };
import { BasicMIDI } from "spessasynth_core";
import spessasynthPackage from "spessasynth_core/package.json" with { type: "json" };
import { BadMidi } from "../../lib/midi/bad-midi.ts";
import { createReader, type Reader } from "../../lib/midi/read.ts";
import ownPackage from "../../package.json" with { type: "json" };
import { mutate, seeded } from "../../test/support/mutate.ts";
import { generateSong } from "./generate.ts";

interface Contender {
  readonly name: string;
  /** Reads a file; throws when it cannot. */
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => unknown;
}

interface Figures {
  readonly name: string;
  readonly files: number;
  readonly unread: number;
  readonly rounds: number;
  readonly filesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Slowest and fastest round, files a second. */
  readonly spread: readonly [number, number];
}

function contenders(): Contender[] {
  const reader = hardened(createReader());
  const readerWithEvents = hardened(createReader({ events: true }));
  addSmf(JZZ);
  const { SMF } = JZZ.MIDI as unknown as { SMF: new (bytes: Uint8Array) => unknown };
  return [
    { name: `midiworks ${ownPackage.version}`, read: (bytes) => reader.read(bytes) },
    { name: `midiworks ${ownPackage.version}, events kept`, read: (bytes) => readerWithEvents.read(bytes) },
    { name: `midi-file ${midiFilePackage.version}`, read: (bytes) => parseMidi(bytes) },
    { name: `midifile-ts ${midifileTsPackage.version}`, read: (bytes) => readMidifileTs(bytes) },
    {
      name: `spessasynth_core ${spessasynthPackage.version}`,
      read: (bytes) => BasicMIDI.fromArrayBuffer(bytes.slice().buffer),
    },
    { name: `jzz-midi-smf ${jzzPackage.version}`, read: (bytes) => new SMF(bytes) },
    { name: `@tonejs/midi ${tonePackage.version}`, read: (bytes) => new Midi(bytes) },
  ];
}

function hardened(reader: Reader): Reader {
  const random = seeded(1);
  const songs = generated(20);
  for (let i = 0; i < 1000; i++) {
    try {
      reader.read(mutate(songs[i % songs.length]!, songs, random));
    } catch (error) {
      if (!(error instanceof BadMidi)) throw error;
    }
  }
  return reader;
}

/** Runs the bench its arguments ask for; the table, or with --json one object, goes to stdout. */
export async function runReadBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const data = values.source === undefined ? generated(Number(values.files)) : filesIn(values.source);
  const figures = measure(contenders(), data, Number(values.seconds) * 1000);
  const bytes = data.reduce((sum, file) => sum + file.length, 0);
  const result = {
    machine: describeMachine(),
    data: `${data.length} ${values.source === undefined ? "generated songs" : "files"}, ${(bytes / 1e6).toFixed(1)} MB`,
    readers: figures,
    ratioToMidiFile: ratio(figures, "midi-file"),
    ratioToTone: ratio(figures, "@tonejs/midi"),
  };
  console.log(values.json ? JSON.stringify(result, null, 2) : table(result));
}

const OPTIONS = {
  source: { type: "string" },
  files: { type: "string", default: "300" },
  seconds: { type: "string", default: "30" },
  json: { type: "boolean", default: false },
} as const;

function generated(count: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, i) => Uint8Array.from(generateSong(1e7 + i)));
}

function filesIn(folder: string): Uint8Array<ArrayBuffer>[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(midi?|kar|rmi)$/i.test(name))
    .sort()
    .map((name) => Uint8Array.from(readFileSync(join(folder, name))));
  if (files.length === 0) throw new Error(`Cannot measure reading: no MIDI files in ${folder}, expected some`);
  return files;
}

/**
 * Rounds over all contenders until the time is up, at least 5. A contender's share of the files is what it reads in
 * about a twentieth of its part of the time; the first, unmeasured round tells how fast it is.
 */
function measure(all: readonly Contender[], data: readonly Uint8Array<ArrayBuffer>[], milliseconds: number): Figures[] {
  const until = performance.now() + milliseconds;
  const share = milliseconds / all.length / 20;
  const entries = all.map((contender) => ({ contender, files: warmUp(contender, data, share), rates: [] as number[] }));
  while (performance.now() < until || entries[0]!.rates.length < 5) {
    for (const { contender, files, rates } of entries) rates.push(round(contender, files, share));
  }
  return entries.map(({ contender, files, rates }) => {
    const sorted = rates.toSorted((a, b) => a - b);
    const filesPerSecond = sorted[sorted.length >> 1]!;
    const bytes = files.reduce((sum, file) => sum + file.length, 0);
    return {
      name: contender.name,
      files: files.length,
      unread: readAll(contender, files).unread,
      rounds: rates.length,
      filesPerSecond,
      megabytesPerSecond: (filesPerSecond * bytes) / files.length / 1e6,
      spread: [sorted[0]!, sorted.at(-1)!] as const,
    };
  });
}

/** Reads for a while, so that the code is compiled, and picks evenly as many files as fit into the share. */
function warmUp(contender: Contender, data: readonly Uint8Array<ArrayBuffer>[], share: number) {
  const until = performance.now() + Math.max(500, 3 * share);
  let read = 0;
  let before = performance.now();
  while (performance.now() < until) {
    if (read === data.length) before = performance.now();
    readAll(contender, [data[(read++ * 7919) % data.length]!]);
  }
  const timed = read > data.length ? read - data.length : read;
  const fitting = (share * timed) / (performance.now() - before);
  const step = Math.max(1, Math.ceil(data.length / Math.max(30, fitting)));
  return data.filter((_, i) => i % step === 0);
}

/** Files a second. All rounds last about as long, so that a busy machine interrupts a fast reader no less than a slow one. */
function round(contender: Contender, files: readonly Uint8Array<ArrayBuffer>[], share: number): number {
  let passes = 0;
  let seconds = 0;
  for (; seconds * 1000 < share; passes++) seconds += readAll(contender, files).seconds;
  return (passes * files.length) / seconds;
}

function readAll({ read }: Contender, files: readonly Uint8Array<ArrayBuffer>[]) {
  let unread = 0;
  const began = performance.now();
  for (const file of files) {
    try {
      read(file);
    } catch {
      unread++;
    }
  }
  return { seconds: (performance.now() - began) / 1000, unread };
}

/** How many times faster ours is, by bytes a second: the shares of files differ a little in size. */
function ratio(figures: readonly Figures[], name: string): number {
  const other = figures.find((figure) => figure.name.startsWith(`${name} `))!;
  return Number((figures[0]!.megabytesPerSecond / other.megabytesPerSecond).toFixed(1));
}

function describeMachine(): string {
  return `${cpus().length} × ${cpus()[0]?.model ?? process.arch}, ${process.platform} ${process.arch}; Bun ${Bun.version}`;
}

function table(result: { machine: string; data: string; readers: readonly Figures[] }): string {
  const ours = result.readers[0]!;
  const rows = result.readers.map((figure) => [
    figure.name,
    figure.filesPerSecond.toFixed(0),
    figure.megabytesPerSecond.toFixed(1),
    `${(ours.megabytesPerSecond / figure.megabytesPerSecond).toFixed(1)}x`,
    `${figure.spread[0].toFixed(0)}..${figure.spread[1].toFixed(0)}`,
    String(figure.rounds),
    String(figure.files),
    String(figure.unread),
  ]);
  const head = ["reader", "files/s", "MB/s", "ours is", "spread, files/s", "rounds", "files", "not read"];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [result.machine, result.data, "", ...lines].join("\n");
}

if (import.meta.main) await runReadBench(process.argv.slice(2));
