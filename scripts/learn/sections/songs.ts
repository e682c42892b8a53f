import { readFileSync } from "node:fs";
import { join } from "node:path";
import { barOfNotes } from "../../../lib/analysis/meter/bars.ts";
import { createScratch } from "../../../lib/analysis/scratch.ts";
import { STEPS, type StepResults } from "../../../lib/analysis/steps.ts";
import { barContents } from "../../../lib/analysis/structure/bar-contents.ts";
import { boundaryTraits } from "../../../lib/analysis/structure/boundary-traits.ts";
import { cells } from "../../../lib/analysis/structure/cells.ts";
import { melodyLine } from "../../../lib/analysis/structure/melody-line.ts";
import { MOST_BARS } from "../../../lib/analysis/structure/scratch.ts";
import { similarity } from "../../../lib/analysis/structure/similarity.ts";
import { readMidi } from "../../../lib/midi/read/reader.ts";

/** A song with the phrases that people marked in it. */
export interface Song {
  readonly bars: number;
  /** See `boundaryTraits`. */
  readonly traits: Float64Array;
  /** The phrases of each person: how many bars each has. */
  readonly people: readonly (readonly number[])[];
}

/** The songs that MANIFEST.tsv lists and that have phrases in sections/NUMBER_human_label1.txt and 2. */
export function readSongs(data: string): Song[] {
  const scratch = createScratch();
  const songs: Song[] = [];
  for (const line of readFileSync(join(data, "open/MANIFEST.tsv"), "utf8").split("\n")) {
    const [file = "", , set] = line.split("\t");
    const number = /__(\d{3})\.mid$/.exec(file)?.[1];
    if (set !== "pop909" || number === undefined) continue;
    const found = { read: readMidi(readFileSync(join(data, "open", file))), path: undefined } as Record<
      string,
      unknown
    >;
    for (const { name, make } of STEPS) found[name] = make(found as unknown as StepResults, scratch);
    const { piece, bars, lines, tracks } = found as unknown as StepResults;
    if (bars === null) continue;
    const count = Math.min(bars.count, MOST_BARS);
    const bar = barOfNotes(bars, piece.startTick);
    const contents = barContents(piece, bars, bar, melodyLine(piece, lines, tracks), count);
    const like = similarity(contents, cells(piece, bars, bar, count).hash, scratch.structure);
    songs.push({
      bars: count,
      traits: boundaryTraits(contents, like),
      people: [1, 2].map((n) => phrases(data, number, n)),
    });
  }
  return songs;
}

/** "i4A8B8": a letter and the bars of each phrase. */
function phrases(data: string, song: string, person: number): number[] {
  const text = readFileSync(join(data, `sections/${song}_human_label${person}.txt`), "utf8");
  return [...text.matchAll(/[A-Za-z](\d+)/g)].map(([, bars]) => Number(bars));
}

/** Where phrases begin, the first apart. */
export function beginnings(phrases: readonly number[]): Set<number> {
  const starts = new Set<number>();
  let at = 0;
  for (const bars of phrases) starts.add((at += bars));
  starts.delete(at);
  return starts;
}
