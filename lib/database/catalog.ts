import { LIBRARY_COLUMNS, type LibraryRow } from "../columns/library.ts";
import type { PoolSql } from "../pool.ts";

/**
 * So many pieces in the order of their numbers, a text a column: the values of the pieces with "," between them, an
 * empty one where nothing is known; lists of names with tabs inside a piece and line breaks between pieces.
 */
export interface CatalogChunk {
  readonly count: number;
  readonly id: string;
  readonly tempo: string;
  readonly tempoConfidence: string;
  /** "A minor". */
  readonly key: string;
  readonly keyConfidence: string;
  /** "6/8". */
  readonly meter: string;
  readonly meterConfidence: string;
  /** Seconds. */
  readonly duration: string;
  readonly bars: string;
  readonly loopBars: string;
  readonly notes: string;
  /** "t" or "f". */
  readonly drums: string;
  readonly performed: string;
  readonly repaired: string;
  readonly instruments: string;
}

/**
 * The next `most` pieces above the number `after`. One row for all of them: a million pieces are read in seconds, and
 * none of them as an object.
 */
export async function catalogChunk(sql: PoolSql, after: number, most: number): Promise<CatalogChunk> {
  const [chunk] = await sql<CatalogChunk[]>`
    select
      count(*)::int as count,
      string_agg(id::text, ',') as id,
      string_agg(coalesce(tempo_bpm::text, ''), ',') as tempo,
      string_agg(coalesce(tempo_confidence::text, ''), ',') as "tempoConfidence",
      string_agg(coalesce(key_tonic || ' ' || key_mode, ''), ',') as key,
      string_agg(coalesce(key_confidence::text, ''), ',') as "keyConfidence",
      string_agg(coalesce(meter_numerator::text || '/' || meter_denominator::text, ''), ',') as meter,
      string_agg(coalesce(meter_confidence::text, ''), ',') as "meterConfidence",
      string_agg(coalesce(duration_seconds::text, ''), ',') as duration,
      string_agg(coalesce(bars::text, ''), ',') as bars,
      string_agg(coalesce(loop_bars::text, ''), ',') as "loopBars",
      string_agg(note_count::text, ',') as notes,
      string_agg(coalesce(left(has_drums::text, 1), ''), ',') as drums,
      string_agg(coalesce(left(performed::text, 1), ''), ',') as performed,
      string_agg(left((status = 'repaired')::text, 1), ',') as repaired,
      string_agg(coalesce(array_to_string(instruments, E'\t'), ''), E'\n') as instruments
    from (
      select
        analyses.content_id as id, tempo_bpm, tempo_confidence, key_tonic, key_mode, key_confidence, meter_numerator,
        meter_denominator, meter_confidence, duration_seconds, bars, loop_bars, analyses.note_count, has_drums,
        performed, instruments, contents.status
      from analyses
      join contents on contents.id = analyses.content_id
      -- Said of both, so that a join by merging does not read all contents before them.
      where analyses.content_id > ${after} and contents.id > ${after}
      order by analyses.content_id
      limit ${most}
    ) as piece`;
  return chunk!;
}

/** The numbers of pieces that are at no place any more. */
export async function gonePieces(sql: PoolSql): Promise<number[]> {
  const [row] = await sql<{ ids: string | null }[]>`
    select string_agg(distinct content_id::text, ',') as ids
    from files as gone
    where state = 'gone'
      and content_id is not null
      and not exists (
        select from files as other where other.content_id = gone.content_id and other.state = 'present'
      )`;
  return numbers(row!.ids);
}

/** Which pieces have a tag: its name and their numbers, once for each place; the commonest tags first. */
export async function taggedPieces(
  sql: PoolSql,
  mostTags: number,
): Promise<{ readonly tag: string; readonly ids: number[] }[]> {
  const rows = await sql<{ tag: string; ids: string }[]>`
    select tag, string_agg(content_id::text, ',') as ids
    from files, unnest(tags) as tag
    where state = 'present' and tags is not null and content_id is not null
    group by tag
    order by count(*) desc, tag
    limit ${mostTags}`;
  return rows.map(({ tag, ids }) => ({ tag, ids: numbers(ids) }));
}

/** A number that changes when pieces or places do, without a look at the rows. */
export async function catalogState(sql: PoolSql): Promise<string> {
  const [row] = await sql<{ state: string }[]>`
    select string_agg(n_tup_ins || '/' || n_tup_upd || '/' || n_tup_del, ' ' order by relname) as state
    from pg_stat_user_tables
    where relid = any(array['analyses', 'files']::regclass[])`;
  return row!.state;
}

const numbers = (ids: string | null) => (ids ? ids.split(",").map(Number) : []);

/** The numbers of pieces in the order of the paths of their places; a piece comes once for each. */
export async function piecesByPath(sql: PoolSql): Promise<number[]> {
  const [row] = await sql<{ ids: string | null }[]>`
    select string_agg(content_id::text, ',') as ids
    from (
      select content_id
      from files
      where state = 'present' and content_id is not null
      order by root_id, path, member
    ) as place`;
  return numbers(row!.ids);
}

/** A row of the view `library` with its number. */
export interface CatalogPiece extends LibraryRow {
  readonly id: number;
  readonly families: readonly string[] | null;
  readonly repaired: boolean;
  /** Bytes. */
  readonly size: number;
}

const NAMES = Object.keys(LIBRARY_COLUMNS).join(", ");

/** What the library says of these pieces, in the order asked for; those that went meanwhile are left out. */
export async function catalogPieces(sql: PoolSql, ids: readonly number[]): Promise<CatalogPiece[]> {
  return await sql<CatalogPiece[]>`
    select library.id::float8 as id, ${sql.unsafe(NAMES)}, families, size::float8 as size, repaired
    from unnest(${[...ids]}::bigint[]) with ordinality as asked (id, place)
    join library using (id)
    order by place`;
}
