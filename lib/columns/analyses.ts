import type { Features } from "../analysis/features.ts";
import { fingerprintKeys, readFingerprint } from "../analysis/identity/fingerprint.ts";
import { melodyKeys } from "../analysis/melody/melody-keys.ts";
import { readMelodyLines } from "../analysis/melody/melody-lines.ts";
import { foldChords, progressionKeys } from "../music/progressions.ts";
import { columnsFrom } from "./column.ts";

const distinct = <T>(values: readonly T[]) => [...new Set(values)];

const keysOf = (fingerprint: string | null) =>
  fingerprint === null ? null : [...fingerprintKeys(readFingerprint(fingerprint))];

/**
 * The columns of `analyses` that are made from the features. Besides these the table has `content_id`, and as JSON
 * `features` (all that has no table of its own) and `chords`.
 */
export const ANALYSIS_COLUMNS = columnsFrom<Features>()(
  { name: "analyzer_version", type: "integer", from: (f) => f.analyzerVersion, about: "version of the analyser" },
  { name: "title", type: "text", from: (f) => f.text.title, about: "what its texts call it" },
  {
    name: "duration_seconds",
    type: "double precision",
    from: (f) => f.durationSeconds,
    about: "seconds to the end: of the track, or of the last note where that comes more than two bars earlier",
  },
  {
    name: "last_note_seconds",
    type: "double precision",
    from: (f) => f.duration.lastNoteEndSeconds,
    about: "seconds to the end of the last note",
  },
  { name: "bars", type: "real", from: (f) => f.duration.lastNoteEndBars, about: "bars to the end of the last note" },
  { name: "tempo_bpm", type: "real", from: (f) => f.tempo.bpm, about: "main tempo, beats a minute" },
  { name: "tempo_source", type: "text", from: (f) => f.tempo.source, about: "meta, or estimated" },
  { name: "tempo_confidence", type: "real", from: (f) => f.tempo.confidence, about: "that the tempo is right, 0 to 1" },
  { name: "tempo_changes", type: "integer", from: (f) => f.tempo.changeCount, about: "changes of tempo in the file" },
  { name: "performed", type: "boolean", from: (f) => f.performed.performed, about: "played by hand; null: open" },
  { name: "meter_numerator", type: "smallint", from: (f) => f.meter?.numerator, about: "of the main meter" },
  { name: "meter_denominator", type: "smallint", from: (f) => f.meter?.denominator, about: "of the main meter" },
  { name: "meter_confidence", type: "real", from: (f) => f.meter?.confidence, about: "that the meter is right" },
  { name: "key_tonic", type: "text", from: (f) => f.key?.tonic, about: "of the main key, as spelt: Bb, F#" },
  { name: "key_mode", type: "text", from: (f) => f.key?.mode, about: "major or minor" },
  { name: "key_confidence", type: "real", from: (f) => f.key?.confidence, about: "that the key is right" },
  { name: "note_count", type: "integer", from: (f) => f.notes.count, about: "notes, drums included" },
  { name: "pitch_low", type: "smallint", from: (f) => f.notes.lowestPitch, about: "lowest key, drums left out" },
  { name: "pitch_high", type: "smallint", from: (f) => f.notes.highestPitch, about: "highest key, drums left out" },
  { name: "unique_pitches", type: "smallint", from: (f) => f.notes.uniquePitches, about: "different keys" },
  { name: "velocity_mean", type: "real", from: (f) => f.notes.velocityMean, about: "mean note-on velocity" },
  { name: "polyphony_max", type: "integer", from: (f) => f.texture.maximumPolyphony, about: "most notes at once" },
  {
    name: "polyphony_mean",
    type: "real",
    from: (f) => f.texture.meanPolyphony,
    about: "notes at once where some sound",
  },
  { name: "notes_per_second", type: "real", from: (f) => f.texture.notesPerSecond, about: "density" },
  { name: "has_drums", type: "boolean", from: (f) => f.notes.drums > 0, about: "whether a drum kit plays" },
  {
    name: "instruments",
    type: "text[]",
    from: (f) => distinct(f.tracks.map((track) => track.instrument)),
    about: "names of General MIDI, of kits",
  },
  {
    name: "families",
    type: "text[]",
    from: (f) => distinct(f.tracks.map((track) => track.family)),
    about: "families of General MIDI, drums",
  },
  {
    name: "chord_labels",
    type: "text[]",
    from: (f) => f.progression?.vocabulary.map(({ label }) => label) ?? [],
    about: "its chords, the most frequent first",
  },
  {
    name: "loop_bars",
    type: "real",
    from: (f) => (f.structure?.loop.isLoop ? f.structure.loop.bars : null),
    about: "bars of a loop; null where it is none",
  },
  { name: "notes_hash", type: "text", from: (f) => f.identity.notesHash, about: "equal where the notes are" },
  { name: "tune_hash", type: "text", from: (f) => f.identity.tuneHash, about: "equal where the tune is" },
  {
    name: "fingerprint",
    type: "text",
    from: (f) => f.identity.fingerprint,
    about: "a sample of its phrases, in base64",
  },
  {
    name: "fingerprint_keys",
    type: "integer[]",
    from: (f) => keysOf(f.identity.fingerprint),
    about: "the phrases by which other hands are looked for",
  },
  { name: "melody", type: "text", from: (f) => f.melody, about: "the lines of its voices, in base64" },
  {
    name: "melody_keys",
    type: "integer[]",
    from: (f) => (f.melody === null ? null : [...melodyKeys(readMelodyLines(f.melody))]),
    about: "groups of notes by which tunes are looked up",
  },
  {
    name: "progression_keys",
    type: "integer[]",
    from: (f) => (f.chords === null ? null : progressionKeys(foldChords(f.chords.map(({ label }) => label)).chords)),
    about: "chords in a row by which progressions are looked up",
  },
  {
    name: "chords_end_seconds",
    type: "double precision",
    from: (f) => f.chords?.at(-1)?.endSeconds ?? null,
    about: "where the last chord ends",
  },
);
