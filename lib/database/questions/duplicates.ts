import type { PendingQuery, PoolSql } from "../../pool.ts";

/** A content that was seen in several files, with every place of it, as the last imports saw them. */
export interface SeenCopies {
  readonly id: number;
  readonly size: number;
  readonly places: readonly {
    readonly root: string;
    readonly path: string;
    readonly member: string;
  }[];
}

/** Contents with several copies, those that hold the most bytes first. Read it by cursor: there may be very many. */
export function seenCopies(sql: PoolSql): PendingQuery<SeenCopies[]> {
  return sql<SeenCopies[]>`
    select
      duplicates.id, duplicates.size,
      (
        select json_agg(json_build_object('root', roots.path, 'path', files.path, 'member', member) order by files.id)
        from files
        join roots on roots.id = files.root_id
        where files.content_id = duplicates.id and files.state = 'present'
      ) as places
    from duplicates
    order by bytes_to_spare desc, id`;
}

/** Music that is alike in different files. */
export interface NearCopies {
  /** What is the same: the notes, or the tune. */
  readonly same: string;
  readonly paths: readonly string[];
}

export function nearCopies(sql: PoolSql): PendingQuery<NearCopies[]> {
  return sql<NearCopies[]>`
    select same, array(select path from library where id = any(ids) order by path) as paths
    from near_duplicates
    order by contents desc, hash`;
}
