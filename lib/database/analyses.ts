import { ANALYSIS_COLUMNS } from "../columns/analyses.ts";
import { TRACK_COLUMNS } from "../columns/tracks.ts";
import type { PoolSql } from "../pool.ts";
import { names, overwritten, recordset } from "./column-sql.ts";
import type { Run } from "./runs.ts";

/** What is stored of one content, as text that passes between threads and to the server without being read on the way. */
export interface AnalysisText {
  readonly id: number;
  /** JSON object of `content_id` and `ANALYSIS_COLUMNS`. */
  readonly row: string;
  /** JSON of the columns `features` and `chords`. */
  readonly features: string;
  readonly chords: string;
  /** JSON objects of `content_id` and `TRACK_COLUMNS`, a comma between them. */
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
      select content_id, ${sql.unsafe(names(ANALYSIS_COLUMNS))}, features::json, chords::json
      from rows from (
        string_to_table(${lines("features")}::text, E'\\n'),
        string_to_table(${lines("chords")}::text, E'\\n', 'null'),
        json_to_recordset(${list("row")}::text::json) as (
          content_id bigint, ${sql.unsafe(recordset(ANALYSIS_COLUMNS))}
        )
      ) as row (features, chords)
    ), mine as (
      update contents
      set analysis_state = 'done', analysis_owner = null, analysis_error = null, analysis_attempts = 0
      where id = any(${texts.map(({ id }) => id)}::bigint[])
        and analysis_owner = ${run.id} and analysis_state = 'claimed'
      returning id
    ), stored as (
      insert into analyses (content_id, ${sql.unsafe(names(ANALYSIS_COLUMNS))}, features, chords)
      select row.content_id, ${sql.unsafe(names(ANALYSIS_COLUMNS, "row."))}, row.features, row.chords
      from row
      join mine on mine.id = row.content_id
      on conflict (content_id) do update
      set
        ${sql.unsafe(overwritten(ANALYSIS_COLUMNS, []))},
        features = excluded.features, chords = excluded.chords, piece_group = null
    ), voice as materialized (
      select voice.*
      from json_to_recordset(${list("tracks")}::text::json) as voice (
        content_id bigint, ${sql.unsafe(recordset(TRACK_COLUMNS))}
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
      insert into tracks (content_id, ${sql.unsafe(names(TRACK_COLUMNS))})
      select content_id, ${sql.unsafe(names(TRACK_COLUMNS))}
      from voice
      on conflict (content_id, track, channel) do update
      set ${sql.unsafe(overwritten(TRACK_COLUMNS, ["track", "channel"]))}
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
