import { analyze } from "../analysis/analyze.ts";
import type { Features } from "../analysis/features.ts";
import { BadMidi } from "../midi/bad-midi.ts";
import { createReader } from "../midi/read.ts";
import { type ContentItem, NoBytes, openContent } from "./open-content.ts";

export { ANALYZER_VERSION } from "../analysis/analyze.ts";

/** What became of a content: the JSON of its row, or why there is none. */
export type Analysed =
  | { readonly id: number; readonly row: string }
  | { readonly id: number; readonly error: string; readonly missing: boolean };

const reader = createReader();

/** Reads and analyses one content. Answers for every fault of the file; a fault of the analyser is told as such. */
export function analyzeContent(item: ContentItem, limits: { readonly maxBytes: number }): Analysed {
  try {
    const score = reader.read(openContent(item, limits.maxBytes));
    return { id: item.id, row: storable(analysisRow(item.id, analyze(score))) };
  } catch (error) {
    if (error instanceof NoBytes) return { id: item.id, error: error.message, missing: error.missing };
    if (error instanceof BadMidi) return { id: item.id, error: error.message, missing: false };
    return { id: item.id, error: `the analyser failed: ${firstLines(error as Error)}`, missing: false };
  }
}

/** A row of `analyses` with its `tracks`, under the names of their columns. */
function analysisRow(id: number, features: Features): object {
  const { tempo, meter } = features;
  return {
    content_id: id,
    analyzer_version: features.analyzerVersion,
    duration_seconds: features.durationSeconds,
    tempo_bpm: tempo.bpm,
    tempo_source: tempo.source,
    tempo_confidence: tempo.confidence,
    tempo_changes: tempo.changeCount,
    performed: features.performed.performed,
    meter_numerator: meter?.numerator,
    meter_denominator: meter?.denominator,
    meter_confidence: meter?.confidence,
    note_count: features.notes.count,
    features,
    tracks: [],
  };
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
