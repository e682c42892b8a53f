import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FEATURES, featureSpace, OWN_FEATURES, writeFeatures } from "../../../lib/analysis/beats/onset-features.ts";
import type { Onsets } from "../../../lib/analysis/beats/onsets.ts";
import { Random } from "../random.ts";
import { type Annotated, annotatedPieces, type BeatTruth, onsetsOf } from "./annotated.ts";
import { type Played, playedFromScore, playedOtherwise } from "./played.ts";

/** Meters told apart, the commonest first; every other one is the last. */
const METER_NAMES = ["4/4", "3/4", "2/4", "6/8", "3/8", "2/2", "6/4", "12/8", "9/8", "4/2", "3/2", "other"];

/** How often each piece is played otherwise. */
const OTHERWISE = { performance: 5, score: 2, keyboard: 3 } as const;
const LABELS = 6;
const MIN_ONSETS = 30;

/** One piece in the files of examples. */
export interface ExampleEntry {
  readonly kind: Annotated["kind"];
  readonly name: string;
  readonly composition: string;
  /** 0: as it was played. */
  readonly variant: number;
  /** Row of its first onset, and how many there are. */
  readonly start: number;
  readonly count: number;
}

/**
 * Writes what the network is taught with to `directory`: `features.f32`, a row of `FEATURES` floats an onset; `labels.f32`,
 * a row of beat, downbeat, known (each 0 or 1), seconds of the beat, place in it (0 to 1) and number of the meter, -1 where
 * unknown; `examples.json`, where each piece stands.
 */
export function writeExamples(data: string, directory: string, seed: number): ExampleEntry[] {
  const random = new Random(seed);
  const features = openSync(join(directory, "features.f32"), "w");
  const labels = openSync(join(directory, "labels.f32"), "w");
  const entries: ExampleEntry[] = [];
  let start = 0;
  for (const piece of annotatedPieces(data)) {
    for (const [variant, played] of playings(piece, random)) {
      const struck = onsetsOf(played.notes);
      if (struck.count < MIN_ONSETS) continue;
      writeSync(features, new Uint8Array(featuresOf(struck).buffer));
      writeSync(labels, new Uint8Array(labelsOf(struck, played.truth).buffer));
      const { kind, name, composition } = piece;
      entries.push({ kind, name, composition, variant, start, count: struck.count });
      start += struck.count;
    }
  }
  closeSync(features);
  closeSync(labels);
  const head = { features: FEATURES, labels: LABELS, meters: METER_NAMES.length, total: start, entries };
  writeFileSync(join(directory, "examples.json"), JSON.stringify(head));
  return entries;
}

function* playings(piece: Annotated, random: Random): Generator<[number, Played]> {
  if (piece.kind === "performance") yield [0, piece];
  for (let variant = 1; variant <= OTHERWISE[piece.kind]; variant++)
    yield [variant, piece.kind === "performance" ? playedOtherwise(piece, random) : playedFromScore(piece, random)];
}

function featuresOf(struck: Onsets): Float32Array {
  const out = new Float32Array(struck.count * FEATURES);
  writeFeatures(struck, featureSpace(struck.count), out);
  // As the network squashes them.
  for (let i = 0; i < out.length; i++) if (i % FEATURES >= OWN_FEATURES) out[i] = out[i]! / (1 + 0.35 * out[i]!);
  return out;
}

const NEAR_SECONDS = 0.07;

function labelsOf({ count, seconds }: Onsets, { time, downbeat, sure, meter }: BeatTruth): Float32Array {
  const out = new Float32Array(count * LABELS);
  const last = time.length - 1;
  for (let i = 0, b = 0; i < count; i++) {
    const at = seconds[i]!;
    const row = i * LABELS;
    out.fill(-1, row + 3, row + LABELS);
    if (at < time[0]! - NEAR_SECONDS || at > time[last]! + NEAR_SECONDS) continue;
    while (b + 1 < last && time[b + 1]! <= at) b++;
    const gap = time[b + 1]! - time[b]!;
    const known = METER_NAMES.indexOf(meter[b]!);
    out[row + 2] = sure[b] ? 1 : 0;
    if (gap > 0) {
      out[row + 3] = gap;
      out[row + 4] = Math.min(0.999, Math.max(0, (at - time[b]!) / gap));
    }
    out[row + 5] = known < 0 ? METER_NAMES.length - 1 : known;
  }
  for (let b = 0, i = 0; b <= last; b++) {
    while (i + 1 < count && Math.abs(seconds[i + 1]! - time[b]!) <= Math.abs(seconds[i]! - time[b]!)) i++;
    if (Math.abs(seconds[i]! - time[b]!) > NEAR_SECONDS) continue;
    out[i * LABELS] = 1;
    if (downbeat[b]) out[i * LABELS + 1] = 1;
  }
  return out;
}
