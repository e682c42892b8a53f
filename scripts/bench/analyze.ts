#!/usr/bin/env bun
/**
 * How fast one thread reads and analyses a folder of MIDI files, in total and feature by feature.
 *
 *     bun scripts/bench/analyze.ts --source FOLDER [--rounds N] [--json]
 *
 * The files are read into memory first. Rates are processor time of this thread in the best of N rounds (3) after one to
 * warm up, but for the first files of the thread. A step's time is the sum, over the files, of the least that any round took
 * for that file: what other work on the machine and the collection of garbage add falls out.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
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
import { text } from "../../lib/analysis/text.ts";
import { texture } from "../../lib/analysis/texture.ts";
import { tracks } from "../../lib/analysis/tracks.ts";
import { voiceColumns } from "../../lib/analysis/voices.ts";
import { createReader } from "../../lib/midi/read.ts";

const { values } = parseArgs({
  options: { source: { type: "string" }, rounds: { type: "string", default: "3" }, json: { type: "boolean" } },
});
if (values.source === undefined) {
  console.error("usage: bun scripts/bench/analyze.ts --source FOLDER [--rounds N] [--json]");
  process.exit(2);
}

/** Files that a thread which has just started is timed with. */
const COLD = 300;

const reader = createReader();
const files = readdirSync(values.source, { recursive: true, encoding: "utf8" })
  .sort()
  .filter((name) => /\.(midi?|kar|rmi)$/i.test(name))
  .map((name) => ({ path: join(values.source!, name), bytes: readFileSync(join(values.source!, name)) }))
  .filter(({ bytes }) => readable(bytes));
const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);

function readable(file: Uint8Array): boolean {
  try {
    reader.read(file);
    return true;
  } catch {
    return false;
  }
}

/** Least microseconds that any round took for a step of a file: one row a step, one cell a file. */
type Steps = Map<string, Float64Array>;

function timed<T>(steps: Steps, name: string, file: number, work: () => T): T {
  const start = performance.now();
  const result = work();
  const taken = (performance.now() - start) * 1000;
  let least = steps.get(name);
  if (!least) steps.set(name, (least = new Float64Array(files.length).fill(Number.POSITIVE_INFINITY)));
  if (taken < least[file]!) least[file] = taken;
  return result;
}

/** The features one by one, in the order and with the arguments of `analyze`. */
function stepwise(steps: Steps): void {
  for (const [n, file] of files.entries()) {
    const score = timed(steps, "read", n, () => reader.read(file.bytes));
    const m = timed(steps, "material", n, () => material(score));
    const grid = timed(steps, "grid", n, () => gridFit(m));
    const played = timed(steps, "performed", n, () => performed(m, grid));
    const struck = timed(steps, "onsets", n, () => onsets(m));
    const beat = timed(steps, "pulse", n, () => pulse(m, grid, struck));
    const time = timed(steps, "meter", n, () => meter(m, played, struck, beat));
    const beatTimes = timed(steps, "beats", n, () => beats(m, beat, time));
    const pace = timed(steps, "tempo", n, () => tempo(m, beat, time));
    const tonal = timed(steps, "harmony", n, () => harmony(m, beatTimes));
    const measures = timed(steps, "bars", n, () => bars(beatTimes, time));
    const voices = timed(steps, "voices", n, () => voiceColumns(m));
    const words = timed(steps, "text", n, () => text(score, m.time));
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

function whole(steps: Steps): void {
  for (const [n, file] of files.entries()) {
    const features = timed(steps, "read + analyze", n, () => analyze(reader.read(file.bytes), { path: file.path }));
    timed(steps, "JSON", n, () => JSON.stringify(features));
  }
}

/** Files a second of processor time of this thread, collection of garbage included, in the best of the rounds. */
function rate(work: (file: (typeof files)[number]) => void, some = files, rounds = Number(values.rounds)): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.threadCpuUsage();
    for (const file of some) work(file);
    const { user, system } = process.threadCpuUsage(start);
    least = Math.min(least, user + system);
  }
  return Math.round((some.length / least) * 1e6);
}

const readAnalyze = (file: (typeof files)[number]) => analyze(reader.read(file.bytes), { path: file.path });
/** Spread over the folders, so that one kind of file does not stand for all. */
const sample = files.filter((_, n) => n % Math.ceil(files.length / COLD) === 0);
const cold = rate(readAnalyze, sample, 1);
for (const file of files) readAnalyze(file);
const filesPerSecond = {
  "read only": rate((file) => reader.read(file.bytes)),
  "read + analyze": rate(readAnalyze),
  [`the first ${sample.length}`]: cold,
  "the same, warm": rate(readAnalyze, sample),
};
const steps: Steps = new Map();
const total: Steps = new Map();
for (let round = 0; round <= Number(values.rounds); round++) {
  stepwise(steps);
  whole(total);
}
const perFile = (times: Float64Array) => Math.round((times.reduce((sum, t) => sum + t, 0) / files.length) * 10) / 10;
const rows = (of: Steps) => [...of].map(([name, times]) => [name, perFile(times)] as const);
const sum = Math.round(rows(steps).reduce((all, [, time]) => all + time, 0) * 10) / 10;
const microsecondsPerFile = Object.fromEntries([...rows(steps), ["sum of these", sum], ...rows(total)]);
if (values.json) console.log(JSON.stringify({ files: files.length, bytes, filesPerSecond, microsecondsPerFile }));
else {
  console.log(`${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, one thread`);
  for (const [name, per] of Object.entries(filesPerSecond)) console.log(`${name.padEnd(16)} ${per} files/s`);
  for (const [name, time] of Object.entries(microsecondsPerFile)) console.log(`${name.padEnd(16)} ${time} µs a file`);
}
