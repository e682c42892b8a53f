import type { Score } from "../midi/score.ts";
import { capped } from "./capped.ts";
import type { Features } from "./features.ts";
import { beatsFeature } from "./meter/beats-feature.ts";
import { pieceEndTick } from "./meter/duration.ts";
import { round } from "./piece/round.ts";
import { createScratch } from "./scratch.ts";
import { STEPS, type StepResults } from "./steps.ts";

/** Rises whenever the same file would get other results; rows of a lower version are stale. */
export const ANALYZER_VERSION = 4;

export interface AnalyzeOptions {
  /** Where the file was found, for what its name and folders say. */
  readonly path?: string;
}

/** Analyses one file after the other. Its results share nothing with it: they stay as they are. */
export interface Analyzer {
  /** Everything the music, the metas and (with a path) the name of one file say. Bounded, never throws on a Score. */
  analyze(score: Score, options?: AnalyzeOptions): Features;
  /** The same with all that was found on the way, such as every beat. */
  study(score: Score, options?: AnalyzeOptions): StepResults;
}

export function createAnalyzer(): Analyzer {
  const scratch = createScratch();
  const study: Analyzer["study"] = (read, { path } = {}) => {
    const found: Record<string, unknown> = { read, path };
    for (const { name, make } of STEPS) found[name] = make(found as unknown as StepResults, scratch);
    return found as unknown as StepResults;
  };
  return { study, analyze: (read, options) => featuresOf(study(read, options)) };
}

/** What the steps found as the analysis hands it out. */
export function featuresOf(found: StepResults): Features {
  const { score, piece, beats, bars, words, onsets } = found;
  const features = {
    analyzerVersion: ANALYZER_VERSION,
    format: score.format,
    ticksPerQuarter: score.division.kind === "metrical" ? score.division.ticksPerQuarter : null,
    trackCount: score.tracks.length,
    voiceCount: piece.voices.length,
    status: score.status,
    repairs: score.repairs,
    durationSeconds: round(piece.time.secondsAt(pieceEndTick(piece, found.meter)), 4),
    duration: found.duration,
    performed: found.performed,
    tempo: found.tempo,
    beats: beatsFeature(beats),
    meter: found.meter,
    rhythm: found.rhythm,
    ...found.harmony,
    notes: found.notes,
    texture: found.texture,
    complexity: found.complexity,
    tracks: found.tracks,
    drums: found.drums,
    expression: found.expression,
    structure: found.structure,
    text: words.text,
    identity: found.identity,
    melody: found.melody,
    names: found.names,
  };
  return { ...features, capped: capped(features, piece, onsets, bars) };
}
