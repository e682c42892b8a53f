import type { Score } from "../midi/score.ts";
import { type GridFit, gridFit } from "./beats/grid.ts";
import { type Onsets, onsets } from "./beats/onsets.ts";
import { type PerformedFeature, performed } from "./beats/performed.ts";
import { type Pulse, pulse } from "./beats/pulse.ts";
import { type TempoFeature, tempo } from "./beats/tempo.ts";
import { type Harmony, harmony } from "./harmony/harmony.ts";
import { type IdentityFeature, identity } from "./identity/identity.ts";
import { type TopLines, topLines } from "./identity/top-lines.ts";
import { melodyText } from "./melody/melody-lines.ts";
import { type Bars, bars } from "./meter/bars.ts";
import { type Beats, beats } from "./meter/beats.ts";
import { type DurationFeature, duration } from "./meter/duration.ts";
import { type MeterFeature, meter } from "./meter/meter.ts";
import { namedMeters } from "./meter/named-meters.ts";
import { type PlayedMeter, playedMeter } from "./meter/played-meter.ts";
import { type ComplexityFeature, complexity } from "./piece/complexity.ts";
import { type NotesFeature, notes } from "./piece/notes.ts";
import { createPiece, type Piece } from "./piece/piece.ts";
import { inSequence } from "./piece/sequences.ts";
import { type TextureFeature, texture } from "./piece/texture.ts";
import { type DrumsFeature, drums } from "./rhythm/drums.ts";
import { type RhythmFeature, rhythm } from "./rhythm/rhythm.ts";
import type { Scratch } from "./scratch.ts";
import { melodyLine } from "./structure/melody-line.ts";
import { type StructureFeature, structure } from "./structure/structure.ts";
import { type ExpressionFeature, expression } from "./tracks/expression.ts";
import { type TrackFeature, tracks } from "./tracks/tracks.ts";
import { type VoiceColumns, voiceColumns } from "./tracks/voice-columns.ts";
import { type NamesFeature, names } from "./words/names.ts";
import { type Words, words } from "./words/text.ts";

/** What the steps make of one file, under their names; `read` and `path` are there before the first. */
export interface StepResults {
  /** The score as the reader gives it. */
  readonly read: Score;
  /** Where the file was found, for what its name and folders say. */
  readonly path: string | undefined;
  /** Format 2 with its sequences one after the other, all else as it was read. */
  readonly score: Score;
  readonly piece: Piece;
  readonly grid: GridFit;
  readonly performed: PerformedFeature;
  readonly onsets: Onsets;
  readonly pulse: Pulse | null;
  /** The meter and bar lines of a performance; null for what keeps to the grid. */
  readonly played: PlayedMeter | null;
  readonly meter: MeterFeature | null;
  readonly beats: Beats | null;
  readonly tempo: TempoFeature;
  readonly harmony: Harmony;
  readonly bars: Bars | null;
  readonly voices: VoiceColumns;
  readonly words: Words;
  readonly duration: DurationFeature;
  readonly rhythm: RhythmFeature | null;
  readonly notes: NotesFeature;
  readonly texture: TextureFeature;
  readonly complexity: ComplexityFeature | null;
  readonly tracks: readonly TrackFeature[];
  readonly drums: DrumsFeature | null;
  readonly expression: ExpressionFeature;
  readonly structure: StructureFeature | null;
  readonly lines: TopLines;
  readonly identity: IdentityFeature;
  readonly melody: string | null;
  readonly names: NamesFeature | null;
}

type Given = "read" | "path";
type StepName = Exclude<keyof StepResults, Given>;

/** One step: its name, the names of what it needs, and how it is made. */
export interface Step {
  readonly name: StepName;
  readonly needs: readonly (keyof StepResults)[];
  readonly make: (found: StepResults, scratch: Scratch) => unknown;
}

function step<N extends StepName, const D extends readonly (keyof StepResults)[]>(
  name: N,
  needs: D,
  make: (found: Pick<StepResults, D[number]>, scratch: Scratch) => StepResults[N],
): Step {
  return { name, needs, make };
}

/**
 * Every step of the analysis in the order it is run. The analyser runs this list and the benchmark times it. What a
 * step needs stands before it; the type checker holds each `make` to what its `needs` names.
 */
export const STEPS: readonly Step[] = [
  step("score", ["read"], ({ read }) => inSequence(read)),
  step("piece", ["score"], ({ score }, scratch) => createPiece(score, scratch.piece)),
  step("grid", ["piece"], ({ piece }) => gridFit(piece)),
  step("performed", ["piece", "grid"], ({ piece, grid }) => performed(piece, grid)),
  step("onsets", ["piece"], ({ piece }) => onsets(piece)),
  step("pulse", ["piece", "grid", "onsets"], (f, scratch) => pulse(f.piece, f.grid, f.onsets, scratch.beats)),
  step("words", ["score", "piece"], ({ score, piece }) => words(score, piece.time)),
  step("played", ["onsets", "pulse", "words", "path"], (f) =>
    f.pulse?.source === "tracked" ? playedMeter(f.onsets, f.pulse, namedMeters(f.path, f.words)) : null,
  ),
  step("meter", ["piece", "performed", "onsets", "pulse", "played"], (f, scratch) =>
    meter(f.piece, f.performed, f.onsets, f.pulse, f.played, scratch.meter),
  ),
  step("beats", ["piece", "pulse", "meter", "played"], (f) => beats(f.piece, f.pulse, f.meter, f.played)),
  step("tempo", ["piece", "pulse", "performed"], (f) => tempo(f.piece, f.pulse, f.performed)),
  step("harmony", ["piece", "beats"], (f, scratch) => harmony(f.piece, f.beats, scratch.harmony)),
  step("bars", ["beats", "meter"], (f) => bars(f.beats, f.meter)),
  step("voices", ["piece"], ({ piece }) => voiceColumns(piece)),
  step("duration", ["piece", "meter", "pulse"], (f) => duration(f.piece, f.meter, f.pulse?.source === "grid")),
  step("rhythm", ["piece", "onsets", "pulse", "meter"], (f) => rhythm(f.piece, f.onsets, f.pulse, f.meter)),
  step("notes", ["piece"], ({ piece }) => notes(piece)),
  step("texture", ["piece"], ({ piece }) => texture(piece)),
  step("complexity", ["piece"], ({ piece }) => complexity(piece)),
  step("tracks", ["piece", "voices", "words"], (f, scratch) =>
    tracks(f.piece, f.voices, f.words.names, scratch.tracks),
  ),
  step("drums", ["piece", "bars"], (f) => drums(f.piece, f.bars)),
  step("expression", ["piece", "voices"], (f, scratch) => expression(f.piece, f.voices, scratch.tracks)),
  step("lines", ["piece"], ({ piece }, scratch) => topLines(piece, scratch.identity)),
  step("structure", ["piece", "bars", "lines", "tracks"], (f, scratch) =>
    structure(f.piece, f.bars, melodyLine(f.piece, f.lines, f.tracks), scratch.structure),
  ),
  step("identity", ["piece", "lines"], (f, scratch) => identity(f.piece, f.lines, scratch.identity)),
  step("melody", ["piece", "lines", "bars"], (f) => melodyText(f.piece, f.lines, f.bars)),
  step("names", ["path", "tempo", "harmony"], ({ path, tempo, harmony: { key } }) =>
    names(path, { bpm: tempo.bpm, tonic: key?.tonic ?? null, mode: key?.mode ?? null }),
  ),
];
