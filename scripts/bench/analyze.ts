#!/usr/bin/env bun
/**
 * How fast one thread reads and analyses a folder of MIDI files, in total and feature by feature.
 *
 *     bun scripts/bench/analyze.ts --source FOLDER [--rounds N] [--json]
 *
 * The files are read into memory first. Figures are processor time of this thread, so that other work on the machine
 * counts little, and the best of N rounds (3) after one to warm up.
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
import { drums } from "../../lib/analysis/drums.ts";
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

const reader = createReader();
const files = readdirSync(values.source, { recursive: true, encoding: "utf8" })
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

/** Microseconds spent per step, summed over the files of a round. */
type Steps = Map<string, number>;

function timed<T>(steps: Steps, name: string, work: () => T): T {
  const start = process.threadCpuUsage();
  const result = work();
  const { user, system } = process.threadCpuUsage(start);
  steps.set(name, (steps.get(name) ?? 0) + user + system);
  return result;
}

/** The features one by one, in the order and with the arguments of `analyze`. */
function stepwise(): Steps {
  const steps: Steps = new Map();
  for (const file of files) {
    const score = timed(steps, "read", () => reader.read(file.bytes));
    const m = timed(steps, "material", () => material(score));
    const grid = timed(steps, "grid", () => gridFit(m));
    const played = timed(steps, "performed", () => performed(m, grid));
    const struck = timed(steps, "onsets", () => onsets(m));
    const beat = timed(steps, "pulse", () => pulse(m, grid, struck));
    const time = timed(steps, "meter", () => meter(m, played, struck, beat));
    const beatTimes = timed(steps, "beats", () => beats(m, beat, time));
    timed(steps, "beats", () => beatsFeature(beatTimes));
    const pace = timed(steps, "tempo", () => tempo(m, beat, time));
    timed(steps, "rhythm", () => rhythm(m, struck, beat, time));
    timed(steps, "harmony", () => harmony(m, beatTimes));
    const measures = timed(steps, "bars", () => bars(beatTimes, time));
    const voices = timed(steps, "voices", () => voiceColumns(m));
    const words = timed(steps, "text", () => text(score, m.time));
    timed(steps, "notes", () => notes(m));
    timed(steps, "texture", () => texture(m));
    timed(steps, "tracks", () => tracks(m, voices, words.names));
    timed(steps, "drums", () => drums(m, measures));
    timed(steps, "expression", () => expression(m, voices));
    timed(steps, "structure", () => structure(m, measures));
    timed(steps, "identity", () => identity(m));
    timed(steps, "names", () => names(file.path, { bpm: pace.bpm, tonic: null, mode: null }));
  }
  return steps;
}

function whole(): Steps {
  const steps: Steps = new Map();
  for (const file of files) timed(steps, "read only", () => reader.read(file.bytes));
  for (const file of files) timed(steps, "read + analyze", () => analyze(reader.read(file.bytes), { path: file.path }));
  for (const file of files) {
    const features = analyze(reader.read(file.bytes), { path: file.path });
    timed(steps, "JSON", () => JSON.stringify(features));
  }
  return steps;
}

function best(run: () => Steps): Steps {
  run();
  const least = run();
  for (let round = 1; round < Number(values.rounds); round++)
    for (const [name, time] of run()) least.set(name, Math.min(time, least.get(name)!));
  return least;
}

const total = best(whole);
const steps = best(stepwise);
const perFile = (time: number) => Math.round((time / files.length) * 10) / 10;
const report = {
  files: files.length,
  bytes,
  filesPerSecond: Object.fromEntries([...total].map(([name, time]) => [name, Math.round((files.length / time) * 1e6)])),
  microsecondsPerFile: Object.fromEntries([...steps].map(([name, time]) => [name, perFile(time)])),
};
if (values.json) console.log(JSON.stringify(report));
else {
  console.log(`${report.files} files, ${(bytes / 1e6).toFixed(1)} MB, one thread`);
  for (const [name, rate] of Object.entries(report.filesPerSecond)) console.log(`${name.padEnd(16)} ${rate} files/s`);
  for (const [name, time] of Object.entries(report.microsecondsPerFile))
    console.log(`${name.padEnd(16)} ${time} µs a file`);
}
