import type { PerformedFeature } from "./beats/performed.ts";
import type { TempoFeature } from "./beats/tempo.ts";
import type { Chord } from "./harmony/chords.ts";
import type { ProgressionFeature } from "./harmony/harmony.ts";
import type { KeyFeature } from "./harmony/key.ts";
import type { KeySignaturesFeature } from "./harmony/key-signatures.ts";
import type { IdentityFeature } from "./identity/identity.ts";
import type { BeatsFeature } from "./meter/beats-feature.ts";
import type { DurationFeature } from "./meter/duration.ts";
import type { MeterFeature } from "./meter/meter.ts";
import type { ComplexityFeature } from "./piece/complexity.ts";
import type { NotesFeature } from "./piece/notes.ts";
import type { TextureFeature } from "./piece/texture.ts";
import type { DrumsFeature } from "./rhythm/drums.ts";
import type { RhythmFeature } from "./rhythm/rhythm.ts";
import type { StructureFeature } from "./structure/structure.ts";
import type { ExpressionFeature } from "./tracks/expression.ts";
import type { TrackFeature } from "./tracks/tracks.ts";
import type { NamesFeature } from "./words/names.ts";
import type { TextFeature } from "./words/text.ts";
/**
 * Everything the analysis says about one file: plain data, JSON-able as it stands, units in the names.
 * `null` means "no answer", never zero. `FIELDS` in fields.ts describes every name for readers.
 */
export interface Features {
  /** Version of the analyser that said this; results of a lower one are stale. */
  readonly analyzerVersion: number;
  /** SMF format: 0, 1 or 2; the independent sequences of format 2 are taken one after the other (sequences.ts). */
  readonly format: number;
  /** The header's division; null for SMPTE time. */
  readonly ticksPerQuarter: number | null;
  /** MTrk chunks. */
  readonly trackCount: number;
  /** (track, channel) pairs that hold notes. */
  readonly voiceCount: number;
  /** Whether the reader had to repair the file, and what. */
  readonly status: "ok" | "repaired";
  readonly repairs: readonly { readonly code: string; readonly count: number }[];
  /** Seconds from the start to the end of the music, see `pieceEndTick`, by the file's own tempo map. */
  readonly durationSeconds: number;
  readonly duration: DurationFeature;
  readonly performed: PerformedFeature;
  readonly tempo: TempoFeature;
  readonly beats: BeatsFeature | null;
  readonly meter: MeterFeature | null;
  readonly rhythm: RhythmFeature | null;
  readonly key: KeyFeature | null;
  readonly keySignatures: KeySignaturesFeature;
  readonly chords: readonly Chord[] | null;
  readonly progression: ProgressionFeature | null;
  readonly notes: NotesFeature;
  readonly texture: TextureFeature;
  readonly complexity: ComplexityFeature | null;
  /** One row per sounding (track, channel). */
  readonly tracks: readonly TrackFeature[];
  readonly drums: DrumsFeature | null;
  readonly expression: ExpressionFeature;
  readonly structure: StructureFeature | null;
  readonly text: TextFeature;
  readonly identity: IdentityFeature;
  /** The lines of its voices as compact text, see `melodyText`; null without any. */
  readonly melody: string | null;
  /** What the path says; null when none was given. */
  readonly names: NamesFeature | null;
  /** Names of the results that were cut at a bound, such as "chords"; empty for all but the strangest files. */
  readonly capped: readonly string[];
}
