import type { PoolSql } from "../pool.ts";
import type { Run } from "./runs.ts";

/** What is stored of one content, as text that passes between threads and to the server without being read on the way. */
export interface AnalysisText {
  readonly id: number;
  /** JSON object of the columns of `analyses` but the two below. */
  readonly row: string;
  /** JSON of the columns `features` and `chords`. */
  readonly features: string;
  readonly chords: string;
  /** JSON objects of the columns of `tracks`, a comma between them. */
  readonly tracks: string;
}

/**
 * Stores what the analysis says of a batch of contents in one statement, for those that are still this run's:
 * the row of `analyses`, the rows of `tracks`, and the content's state. The large columns come a line each, for inside
 * another JSON the server would read them twice. Answers with the number of contents stored.
 */
export async function storeAnalyses(sql: PoolSql, run: Run, texts: readonly AnalysisText[]): Promise<number> {
  const lines = (key: "features" | "chords") => texts.map((text) => text[key]).join("\n");
  const list = (key: "row" | "tracks") => `[${texts.flatMap((text) => text[key] || []).join(",")}]`;
  const [counted] = await sql<{ stored: number }[]>`
    with row as materialized (
      select
        content_id, analyzer_version, title, duration_seconds, last_note_seconds, bars, tempo_bpm, tempo_source,
        tempo_confidence, tempo_changes, performed, meter_numerator, meter_denominator, meter_confidence, key_tonic,
        key_mode, key_confidence, note_count, pitch_low, pitch_high, unique_pitches, velocity_mean, polyphony_max,
        polyphony_mean, notes_per_second, has_drums, instruments, families, chord_labels, loop_bars, notes_hash,
        tune_hash, features::json, chords::json, chords_end_seconds
      from rows from (
        string_to_table(${lines("features")}::text, E'\\n'),
        string_to_table(${lines("chords")}::text, E'\\n', 'null'),
        json_to_recordset(${list("row")}::text::json) as (
          content_id bigint, analyzer_version int, title text, duration_seconds float8, last_note_seconds float8,
          bars real, tempo_bpm real, tempo_source text, tempo_confidence real, tempo_changes int, performed boolean,
          meter_numerator smallint, meter_denominator smallint, meter_confidence real, key_tonic text, key_mode text,
          key_confidence real, note_count int, pitch_low smallint, pitch_high smallint, unique_pitches smallint,
          velocity_mean real, polyphony_max int, polyphony_mean real, notes_per_second real, has_drums boolean,
          instruments text[], families text[], chord_labels text[], loop_bars real, notes_hash text, tune_hash text,
          chords_end_seconds float8
        )
      ) as row (features, chords)
    ), mine as (
      update contents
      set analysis_state = 'done', analysis_owner = null, analysis_error = null, analysis_attempts = 0
      where id = any(${texts.map(({ id }) => id)}::bigint[])
        and analysis_owner = ${run.id} and analysis_state = 'claimed'
      returning id
    ), stored as (
      insert into analyses
      select row.*
      from row
      join mine on mine.id = row.content_id
      on conflict (content_id) do update
      set
        (analyzer_version, title, duration_seconds, last_note_seconds, bars, tempo_bpm, tempo_source,
          tempo_confidence, tempo_changes, performed, meter_numerator, meter_denominator, meter_confidence, key_tonic,
          key_mode, key_confidence, note_count, pitch_low, pitch_high, unique_pitches, velocity_mean, polyphony_max,
          polyphony_mean, notes_per_second, has_drums, instruments, families, chord_labels, loop_bars, notes_hash,
          tune_hash, features, chords, chords_end_seconds)
        = (excluded.analyzer_version, excluded.title, excluded.duration_seconds, excluded.last_note_seconds,
          excluded.bars, excluded.tempo_bpm, excluded.tempo_source, excluded.tempo_confidence,
          excluded.tempo_changes, excluded.performed, excluded.meter_numerator, excluded.meter_denominator,
          excluded.meter_confidence, excluded.key_tonic, excluded.key_mode, excluded.key_confidence,
          excluded.note_count, excluded.pitch_low, excluded.pitch_high, excluded.unique_pitches,
          excluded.velocity_mean, excluded.polyphony_max, excluded.polyphony_mean, excluded.notes_per_second,
          excluded.has_drums, excluded.instruments, excluded.families, excluded.chord_labels, excluded.loop_bars,
          excluded.notes_hash, excluded.tune_hash, excluded.features, excluded.chords,
          excluded.chords_end_seconds)
    ), voice as materialized (
      select voice.*
      from json_to_recordset(${list("tracks")}::text::json) as voice (
        content_id bigint, track int, channel smallint, name text, program smallint, instrument text, family text,
        drum boolean, note_count int, pitch_low smallint, pitch_high smallint, pitch_mean real, velocity_mean real,
        polyphonic_share real, sounding_seconds real, port smallint, bank_msb smallint, bank_lsb smallint,
        programs smallint[], role text, role_confidence real
      )
      join mine on mine.id = voice.content_id
    ), dropped as (
      delete from tracks
      where content_id = any(array(select id from mine))
        and not exists (
          select from voice
          where voice.content_id = tracks.content_id and voice.track = tracks.track and voice.channel = tracks.channel
        )
    ), sounding as (
      insert into tracks
      select * from voice
      on conflict (content_id, track, channel) do update
      set
        (name, program, instrument, family, drum, note_count, pitch_low, pitch_high, pitch_mean, velocity_mean,
          polyphonic_share, sounding_seconds, port, bank_msb, bank_lsb, programs, role, role_confidence)
        = (excluded.name, excluded.program, excluded.instrument, excluded.family, excluded.drum, excluded.note_count,
          excluded.pitch_low, excluded.pitch_high, excluded.pitch_mean, excluded.velocity_mean,
          excluded.polyphonic_share, excluded.sounding_seconds, excluded.port, excluded.bank_msb, excluded.bank_lsb,
          excluded.programs, excluded.role, excluded.role_confidence)
    )
    select count(*)::int as stored from mine`;
  return counted!.stored;
}

/** Puts contents that an older analyser judged, or all of them, back to pending. Answers with how many. */
export async function reopenAnalyses(sql: PoolSql, below: number | "all"): Promise<number> {
  const rows = await sql`
    update contents
    set analysis_state = 'pending', analysis_attempts = 0
    from analyses
    where analyses.content_id = contents.id
      and contents.analysis_state = 'done'
      and analyses.analyzer_version < ${below === "all" ? 2147483647 : below}::int`;
  return rows.count;
}
