import type { PoolSql } from "../pool.ts";

/** A place that failed, and why. */
export interface FailedPlace {
  readonly phase: "import" | "analysis" | "split";
  readonly reason: string;
  /** null when it is not known any more. */
  readonly path: string | null;
  readonly id: number | null;
}

/** Places of one kind of failure, as `failureGroups` groups them: reasons that differ in numbers only are one. */
export async function failedPlaces(
  sql: PoolSql,
  phase: string,
  reason: string,
  from: number,
  most: number,
): Promise<FailedPlace[]> {
  return await sql<FailedPlace[]>`
    select phase, coalesce(reason, '') as reason, path, content_id::float8 as id
    from failures
    where phase = ${phase}
      and (
        coalesce(reason, '') = ${reason} or regexp_replace(coalesce(reason, ''), '[0-9]+', 'N', 'g') = ${reason}
      )
    order by path, content_id
    offset ${from}
    limit ${most}`;
}

/** Copies beyond the first of each content, and the bytes they hold. */
export async function copiesHeld(
  sql: PoolSql,
): Promise<{ readonly contents: number; readonly copies: number; readonly bytes: number }> {
  const [row] = await sql<{ contents: number; copies: number; bytes: number }[]>`
    select
      count(*)::float8 as contents, coalesce(sum(places - 1), 0)::float8 as copies,
      coalesce(sum((places - 1) * size), 0)::float8 as bytes
    from (
      select count(*) as places, max(size) as size
      from files
      where state = 'present' and content_id is not null
      group by content_id
      having count(*) > 1
    ) as copied`;
  return row!;
}
