import type { PoolSql } from "../pool.ts";
import type { Phase } from "./claims.ts";

/** Contents by what they are and how far they have come. One pass over the table: about a third of a second a million. */
export interface ContentCount {
  readonly status: "ok" | "repaired" | "rejected";
  readonly analysis: PhaseState;
  readonly split: PhaseState;
  readonly count: number;
  readonly bytes: number;
}

export type PhaseState = "pending" | "claimed" | "done" | "failed" | "not_applicable";

export async function countContents(sql: PoolSql): Promise<ContentCount[]> {
  return await sql<ContentCount[]>`
    select
      status, analysis_state as analysis, split_state as split, count(*)::float8 as count, sum(size)::float8 as bytes
    from contents
    group by 1, 2, 3`;
}

/** Places by their state. */
export async function countPlaces(sql: PoolSql): Promise<{ readonly state: string; readonly count: number }[]> {
  return await sql<{ state: string; count: number }[]>`
    select state, count(*)::float8 as count from files group by state`;
}

/** Contents that are at no place any more. */
export async function countGone(sql: PoolSql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(distinct content_id)::float8 as count
    from files as gone
    where state = 'gone'
      and content_id is not null
      and not exists (select from files where content_id = gone.content_id and state = 'present')`;
  return row!.count;
}

/** Files at hand whose bytes another one holds as well; links and twins that are not there are none. */
export async function countDuplicates(sql: PoolSql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select coalesce(sum(copies - 1), 0)::float8 as count from duplicates`;
  return row!.count;
}

/** Above this many rows the planner's estimate does. */
const COUNTED_ROWS = 200_000;

/** The number of parts: counted, or as the planner estimates it when they are many. */
export async function countParts(sql: PoolSql): Promise<{ readonly count: number; readonly estimated: boolean }> {
  const [known] = await sql<{ rows: number }[]>`
    select reltuples::float8 as rows from pg_class where oid = 'parts'::regclass`;
  if (known!.rows > COUNTED_ROWS) return { count: known!.rows, estimated: true };
  const [row] = await sql<{ count: number }[]>`select count(*)::float8 as count from parts`;
  return { count: row!.count, estimated: false };
}

/** A process that has not said that it ended. */
export interface RunStatus {
  readonly id: number;
  readonly command: string;
  readonly machine: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** Seconds until its claims are taken over unless it shows up; negative when they may be. */
  readonly leaseSeconds: number;
  /** Contents it has claimed. */
  readonly analysis: number;
  readonly split: number;
}

export async function runsAtWork(sql: PoolSql): Promise<RunStatus[]> {
  return await sql<RunStatus[]>`
    select
      id, command, machine, pid, started_at as "startedAt",
      extract(epoch from expires_at - now())::float8 as "leaseSeconds",
      (select count(*) from contents where analysis_state = 'claimed' and analysis_owner = runs.id)::float8 as analysis,
      (select count(*) from contents where split_state = 'claimed' and split_owner = runs.id)::float8 as split
    from runs
    where ended_at is null
    order by id`;
}

/** Failures of one phase for one reason. */
export interface FailureGroup {
  readonly phase: "import" | Phase;
  readonly reason: string;
  readonly count: number;
  /** Where one of them is; null when its places are not known any more. */
  readonly example: string | null;
}

/** Why things failed, the most frequent reasons first. Reasons that differ in numbers only are one, with N for them. */
export async function failureGroups(sql: PoolSql, limit: number): Promise<FailureGroup[]> {
  return await sql<FailureGroup[]>`
    with reason as (
      select 'import' as phase, error as reason, count(*) as count, min(id) as content_id, null::bigint as file_id
      from contents
      where status = 'rejected'
      group by error
      union all
      select 'import', error, count(*), null, min(id)
      from files
      where state <> 'present' and state in ('archive', 'unreadable') and error is not null
      group by error
      union all
      select 'analysis', analysis_error, count(*), min(id), null
      from contents
      where analysis_state = 'failed'
      group by analysis_error
      union all
      select 'split', split_error, count(*), min(id), null
      from contents
      where split_state = 'failed'
      group by split_error
    ), kind as (
      select
        phase, sum(count) as count, min(content_id) as content_id, min(file_id) as file_id,
        case when count(*) > 1 then pattern else min(reason) end as reason
      from (select *, regexp_replace(coalesce(reason, ''), '[0-9]+', 'N', 'g') as pattern from reason) as reason
      group by phase, pattern
      order by count desc, phase, reason
      limit ${limit}
    )
    select
      phase, reason, count::float8 as count,
      (
        select path
        from places
        where places.id = coalesce(
          file_id,
          (select id from files where files.content_id = kind.content_id order by state <> 'present', id limit 1)
        )
      ) as example
    from kind
    order by kind.count desc, phase, reason`;
}

/** Bytes on the server's disk, indexes included. */
export async function tableSizes(sql: PoolSql): Promise<{ readonly name: string; readonly bytes: number }[]> {
  return await sql<{ name: string; bytes: number }[]>`
    select relname as name, pg_total_relation_size(oid)::float8 as bytes
    from pg_class
    where oid = any(array['contents', 'files', 'analyses', 'tracks', 'parts', 'words']::regclass[])
    order by bytes desc`;
}
