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
import { createAnalyzer, featuresOf } from "../../lib/analysis/analyzer.ts";
import { createScratch } from "../../lib/analysis/scratch.ts";
import { STEPS, type StepResults } from "../../lib/analysis/steps.ts";
import { runScript } from "../../lib/cli/run-script.ts";
import { defineScript } from "../../lib/cli/script.ts";
import { createReader } from "../../lib/midi/read/reader.ts";
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
const analyzer = createAnalyzer();
const scratch = createScratch();

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

/** The steps one by one, as the analyser runs them. */
function stepwise(steps: Steps, files: readonly SourceFile[]): void {
  for (const [n, file] of files.entries()) {
    const read = timed(steps, "read", n, () => reader.read(file.bytes));
    const results: Record<string, unknown> = { read, path: file.path };
    const known = results as unknown as StepResults;
    for (const { name, make } of STEPS) results[name] = timed(steps, name, n, () => make(known, scratch));
    timed(steps, "features", n, () => featuresOf(known));
  }
}

function whole(steps: Steps, files: readonly SourceFile[]): void {
  for (const [n, file] of files.entries()) {
    const features = timed(steps, "read + analyze", n, () =>
      analyzer.analyze(reader.read(file.bytes), { path: file.path }),
    );
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
  analyzer.analyze(reader.read(bytes), { path });
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
