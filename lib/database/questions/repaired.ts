import type { PendingQuery, PoolSql } from "../../pool.ts";

/** A place of a content that had to be repaired. */
export interface RepairedPlace {
  readonly root: string;
  readonly path: string;
  readonly member: string;
  /** Hex. */
  readonly sha256: string;
}

/** Each content that had to be repaired and is still somewhere, at one of its places. Read it by cursor. */
export function repairedPlaces(sql: PoolSql): PendingQuery<RepairedPlace[]> {
  return sql<RepairedPlace[]>`
    select roots.path as root, place.path, place.member, encode(sha256, 'hex') as sha256
    from contents
    join lateral (
      select root_id, path, member
      from files
      where content_id = contents.id and state = 'present'
      order by member <> '', id
      limit 1
    ) as place on true
    join roots on roots.id = place.root_id
    where status = 'repaired'
    order by contents.id`;
}
