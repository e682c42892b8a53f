#!/usr/bin/env bun
/**
 * How fast one thread reads and analyses a folder of MIDI files, in total and feature by feature.
 *
 *     bun scripts/bench.ts analyze [--source DIR] [--rounds 3] [--json]
 *
 * The files are read into memory first. Rates are processor time of this thread over N rounds after one to warm up, but
 * for the first files of the thread. A step's time is the sum, over the files, of the least that any round took for that
 * file: what other work on the machine and the collection of garbage add falls out.
 */
import { analyze } from "../../lib/analysis/analyze.ts";
import { bars } from "../../lib/analysis/bars.ts";
import { beats, beatsFeature } from "../../lib/analysis/beats.ts";
import { gridFit } from "../../lib/analysis/beats-grid.ts";
import { onsets } from "../../lib/analysis/beats-onsets.ts";
import { pulse } from "../../lib/analysis/beats-pulse.ts";
import { complexity } from "../../lib/analysis/complexity.ts";
import { drums } from "../../lib/analysis/drums.ts";
import { duration } from "../../lib/analysis/duration.ts";
import { expression } from "../../lib/analysis/expression.ts";
import { harmony } from "../../lib/analysis/harmony.ts";
import { identity } from "../../lib/analysis/identity.ts";
import { material } from "../../lib/analysis/material.ts";
import { meter } from "../../lib/analysis/meter.ts";
import { names } from "../../lib/analysis/names.ts";
import { notes } from "../../lib/analysis/notes.ts";
import { performed } from "../../lib/analysis/performed.ts";
import { rhythm } from "../../lib/analysis/rhythm.ts";
import { structure } from "../../lib/analysis/structure.ts";
import { tempo } from "../../lib/analysis/tempo.ts";
import { text as textFeature } from "../../lib/analysis/text.ts";
import { texture } from "../../lib/analysis/texture.ts";
import { tracks } from "../../lib/analysis/tracks.ts";
import { voiceColumns } from "../../lib/analysis/voices.ts";
import { defineScript, runScript } from "../../lib/cli/script.ts";
import { createReader } from "../../lib/midi/read.ts";
import { describeMachine } from "./machine.ts";
import { type SourceFile, sourceFiles, sourceFlag } from "./source.ts";
import { type Spread, spread } from "./spread.ts";

/** Files that a thread which has just started is timed with. */
const COLD = 300;
const GENERATED = 300;

export const script = defineScript({
  name: "bench/analyze",
  description: "The analysis alone, one thread: files a second, and what each feature takes",
  flags: {
    ...sourceFlag,
    rounds: { type: "number", valueHint: "N", default: 3, least: 1, description: "Rounds over all files" },
    json: { type: "boolean", description: "One JSON object on stdout" },
  },
  async run({ source, rounds, json }, { stop }) {
    const files = sourceFiles(source, GENERATED).filter(({ bytes }) => readable(bytes));
    const report = await measureAnalysis(files, rounds, stop);
    if (report) process.stdout.write(`${json ? JSON.stringify(report) : text(report)}\n`);
  },
});

const reader = createReader();

function readable(file: Uint8Array): boolean {
  try {
    reader.read(file);
    return true;
  } catch {
    return false;
  }
}

/** Least microseconds that any round took for a step of a file: one row a step, one cell a file. */
type Steps = Map<string, number[]>;

function timed<T>(steps: Steps, name: string, file: number, work: () => T): T {
  const start = performance.now();
  const result = work();
  const taken = (performance.now() - start) * 1000;
  let least = steps.get(name);
  if (!least) steps.set(name, (least = []));
  least[file] = Math.min(taken, least[file] ?? Number.POSITIVE_INFINITY);
  return result;
}

