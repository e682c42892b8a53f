import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { UsageError } from "../../../lib/cli/script.ts";
import type { Score } from "../../../lib/midi/score.ts";
import { timeMap } from "../../../lib/midi/time.ts";
import { annotatedBeats } from "./annotated-beats.ts";
import { annotatedHarmony } from "./annotated-harmony.ts";
import { listed } from "./listed.ts";
import type { TruthPiece } from "./truth-piece.ts";

/** A file with something known about it; what is known may need its time map. */
export interface TruthFile {
  readonly path: string;
  readonly truth: (score: Score) => TruthPiece;
}

const ANNOTATIONS = "_annotations.txt";
const HARMONIES = ".harmonies.tsv";

/**
 * Every MIDI file below a folder that has something known beside it, in the order of their paths: see docs/truth.md for the
 * formats. A `MANIFEST.tsv` speaks for the files below its own folder; sections stand beside it or anywhere in the data.
 */
export function truthFiles(data: string): TruthFile[] {
  if (!existsSync(data)) throw new UsageError(`--data is "${data}", expected a folder`);
  const names = readdirSync(data, { recursive: true, encoding: "utf8" }).sort();
  const sections = names.find((name) => basename(name) === "sections");
  const files = names.flatMap((name): TruthFile[] => {
    const path = join(data, name);
    if (basename(name) === "MANIFEST.tsv") return manifestFiles(path, sections && join(data, sections));
    if (name.endsWith(ANNOTATIONS)) return annotated(data, path.slice(0, -ANNOTATIONS.length), path);
    if (name.endsWith(HARMONIES)) return withHarmony(path.slice(0, -HARMONIES.length), path);
    return [];
  });
  if (files.length === 0)
    throw new UsageError(`${data} holds nothing known, expected a MANIFEST.tsv or annotated files`);
  return files;
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : null);

function manifestFiles(manifest: string, sections: string | undefined): TruthFile[] {
  const folder = dirname(manifest);
  const read = (path: string) =>
    textOf(join(folder, path)) ??
    (sections && path.startsWith("sections/") ? textOf(join(sections, basename(path))) : null);
  return listed(readFileSync(manifest, "utf8"), read).flatMap((piece) => {
    const path = join(folder, piece.path);
    return existsSync(path) ? [{ path, truth: () => ({ ...piece, path }) }] : [];
  });
}

function annotated(data: string, stem: string, annotations: string): TruthFile[] {
  const path = `${stem}.mid`;
  if (!existsSync(path)) return [];
  const composition = dirname(path);
  const collection = basename(dirname(composition)) || basename(data);
  const text = readFileSync(annotations, "utf8");
  return [{ path, truth: () => annotatedBeats(path, collection, relative(data, composition), text) }];
}

function withHarmony(stem: string, harmonies: string): TruthFile[] {
  const path = `${stem}.mid`;
  if (!existsSync(path)) return [];
  const text = readFileSync(harmonies, "utf8");
  const measures = textOf(`${stem}.measures.tsv`);
  const collection = basename(dirname(path));
  const truth = (score: Score) => {
    const ticks = score.division.kind === "metrical" ? score.division.ticksPerQuarter : 480;
    return annotatedHarmony(path, collection, text, measures, timeMap(score), ticks);
  };
  return [{ path, truth }];
}
