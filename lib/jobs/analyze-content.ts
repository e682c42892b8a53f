import { createAnalyzer } from "../analysis/analyzer.ts";
import type { Features } from "../analysis/features.ts";
import type { Chord } from "../analysis/harmony/chords.ts";
import type { TrackFeature } from "../analysis/tracks/tracks.ts";
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
  return {
    id,
    row: storable(analysisRow(id, features)),
    features: storable({ ...features, chords: undefined, tracks: undefined, names: undefined }),
    chords: chords ? storable(chords.map(compactChord)) : "null",
    tracks: tracks.map((track) => storable(trackRow(id, track))).join(","),
  };
}

/** A row of `analyses` under the names of its columns, without those that come by themselves. */
function analysisRow(id: number, features: Features): object {
  const { duration, tempo, meter, key, notes, texture, tracks, structure, text, identity } = features;
  return {
    content_id: id,
    analyzer_version: features.analyzerVersion,
    title: text.title,
    duration_seconds: features.durationSeconds,
    last_note_seconds: duration.lastNoteEndSeconds,
    bars: duration.lastNoteEndBars,
    tempo_bpm: tempo.bpm,
    tempo_source: tempo.source,
    tempo_confidence: tempo.confidence,
    tempo_changes: tempo.changeCount,
    performed: features.performed.performed,
    meter_numerator: meter?.numerator,
    meter_denominator: meter?.denominator,
    meter_confidence: meter?.confidence,
    key_tonic: key?.tonic,
    key_mode: key?.mode,
    key_confidence: key?.confidence,
    note_count: notes.count,
    pitch_low: notes.lowestPitch,
    pitch_high: notes.highestPitch,
    unique_pitches: notes.uniquePitches,
    velocity_mean: notes.velocityMean,
    polyphony_max: texture.maximumPolyphony,
    polyphony_mean: texture.meanPolyphony,
    notes_per_second: texture.notesPerSecond,
    has_drums: notes.drums > 0,
    instruments: distinct(tracks.map((track) => track.instrument)),
    families: distinct(tracks.map((track) => track.family)),
    chord_labels: features.progression?.vocabulary.map(({ label }) => label) ?? [],
    loop_bars: structure?.loop.isLoop ? structure.loop.bars : null,
    notes_hash: identity.notesHash,
    tune_hash: identity.tuneHash,
    chords_end_seconds: features.chords?.at(-1)?.endSeconds ?? null,
  };
}

/** A chord as the column `chords` holds it; chords follow each other without gaps, so ends are the next one's starts. */
function compactChord(chord: Chord): readonly unknown[] {
  return [chord.startTick, chord.startSeconds, chord.label, chord.roman];
}

function trackRow(id: number, track: TrackFeature): object {
  return {
    content_id: id,
    track: track.track,
    channel: track.channel,
    name: track.name,
    program: track.program,
    instrument: track.instrument,
    family: track.family,
    drum: track.drum,
    note_count: track.notes,
    pitch_low: track.lowestPitch,
    pitch_high: track.highestPitch,
    pitch_mean: track.meanPitch,
    velocity_mean: track.velocityMean,
    polyphonic_share: track.polyphonicShare,
    sounding_seconds: track.soundingSeconds,
    port: track.port,
    bank_msb: track.bankMsb,
    bank_lsb: track.bankLsb,
    programs: distinct(track.programs.map(({ program }) => program).filter((program) => program !== null)),
    role: track.role,
    role_confidence: track.roleConfidence,
  };
}

const distinct = <T>(values: readonly T[]) => [...new Set(values)];

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
