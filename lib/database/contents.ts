import { CONTENT_COLUMNS, type ContentRow } from "../columns/contents.ts";
import type { PendingQuery, PoolSql } from "../pool.ts";
import { names, overwritten, recordset, values } from "./column-sql.ts";

/**
 * Stores the contents that are new, in one statement, and answers with their hashes in hex. Our own parts are no
 * contents. Rejected ones are not analysed; those with one voice at most are not split. A content that was rejected
 * and can be read by now is as good as new.
 */
export async function insertContents(sql: PoolSql, contents: readonly ContentRow[]): Promise<string[]> {
  if (contents.length === 0) return [];
  const rows = await sql<{ sha256: string }[]>`
    insert into contents (${sql.unsafe(names(CONTENT_COLUMNS))}, analysis_state, split_state)
    select
      ${sql.unsafe(values(CONTENT_COLUMNS, "new"))},
      (case when new.status = 'rejected' then 'not_applicable' else 'pending' end)::phase_state,
      (case when new.voice_count > 1 then 'pending' else 'not_applicable' end)::phase_state
    from (
      select distinct on (sha256) *
      from json_to_recordset(${JSON.stringify(contents)}::text::json) as new (
        ${sql.unsafe(recordset(CONTENT_COLUMNS))}
      )
      order by sha256
    ) as new
    where not exists (
      select from parts
      where parts.sha256 = decode(new.sha256, 'hex')
      offset 0 -- one look into the index a hash, whatever the planner believes of a table that grows
    )
    -- What stands in the library is left out before it conflicts: a conflict locks, and others lock in other orders.
    and not exists (
      select from contents
      where contents.sha256 = decode(new.sha256, 'hex') and (contents.status <> 'rejected' or new.status = 'rejected')
      offset 0
    )
    order by 1
    on conflict (sha256) do update
    set
      ${sql.unsafe(overwritten(CONTENT_COLUMNS, ["sha256", "size"]))},
      analysis_state = excluded.analysis_state, split_state = excluded.split_state
    where contents.status = 'rejected' and excluded.status <> 'rejected'
    returning encode(sha256, 'hex') as sha256`;
  return rows.map((row) => row.sha256);
}

/** Contents whose bytes had been lost from sight are worth another try when a place of theirs shows up again. */
export async function reviveContents(sql: PoolSql, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await revive(sql, sql`id = any(${[...ids]}::bigint[])`);
}

/**
 * Contents whose bytes were missing, as when a disk was away, though an import has found a place of theirs unchanged,
 * get another try.
 */
export async function reviveFound(sql: PoolSql, root: number): Promise<void> {
  await revive(
    sql,
    sql`(analysis_state = 'failed' or split_state = 'failed')
      and exists (select from files where content_id = contents.id and root_id = ${root} and state = 'present')`,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a fragment of a query has no public type.
async function revive(sql: PoolSql, which: PendingQuery<any>): Promise<void> {
  await sql`
    update contents
    set
      analysis_state = case when analysis_error = ${NO_PLACE} then 'pending' else analysis_state end,
      analysis_error = nullif(analysis_error, ${NO_PLACE}),
      split_state = case when split_error = ${NO_PLACE} then 'pending' else split_state end,
      split_error = nullif(split_error, ${NO_PLACE})
    where ${which} and (analysis_error = ${NO_PLACE} or split_error = ${NO_PLACE})`;
}

/**
 * Contents that failed because no place held them, and of which no place is left by now, have nothing to be done: they
 * are lost from sight, no failures. Their errors stay, so that a place that returns gives them another try.
 */
export async function retireLost(sql: PoolSql): Promise<void> {
  const lost = (state: "analysis_state" | "split_state", error: "analysis_error" | "split_error") => sql`
    update contents
    set ${sql(state)} = 'not_applicable'
    where ${sql(state)} = 'failed' and ${sql(error)} = ${NO_PLACE}
      and not exists (select from files where files.content_id = contents.id and files.state <> 'gone')`;
  await lost("analysis_state", "analysis_error");
  await lost("split_state", "split_error");
}

/** The error of a content that none of its places holds any more. */
export const NO_PLACE = "none of its places holds it any more";
