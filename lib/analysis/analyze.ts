import type { Score } from "../midi/score.ts";
import type { Features } from "./features.ts";
import { material } from "./material.ts";

/** Rises whenever the same file would get other results; rows of a lower version are stale. */
export const ANALYZER_VERSION = 1;

export interface AnalyzeOptions {
  /** Where the file was found, for what its name and folders say. */
  readonly path?: string;
}

/** Everything the music, the metas and (with a path) the name of one file say. Pure, bounded, never throws on a Score. */
export function analyze(score: Score, _options: AnalyzeOptions = {}): Features {
  const m = material(score);
  return {
    analyzerVersion: ANALYZER_VERSION,
    format: score.format,
    status: score.status,
    repairs: score.repairs,
    durationSeconds: m.time.secondsAt(score.endTick),
    performed: null,
    tempo: null,
    beats: null,
    meter: null,
    rhythm: null,
    key: null,
    chords: null,
    notes: { count: m.count },
  };
}
