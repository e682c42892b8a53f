import { ANALYSIS_COLUMNS } from "../../columns/analyses.ts";
import { TRACK_COLUMNS } from "../../columns/tracks.ts";
import type { PoolSql } from "../../pool.ts";
import { names } from "../column-sql.ts";

/** Rows of a table as lists of values, in the order of the table's export columns. */
export type Rows = readonly (readonly unknown[])[];

/** The tables that are made from rows of the library alone. */
export type StoredExport = "analyses" | "tracks" | "chords" | "keys" | "beats" | "sections" | "features";

/** The rows of a table for these contents (hashes in hex), in the order of the hashes. */
export async function exportRows(sql: PoolSql, table: StoredExport, hashes: readonly string[]): Promise<Rows> {
  const rows = await sql`
    with asked as materialized (
      select contents.id, asked.sha256, asked.place
      from unnest(${[...hashes]}::text[]) with ordinality as asked (sha256, place)
      join contents on contents.sha256 = decode(asked.sha256, 'hex')
    )
    ${sql.unsafe(STATEMENTS[table])}`.values();
  return rows as unknown as Rows;
}

const ANALYSED = "from asked join analyses on content_id = id";

const STATEMENTS: Readonly<Record<StoredExport, string>> = {
  analyses: `select asked.sha256, ${names(ANALYSIS_COLUMNS, "analyses.")} ${ANALYSED} order by place`,
  tracks: `
    select asked.sha256, ${names(TRACK_COLUMNS, "tracks.")}
    from asked join tracks on content_id = id
    order by place, track, channel`,
  features: `select asked.sha256, features ${ANALYSED} order by place`,
  chords: `
    select
      asked.sha256, (number - 1)::int, (chord ->> 0)::int, (chord ->> 1)::float8,
      coalesce((chords -> number::int ->> 1)::float8, chords_end_seconds), chord ->> 2, chord ->> 3
    ${ANALYSED}, json_array_elements(nullif(chords::text, 'null')::json) with ordinality as list (chord, number)
    order by place, number`,
  keys: `
    select asked.sha256, (change ->> 'startTick')::int, (change ->> 'startSeconds')::float8, change ->> 'tonic', change ->> 'mode'
    ${ANALYSED}, json_array_elements(features #> '{key,changes}') with ordinality as list (change, number)
    where json_typeof(features -> 'key') = 'object'
    order by place, number`,
  beats: `
    select asked.sha256, (number - 1)::int, beat::text::float8
    ${ANALYSED}, json_array_elements(
      case when json_typeof(features #> '{beats,seconds}') = 'array' then features #> '{beats,seconds}' end
    ) with ordinality as list (beat, number)
    order by place, number`,
  sections: `
    select
      asked.sha256, (number - 1)::int, section ->> 'label', (section ->> 'startBar')::int, (section ->> 'bars')::int,
      (section ->> 'startSeconds')::float8
    ${ANALYSED}, json_array_elements(
      case when json_typeof(features #> '{structure,sections}') = 'array' then features #> '{structure,sections}' end
    ) with ordinality as list (section, number)
    order by place, number`,
};
