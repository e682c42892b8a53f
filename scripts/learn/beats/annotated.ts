import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Onsets, onsets } from "../../../lib/analysis/beats/onsets.ts";
import { createPiece, type Piece } from "../../../lib/analysis/piece/piece.ts";
import { createPieceScratch } from "../../../lib/analysis/piece/scratch.ts";
import { createReader } from "../../../lib/midi/read/reader.ts";

/** Notes as columns, in order of start. Times are seconds, in a score that is yet to be played quarters. */
export interface Notes {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly pitch: Uint8Array;
  readonly velocity: Uint8Array;
}

/** Where the beats are, in the time of the notes. */
export interface BeatTruth {
  readonly time: number[];
  readonly downbeat: boolean[];
  /** False where the annotators were not sure. */
  readonly sure: boolean[];
  /** The time signature that holds, such as `3/4`. */
  readonly meter: string[];
}

/** One piece of music with known beats. */
export interface Annotated {
  readonly kind: "performance" | "score" | "keyboard";
  /** Path in the data folder. */
  readonly name: string;
  /** Of a performance the composition, its repeats or not; pieces of one composition share a fold. */
  readonly composition: string;
  readonly notes: Notes;
  readonly truth: BeatTruth;
}

const reader = createReader();

/** All performances, their scores, and keyboard movements in a data folder, in the order of their names. */
export function* annotatedPieces(data: string): Generator<Annotated> {
  for (const name of midiFiles(data, "performances")) {
    const annotations = join(data, `${name.slice(0, -4)}_annotations.txt`);
    if (!existsSync(annotations)) continue;
    const kind = name.endsWith("midi_score.mid") ? "score" : "performance";
    const composition = name.split("/")[1]!.replace(/(_no_.*|_repeat)$/, "");
    yield { kind, name, composition, notes: secondsOf(readPiece(data, name)), truth: annotationTruth(annotations) };
  }
  for (const name of midiFiles(data, "keyboard")) {
    const measures = join(data, `${name.slice(0, -4)}.measures.tsv`);
    if (!existsSync(measures)) continue;
    const notes = quartersOf(readPiece(data, name));
    yield { kind: "keyboard", name, composition: compositionOf(name), notes, truth: measuresTruth(measures) };
  }
}

function midiFiles(data: string, set: string): string[] {
  if (!existsSync(join(data, set))) return [];
  return [...new Bun.Glob(`${set}/*/*.mid`).scanSync(data)].sort();
}

function readPiece(data: string, name: string): Piece {
  return createPiece(reader.read(readFileSync(join(data, name))), createPieceScratch());
}

function secondsOf(piece: Piece): Notes {
  const { startSeconds, endSeconds, pitch, velocity } = piece;
  return { start: startSeconds.slice(), end: endSeconds.slice(), pitch: pitch.slice(), velocity: velocity.slice() };
}

function quartersOf(piece: Piece): Notes {
  const quarters = (ticks: Uint32Array) => Float64Array.from(ticks, (tick) => tick / piece.ticksPerQuarter);
  const { startTick, endTick, pitch, velocity } = piece;
  return { start: quarters(startTick), end: quarters(endTick), pitch: pitch.slice(), velocity: velocity.slice() };
}

/** Sonatas that stand in both sets go by one name. */
function compositionOf(name: string): string {
  const [, corpus, file] = name.split("/") as [string, string, string];
  const beethoven = /^0*(\d+)-(\d+)/.exec(file);
  if (corpus === "beethoven_piano_sonatas" && beethoven)
    return `Beethoven__Piano_Sonatas__${beethoven[1]}-${beethoven[2]}`;
  if (file.startsWith("K331-3")) return "Mozart__Piano_Sonatas__11-3";
  if (file.startsWith("K332-2")) return "Mozart__Piano_Sonatas__12-2";
  return `${corpus}/${file}`;
}

/** Lines of seconds, seconds, label: `db` a downbeat, `b` a beat, `bR` an unsure one; then a new time signature, if any. */
function annotationTruth(file: string): BeatTruth {
  const truth: BeatTruth = { time: [], downbeat: [], sure: [], meter: [] };
  let meter = "";
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [time, , label] = line.trim().split("\t");
    if (!label) continue;
    const [kind, signature] = label.split(",");
    meter = signature || meter;
    truth.time.push(Number(time));
    truth.downbeat.push(kind === "db");
    truth.sure.push(kind !== "bR");
    truth.meter.push(meter);
  }
  const first = truth.meter.find((name) => name !== "") ?? "";
  return { ...truth, meter: truth.meter.map((name) => name || first) };
}

/** Measures with their start and length in quarters and their time signature. A short first one is a pickup. */
function measuresTruth(file: string): BeatTruth {
  const truth: BeatTruth = { time: [], downbeat: [], sure: [], meter: [] };
  for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
    const [, start, length, meter] = line.split("\t");
    if (!meter) continue;
    const [numerator, denominator] = meter.split("/").map(Number) as [number, number];
    const beat = (4 / denominator) * (numerator % 3 === 0 && numerator > 3 ? 3 : 1);
    const whole = (4 * numerator) / denominator;
    const quarters = fraction(length!);
    const pickup = quarters < whole - 1e-6 && truth.time.length === 0;
    const over = pickup ? (whole - quarters) % beat : 0;
    for (let at = over > 0 ? beat - over : 0, n = 0; at < quarters - 1e-6; at += beat, n++) {
      truth.time.push(fraction(start!) + at);
      truth.downbeat.push(!pickup && n === 0);
      truth.sure.push(true);
      truth.meter.push(meter);
    }
  }
  return truth;
}

function fraction(text: string): number {
  const [above, below] = text.split("/").map(Number) as [number, number | undefined];
  return below ? above / below : above;
}

/** The onsets of notes in seconds, none of them drums. */
export function onsetsOf({ start, end, pitch, velocity }: Notes): Onsets {
  const count = start.length;
  const columns = {
    startSeconds: start,
    endSeconds: end,
    startTick: start,
    pitch,
    velocity,
    drum: new Uint8Array(count),
  };
  return onsets({ count, ...columns } as unknown as Piece);
}

/** In order of start, then pitch. */
export function inOrder(notes: Notes): Notes {
  const { start, end, pitch, velocity } = notes;
  const order = Uint32Array.from(start, (_, i) => i).sort((a, b) => start[a]! - start[b]! || pitch[a]! - pitch[b]!);
  return {
    start: Float64Array.from(order, (i) => start[i]!),
    end: Float64Array.from(order, (i) => end[i]!),
    pitch: Uint8Array.from(order, (i) => pitch[i]!),
    velocity: Uint8Array.from(order, (i) => velocity[i]!),
  };
}
