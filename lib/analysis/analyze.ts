import type { Score } from "../midi/score.ts";
import { bars } from "./bars.ts";
import { beats, beatsFeature } from "./beats.ts";
import { gridFit } from "./beats-grid.ts";
import { onsets } from "./beats-onsets.ts";
import { pulse } from "./beats-pulse.ts";
import { capped } from "./capped.ts";
import { complexity } from "./complexity.ts";
import { drums } from "./drums.ts";
import { duration } from "./duration.ts";
import { expression } from "./expression.ts";
import type { Features } from "./features.ts";
import { harmony } from "./harmony.ts";
import { identity } from "./identity.ts";
import { material } from "./material.ts";
import { meter } from "./meter.ts";
import { names } from "./names.ts";
import { notes } from "./notes.ts";
import { performed } from "./performed.ts";
import { rhythm } from "./rhythm.ts";
import { round } from "./round.ts";
import { inSequence } from "./sequences.ts";
import { structure } from "./structure.ts";
import { tempo } from "./tempo.ts";
import { text } from "./text.ts";
import { texture } from "./texture.ts";
import { tracks } from "./tracks.ts";
import { voiceColumns } from "./voices.ts";

/** Rises whenever the same file would get other results; rows of a lower version are stale. */
export const ANALYZER_VERSION = 3;

export interface AnalyzeOptions {
  /** Where the file was found, for what its name and folders say. */
  readonly path?: string;
}

/** Everything the music, the metas and (with a path) the name of one file say. Pure, bounded, never throws on a Score. */
export function analyze(read: Score, options: AnalyzeOptions = {}): Features {
  const score = inSequence(read);
  const m = material(score);
  const grid = gridFit(m);
  const played = performed(m, grid);
  const struck = onsets(m);
  const beat = pulse(m, grid, struck);
  const time = meter(m, played, struck, beat);
  const beatTimes = beats(m, beat, time);
  const pace = tempo(m, beat, played);
  const tonal = harmony(m, beatTimes);
  const measures = bars(beatTimes, time);
  const voices = voiceColumns(m);
  const words = text(score, m.time);
  const features = {
    analyzerVersion: ANALYZER_VERSION,
    format: score.format,
    ticksPerQuarter: score.division.kind === "metrical" ? score.division.ticksPerQuarter : null,
    trackCount: score.tracks.length,
    voiceCount: m.voices.length,
    status: score.status,
    repairs: score.repairs,
    durationSeconds: round(m.time.secondsAt(score.endTick), 4),
    duration: duration(m, time, beat?.source === "grid"),
    performed: played,
    tempo: pace,
    beats: beatsFeature(beatTimes),
    meter: time,
    rhythm: rhythm(m, struck, beat, time),
    ...tonal,
    notes: notes(m),
    texture: texture(m),
    complexity: complexity(m),
    tracks: tracks(m, voices, words.names),
    drums: drums(m, measures),
    expression: expression(m, voices),
    structure: structure(m, measures),
    text: words.text,
    identity: identity(m),
    names: names(options.path, {
      bpm: pace.bpm,
      tonic: tonal.key?.tonic ?? null,
      mode: tonal.key?.mode ?? null,
    }),
  };
  return { ...features, capped: capped(features, m, struck, measures) };
}
