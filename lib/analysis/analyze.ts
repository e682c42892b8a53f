import type { Score } from "../midi/score.ts";
import { beats, beatsFeature } from "./beats.ts";
import { gridFit } from "./beats-grid.ts";
import { onsets } from "./beats-onsets.ts";
import { pulse } from "./beats-pulse.ts";
import { duration } from "./duration.ts";
import type { Features } from "./features.ts";
import { harmony } from "./harmony.ts";
import { material } from "./material.ts";
import { meter } from "./meter.ts";
import { performed } from "./performed.ts";
import { rhythm } from "./rhythm.ts";
import { tempo } from "./tempo.ts";

/** Rises whenever the same file would get other results; rows of a lower version are stale. */
export const ANALYZER_VERSION = 1;

export interface AnalyzeOptions {
  /** Where the file was found, for what its name and folders say. */
  readonly path?: string;
}

/** Everything the music, the metas and (with a path) the name of one file say. Pure, bounded, never throws on a Score. */
export function analyze(score: Score, _options: AnalyzeOptions = {}): Features {
  const m = material(score);
  const grid = gridFit(m);
  const played = performed(m, grid);
  const struck = onsets(m);
  const beat = pulse(m, grid, struck);
  const time = meter(m, played, struck, beat);
  const beatTimes = beats(m, beat, time);
  return {
    analyzerVersion: ANALYZER_VERSION,
    format: score.format,
    status: score.status,
    repairs: score.repairs,
    durationSeconds: m.time.secondsAt(score.endTick),
    duration: duration(m, time, beat?.source === "grid"),
    performed: played,
    tempo: tempo(m, beat, time),
    beats: beatsFeature(beatTimes),
    meter: time,
    rhythm: rhythm(m, struck, beat, time),
    ...harmony(m, beatTimes),
    notes: { count: m.count },
  };
}