/** The features one by one, in the order and with the arguments of `analyze`. */
function stepwise(steps: Steps, files: readonly SourceFile[]): void {
  for (const [n, file] of files.entries()) {
    const score = timed(steps, "read", n, () => reader.read(file.bytes));
    const m = timed(steps, "material", n, () => material(score));
    const grid = timed(steps, "grid", n, () => gridFit(m));
    const played = timed(steps, "performed", n, () => performed(m, grid));
    const struck = timed(steps, "onsets", n, () => onsets(m));
    const beat = timed(steps, "pulse", n, () => pulse(m, grid, struck));
    const time = timed(steps, "meter", n, () => meter(m, played, struck, beat));
    const beatTimes = timed(steps, "beats", n, () => beats(m, beat, time));
    const pace = timed(steps, "tempo", n, () => tempo(m, beat, played));
    const tonal = timed(steps, "harmony", n, () => harmony(m, beatTimes));
    const measures = timed(steps, "bars", n, () => bars(beatTimes, time));
    const voices = timed(steps, "voices", n, () => voiceColumns(m));
    const words = timed(steps, "text", n, () => textFeature(score, m.time));
    timed(steps, "duration", n, () => duration(m, time, beat?.source === "grid"));
    timed(steps, "beats list", n, () => beatsFeature(beatTimes));
    timed(steps, "rhythm", n, () => rhythm(m, struck, beat, time));
    timed(steps, "notes", n, () => notes(m));
    timed(steps, "texture", n, () => texture(m));
    timed(steps, "complexity", n, () => complexity(m));
    timed(steps, "tracks", n, () => tracks(m, voices, words.names));
    timed(steps, "drums", n, () => drums(m, measures));
    timed(steps, "expression", n, () => expression(m, voices));
    timed(steps, "structure", n, () => structure(m, measures));
    timed(steps, "identity", n, () => identity(m));
    timed(steps, "names", n, () =>
      names(file.path, { bpm: pace.bpm, tonic: tonal.key?.tonic ?? null, mode: tonal.key?.mode ?? null }),
    );
  }
}

function whole(steps: Steps, files: readonly SourceFile[]): void {
  for (const [n, file] of files.entries()) {
    const features = timed(steps, "read + analyze", n, () => analyze(reader.read(file.bytes), { path: file.path }));
    timed(steps, "JSON", n, () => JSON.stringify(features));
  }
}

type Report = NonNullable<Awaited<ReturnType<typeof measureAnalysis>>>;

/** Everything, the first files of the thread before all others; nothing when it is stopped between two rounds. */
async function measureAnalysis(files: readonly SourceFile[], rounds: number, stop: AbortSignal) {
  /** Spread over the folders, so that one kind of file does not stand for all. */
  const sample = files.filter((_, n) => n % Math.ceil(files.length / COLD) === 0);
  const cold = await rate(readAnalyze, sample, 1, stop);
  for (const file of files) readAnalyze(file);
  const filesPerSecond = {
    "read only": await rate(({ bytes }) => reader.read(bytes), files, rounds, stop),
    "read + analyze": await rate(readAnalyze, files, rounds, stop),
    [`the first ${sample.length}`]: cold,
    "the same, warm": await rate(readAnalyze, sample, rounds, stop),
  };
  const [steps, total]: Steps[] = [new Map(), new Map()];
  for (let round = 0; round <= rounds; round++) {
    if (await stopped(stop)) return;
    stepwise(steps!, files);
    whole(total!, files);
  }
  const sum = rows(steps!, files.length).reduce((all, [, time]) => all + time, 0);
  const microsecondsPerFile = Object.fromEntries([
    ...rows(steps!, files.length),
    ["sum of these", Math.round(sum * 10) / 10],
    ...rows(total!, files.length),
  ]);
  const bytes = files.reduce((all, file) => all + file.bytes.length, 0);
  return { machine: describeMachine(), files: files.length, bytes, filesPerSecond, microsecondsPerFile };
}

/** Files a second of processor time of this thread, collection of garbage included. */
async function rate(
  work: (file: SourceFile) => void,
  files: readonly SourceFile[],
  rounds: number,
  stop: AbortSignal,
): Promise<Spread> {
  const rates: number[] = [];
  for (let round = 0; round < rounds && !(await stopped(stop)); round++) {
    const start = process.threadCpuUsage();
    for (const file of files) work(file);
    const { user, system } = process.threadCpuUsage(start);
    rates.push(Math.round((files.length / (user + system)) * 1e6));
  }
  return spread(rates);
}

/** Lets a signal in. */
async function stopped(stop: AbortSignal): Promise<boolean> {
  await Bun.sleep(0);
  return stop.aborted;
}

function readAnalyze({ path, bytes }: SourceFile): void {
  analyze(reader.read(bytes), { path });
}

/** Microseconds a file of each step. */
function rows(steps: Steps, files: number): [string, number][] {
  return [...steps].map(([name, times]) => [
    name,
    Math.round((times.reduce((sum, time) => sum + time, 0) / files) * 10) / 10,
  ]);
}

function text({ machine, files, bytes, filesPerSecond, microsecondsPerFile }: Report): string {
  const rates = Object.entries(filesPerSecond).map(
    ([name, { median, least, most }]) =>
      `${name.padEnd(16)} ${Math.round(median)} files/s (${Math.round(least)} to ${Math.round(most)})`,
  );
  const times = Object.entries(microsecondsPerFile).map(([name, time]) => `${name.padEnd(16)} ${time} µs a file`);
  return [machine, `${files} files, ${(bytes / 1e6).toFixed(1)} MB, one thread`, "", ...rates, "", ...times].join("\n");
}

if (import.meta.main) await runScript(script);
