#!/usr/bin/env bun
/**
 * How fast one thread reads MIDI files, this reader against the others of npm, in one run.
 *
 *     bun scripts/bench.ts read [--source DIR] [--files 300] [--seconds 30] [--json]
 *
 * The files are in memory. Every reader has a process of its own, because what one leaves in a shared heap slows the
 * others (with jzz-midi-smf beside it ours read 190 MB/s, alone 610). They take turns, round after round (A B C A B C ...),
 * so that what else the machine does hits all alike; a slow reader takes a part of the files, the same in every round.
 * Figures are medians over the rounds, the spread is from the slowest to the fastest of them. Without --source,
 * 300 generated songs are read (generate.ts, seed 1). Ours read 1,000 mutated songs before: a folder holds malformed
 * files, and what they bring into compiled code stays there.
 */
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
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript } from "../../lib/cli/script.ts";
import { BadMidi } from "../../lib/midi/read/bad-midi.ts";
import { createReader, type Reader } from "../../lib/midi/read/reader.ts";
import ownPackage from "../../package.json" with { type: "json" };
import { describeMachine } from "./machine.ts";
import { mutate, seeded } from "./mutate.ts";
import { sourceFiles, sourceFlag } from "./source.ts";
import { unlessStopped } from "./stop.ts";

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

/** The readers by name, made when they are asked for: each in its own process. */
const CONTENDERS: Readonly<Record<string, () => Contender["read"]>> = {
  [`midiworks ${ownPackage.version}`]: () => {
    const reader = hardened(createReader());
    return (bytes) => reader.read(bytes);
  },
  [`midiworks ${ownPackage.version}, events kept`]: () => {
    const reader = hardened(createReader({ events: true }));
    return (bytes) => reader.read(bytes);
  },
  [`midi-file ${midiFilePackage.version}`]: () => parseMidi,
  [`midifile-ts ${midifileTsPackage.version}`]: () => readMidifileTs,
  [`spessasynth_core ${spessasynthPackage.version}`]: () => (bytes) => BasicMIDI.fromArrayBuffer(bytes.slice().buffer),
  [`jzz-midi-smf ${jzzPackage.version}`]: () => {
    addSmf(JZZ);
    const { SMF } = JZZ.MIDI as unknown as { SMF: new (bytes: Uint8Array) => unknown };
    return (bytes) => new SMF(bytes);
  },
  [`@tonejs/midi ${tonePackage.version}`]: () => (bytes) => new Midi(bytes),
};

function hardened(reader: Reader): Reader {
  const random = seeded(1);
  const songs = sourceFiles(undefined, 20).map((file) => file.bytes);
  for (let i = 0; i < 1000; i++) {
    try {
      reader.read(mutate(songs[i % songs.length]!, songs, random));
    } catch (error) {
      if (!(error instanceof BadMidi)) throw error;
    }
  }
  return reader;
}

export const script = defineScript({
  name: "bench/read",
  description: "The reader alone, one thread, beside the readers of npm",
  flags: {
    ...sourceFlag,
    files: { type: "number", valueHint: "N", default: 300, least: 1, description: "Generated songs without --source" },
    seconds: { type: "number", valueHint: "S", default: 30, least: 1, description: "For all readers together" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ source, files, seconds, json }, { stop }) {
    const data = sourceFiles(source, files).map((file) => file.bytes);
    const figures = await unlessStopped(stop, measure({ source, files, seconds }, stop));
    if (!figures) return;
    const bytes = data.reduce((sum, file) => sum + file.length, 0);
    const result = {
      machine: describeMachine(),
      data: `${data.length} ${source === undefined ? "generated songs" : "files"}, ${(bytes / 1e6).toFixed(1)} MB`,
      readers: figures,
      ratioToMidiFile: ratio(figures, "midi-file"),
      ratioToTone: ratio(figures, "@tonejs/midi"),
    };
    process.stdout.write(`${json ? JSON.stringify(result) : table(result)}\n`);
  },
});

/** What every child is told: the files to read and the time for all. */
interface Task {
  readonly source: string | undefined;
  readonly files: number;
  readonly seconds: number;
}

const names = Object.keys(CONTENDERS);

/** What a child tells: its share of the files when it is warm, then the files a second of each round it is asked for. */
type Told = { readonly files: number; readonly bytes: number; readonly unread: number } | { readonly rate: number };

/** Rounds over all contenders until the time is up, at least 5. */
async function measure(task: Task, stop: AbortSignal): Promise<Figures[]> {
  const children = [];
  for (const name of names) children.push(await startContender(name, task, stop));
  const until = performance.now() + task.seconds * 1000;
  while (performance.now() < until || children[0]!.rates.length < 5) {
    for (const child of children) child.rates.push(await child.round());
  }
  return children.map(({ name, files, bytes, unread, rates, end }) => {
    end();
    const sorted = rates.toSorted((a, b) => a - b);
    const filesPerSecond = sorted[sorted.length >> 1]!;
    return {
      name,
      files,
      unread,
      rounds: rates.length,
      filesPerSecond,
      megabytesPerSecond: (filesPerSecond * bytes) / files / 1e6,
      spread: [sorted[0]!, sorted.at(-1)!] as const,
    };
  });
}

async function startContender(name: string, task: Task, stop: AbortSignal) {
  let hear: (told: Told) => void = () => {};
  const child = Bun.spawn([process.execPath, import.meta.path, JSON.stringify({ name, ...task })], {
    signal: stop,
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (told: Told) => hear(told),
  });
  const told = () => new Promise<Told>((resolve) => (hear = resolve));
  const warm = (await told()) as Exclude<Told, { rate: number }>;
  const round = async () => {
    const answer = told();
    child.send("round");
    return ((await answer) as { rate: number }).rate;
  };
  return { name, ...warm, rates: [] as number[], round, end: () => child.kill() };
}

/** The life of a child: its share is what it reads in about a twentieth of its part of the time. */
function contend({ name, source, files: count, seconds }: Task & { readonly name: string }): void {
  const data = sourceFiles(source, count).map((file) => file.bytes);
  const share = (seconds * 1000) / names.length / 20;
  const contender = { name, read: CONTENDERS[name]!() };
  const files = warmUp(contender, data, share);
  const bytes = files.reduce((sum, file) => sum + file.length, 0);
  process.on("message", () => process.send!({ rate: round(contender, files, share) } satisfies Told));
  process.send!({ files: files.length, bytes, unread: readAll(contender, files).unread } satisfies Told);
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

if (import.meta.main) {
  const [argument = ""] = process.argv.slice(2);
  if (argument.startsWith("{")) contend(JSON.parse(argument));
  else await runScript(script);
}
