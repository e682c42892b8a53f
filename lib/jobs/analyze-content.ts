import { createAnalyzer } from "../analysis/analyzer.ts";
import type { Features } from "../analysis/features.ts";
import type { Chord } from "../analysis/harmony/chords.ts";
import { ANALYSIS_COLUMNS } from "../columns/analyses.ts";
import { rowOf } from "../columns/column.ts";
import { TRACK_COLUMNS } from "../columns/tracks.ts";
import { type ContentItem, NoBytes, openContent } from "../files/content-bytes.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";

export { ANALYZER_VERSION } from "../analysis/analyzer.ts";

/** What became of a content: the JSON of what is stored of it, or why there is none. */
export type Analysed =
  | {
      readonly id: number;
      readonly row: string;
      readonly features: string;
      readonly chords: string;
      readonly tracks: string;
    }
  | { readonly id: number; readonly error: string; readonly missing: boolean };

const reader = createReader();
const analyzer = createAnalyzer();

/** Reads and analyses one content. Answers for every fault of the file; a fault of the analyser is told as such. */
export function analyzeContent(item: ContentItem, limits: { readonly maxBytes: number }): Analysed {
  try {
    const score = reader.read(openContent(item, limits.maxBytes));
    return analysed(item.id, analyzer.analyze(score));
  } catch (error) {
    if (error instanceof NoBytes) return { id: item.id, error: error.message, missing: error.missing };
    if (error instanceof BadMidi) return { id: item.id, error: error.message, missing: false };
    return { id: item.id, error: `the analyser failed: ${firstLines(error as Error)}`, missing: false };
  }
}

function analysed(id: number, features: Features): Analysed {
  const { chords, tracks } = features;
  // The fingerprint and the melody have columns of their own.
  const hashes = { ...features.identity, fingerprint: undefined };
  return {
    id,
    row: storable({ content_id: id, ...rowOf(ANALYSIS_COLUMNS, features) }),
    features: storable({
      ...features,
      chords: undefined,
      tracks: undefined,
      names: undefined,
      melody: undefined,
      identity: hashes,
    }),
    chords: chords ? storable(chords.map(compactChord)) : "null",
    tracks: tracks.map((track) => storable({ content_id: id, ...rowOf(TRACK_COLUMNS, track) })).join(","),
  };
}

/** A chord as the column `chords` holds it; chords follow each other without gaps, so ends are the next one's starts. */
function compactChord(chord: Chord): readonly unknown[] {
  return [chord.startTick, chord.startSeconds, chord.label, chord.roman];
}

/** JSON that PostgreSQL can keep: its text holds neither U+0000 nor half of a surrogate pair. */
function storable(row: object): string {
  const json = JSON.stringify(row);
  if (!json.includes("\\u")) return json;
  return JSON.stringify(row, (_, value) =>
    typeof value === "string" ? value.toWellFormed().replaceAll("\0", "") : value,
  );
}

function firstLines(error: Error): string {
  return (error.stack ?? error.message).split("\n").slice(0, 3).join(" ");
}
