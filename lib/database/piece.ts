import type { PoolSql } from "../pool.ts";

/** A content with where it is and was, as the page of one piece shows it. */
export interface PieceRecord {
  readonly id: number;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  readonly status: "ok" | "repaired" | "rejected";
  readonly error: string | null;
  readonly title: string | null;
  /** Those that are there first; at most `MOST_PLACES`. */
  readonly places: readonly PiecePlace[];
  readonly placeCount: number;
  readonly parts: readonly PiecePart[];
}

export interface PiecePlace {
  readonly root: string;
  readonly path: string;
  /** "" for a file that is no member of an archive. */
  readonly member: string;
  readonly gone: boolean;
  readonly modified: Date;
  readonly tags: readonly string[] | null;
}

export interface PiecePart {
  readonly number: number;
  /** Relative to the folder of parts. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  readonly name: string | null;
  readonly track: number | null;
  readonly channel: number | null;
  readonly program: number | null;
  readonly drum: boolean;
  readonly notes: number;
}

/** One content may stand at a hundred thousand places. */
const MOST_PLACES = 200;

export async function pieceRecord(sql: PoolSql, id: number): Promise<PieceRecord | null> {
  const [record] = await sql<Omit<PieceRecord, "places" | "parts">[]>`
    select
      contents.id::float8 as id, encode(sha256, 'hex') as sha256, size::float8 as size, status, error, title,
      (select count(*)::int from files where content_id = contents.id) as "placeCount"
    from contents
    left join analyses on analyses.content_id = contents.id
    where contents.id = ${id}`;
  if (!record) return null;
  return { ...record, places: await placesOf(sql, id), parts: await partsOf(sql, id) };
}

async function placesOf(sql: PoolSql, id: number): Promise<PiecePlace[]> {
  return await sql<PiecePlace[]>`
    select
      roots.path as root, files.path, files.member, files.state <> 'present' as gone,
      to_timestamp(files.modified_us / 1e6) as modified, files.tags
    from files
    join roots on roots.id = files.root_id
    where files.content_id = ${id}
    order by files.state <> 'present', files.member <> '', files.id
    limit ${MOST_PLACES}`;
}

async function partsOf(sql: PoolSql, id: number): Promise<PiecePart[]> {
  return await sql<PiecePart[]>`
    select
      number, path, encode(sha256, 'hex') as sha256, size::float8 as size, name, track, channel, program, drum,
      note_count as notes
    from parts
    where content_id = ${id}
    order by number`;
}

/** A piece of the same notes or tune as another, or the same piece in other hands. */
export interface NearPiece {
  readonly id: number;
  readonly same: "notes" | "tune" | "piece";
}

/** Pieces of few notes are alike by chance. */
const LEAST_NOTES = 16;

export async function nearPieces(sql: PoolSql, id: number, most: number): Promise<NearPiece[]> {
  return await sql<NearPiece[]>`
    select
      other.content_id::float8 as id,
      case
        when other.notes_hash = piece.notes_hash then 'notes'
        when other.tune_hash = piece.tune_hash then 'tune'
        else 'piece'
      end as same
    from analyses as piece
    join analyses as other
      on (
        other.notes_hash = piece.notes_hash or other.tune_hash = piece.tune_hash
        or other.piece_group = piece.piece_group
      )
      and other.content_id <> piece.content_id
      and other.note_count >= ${LEAST_NOTES}
    where piece.content_id = ${id} and piece.note_count >= ${LEAST_NOTES}
    order by same, id
    limit ${most}`;
}

/** Where the bytes of contents may be found, at most a few places each. */
export async function bytesPlaces(
  sql: PoolSql,
  ids: readonly number[],
): Promise<
  {
    readonly id: number;
    readonly sha256: string;
    readonly places: readonly Omit<PiecePlace, "gone" | "modified" | "tags">[];
  }[]
> {
  return await sql`
    select
      contents.id::float8 as id, encode(sha256, 'hex') as sha256,
      (
        select coalesce(json_agg(json_build_object('root', root, 'path', path, 'member', member)), '[]')
        from (
          select roots.path as root, files.path, files.member
          from files
          join roots on roots.id = files.root_id
          where files.content_id = contents.id and files.state = 'present'
          order by files.member <> '', files.id
          limit 8
        ) as place
      ) as places
    from unnest(${[...ids]}::bigint[]) with ordinality as asked (id, place)
    join contents on contents.id = asked.id
    order by asked.place`;
}
