import type { PoolSql } from "../pool.ts";

/** A piece whose group is to be found. */
export interface UngroupedPiece {
  readonly id: number;
  readonly fingerprint: string | null;
}

/** A piece that may be the same as one that is to be grouped. */
export interface Candidate {
  /** The piece that is to be grouped, and the other one. */
  readonly id: number;
  readonly other: number;
  /** Of the other one; null where equal hashes have said already that it is the same. */
  readonly fingerprint: string | null;
  /** The other's group; null when it has none yet. */
  readonly group: number | null;
}

/** Keys that more pieces hold than this say nothing: scales, figures of accompaniment. */
const COMMON = 200;
/** They are counted anew when the library has grown by so much. */
const GROWTH = 1.2;
/** Others looked at for one piece, those that share most phrases. */
const MOST_CANDIDATES = 24;
/** One phrase in common is chance. */
const LEAST_SHARED = 2;

/** Takes the turn to group, until the transaction ends; false when another process has it. */
export async function beginGrouping(sql: PoolSql): Promise<boolean> {
  const [row] = await sql<{ mine: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtext('midiworks piece groups')) as mine`;
  return row!.mine;
}

/** The next pieces without a group, in the order of their numbers. */
export async function ungroupedPieces(sql: PoolSql, limit: number): Promise<UngroupedPiece[]> {
  return await sql<UngroupedPiece[]>`
    select content_id as id, fingerprint
    from analyses
    where piece_group is null
    order by content_id
    limit ${limit}`;
}

/**
 * Who may be the same as these pieces: earlier ones and those with a group that share phrases with them, or the hash of
 * their notes or tune. Later ones find them in their turn.
 */
export async function groupCandidates(sql: PoolSql, ids: readonly number[]): Promise<Candidate[]> {
  return await sql<Candidate[]>`
    with new as materialized (
      select
        content_id, notes_hash, tune_hash, note_count,
        array(select key from unnest(fingerprint_keys) as key where key not in (select key from common_phrases)) as keys
      from analyses
      where content_id = any(${[...ids]}::bigint[])
    )
    select new.content_id as id, other.content_id as other, other.fingerprint, other.piece_group as group
    from new, lateral (
      select content_id, fingerprint, piece_group
      from (
        select
          content_id, fingerprint, piece_group,
          (select count(*) from unnest(known.fingerprint_keys) as key where key = any(new.keys)) as shared
        from analyses as known
        where known.fingerprint_keys && new.keys
          and (known.content_id < new.content_id or known.piece_group is not null)
          and known.content_id <> new.content_id
        offset 0 -- counts what is shared once, not for the condition and the order each
      ) as known
      where shared >= ${LEAST_SHARED}
      order by shared desc, content_id
      limit ${MOST_CANDIDATES}
    ) as other
    union all
    select new.content_id, other.content_id, null, other.piece_group
    from new, lateral (
      (
        select content_id, piece_group from analyses as known
        where known.notes_hash = new.notes_hash and known.content_id < new.content_id
        order by content_id
        limit 1
      )
      union
      (
        select content_id, piece_group from analyses as known
        where known.tune_hash = new.tune_hash and known.content_id < new.content_id
        order by content_id
        limit 1
      )
    ) as other
    where new.note_count >= 16`;
}

/** Gives pieces their groups, and joins groups that turned out to be one piece. */
export async function storeGroups(
  sql: PoolSql,
  groups: ReadonlyMap<number, number>,
  merged: ReadonlyMap<number, number>,
): Promise<void> {
  await sql`
    update analyses
    set piece_group = found.group
    from unnest(${[...groups.keys()]}::bigint[], ${[...groups.values()]}::bigint[]) as found (id, "group")
    where content_id = found.id`;
  if (merged.size === 0) return;
  await sql`
    update analyses
    set piece_group = joined.into
    from unnest(${[...merged.keys()]}::bigint[], ${[...merged.values()]}::bigint[]) as joined ("from", "into")
    where piece_group = joined.from`;
}

/** Counts anew which phrases very many pieces hold, when the library has grown since they were counted. */
export async function countCommonPhrases(sql: PoolSql): Promise<void> {
  const grown = await sql`
    update common_phrases_counted
    set analyses = reltuples
    from pg_class
    where pg_class.oid = 'analyses'::regclass and reltuples > ${COMMON} and reltuples > analyses * ${GROWTH}
    returning analyses`;
  if (grown.count === 0) return;
  await sql`delete from common_phrases`;
  await sql`
    insert into common_phrases
    select key
    from analyses, unnest(fingerprint_keys) as key
    group by key
    having count(*) > ${COMMON}`;
}
