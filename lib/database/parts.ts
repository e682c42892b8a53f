import { rowOf } from "../columns/column.ts";
import { PART_COLUMNS, type StoredPart } from "../columns/parts.ts";
import type { PoolSql } from "../pool.ts";
import { names, overwritten, recordset, values } from "./column-sql.ts";
import type { Run } from "./runs.ts";

/** What was cut from a content. */
export interface NewParts {
  readonly contentId: number;
  readonly parts: readonly StoredPart[];
}

/**
 * Stores the parts of a batch of contents in one statement, for those that are still this run's. A content without
 * parts is not applicable. `by` is how they were cut, also when there was nothing to cut: auto, track or channel, and
 * whether kits were. Answers with the number of contents stored.
 */
export async function storeParts(sql: PoolSql, run: Run, by: string, cuts: readonly NewParts[]): Promise<number> {
  const parts = cuts.flatMap(({ contentId, parts }) =>
    parts.map((part) => ({ content_id: contentId, ...rowOf(PART_COLUMNS, part) })),
  );
  const uncut = cuts.filter((cut) => cut.parts.length === 0);
  const ids = (some: readonly NewParts[]) => some.map(({ contentId }) => contentId);
  const [counted] = await sql<{ stored: number }[]>`
    with mine as (
      update contents
      set
        split_state = (case when id = any(${ids(uncut)}::bigint[]) then 'not_applicable' else 'done' end)::phase_state,
        split_by = ${by}, split_owner = null, split_error = null, split_attempts = 0
      where id = any(${ids(cuts)}::bigint[]) and split_owner = ${run.id} and split_state = 'claimed'
      returning id
    ), part as materialized (
      select part.*
      from json_to_recordset(${JSON.stringify(parts)}::text::json) as part (
        content_id bigint, ${sql.unsafe(recordset(PART_COLUMNS))}
      )
      join mine on mine.id = part.content_id
    ), dropped as (
      delete from parts
      where content_id = any(array(select id from mine))
        and not exists (
          select from part where part.content_id = parts.content_id and part.number = parts.number
        )
    ), kept as (
      insert into parts (content_id, ${sql.unsafe(names(PART_COLUMNS))})
      select content_id, ${sql.unsafe(values(PART_COLUMNS, "part"))}
      from part
      on conflict (content_id, number) do update
      set ${sql.unsafe(overwritten(PART_COLUMNS, ["number"]))}
    )
    select count(*)::int as stored from mine`;
  return counted!.stored;
}

/**
 * Puts contents that were cut another way, or all of them, back to pending. With `singles` also those of one voice,
 * which are left alone unless kits are cut. Answers with how many.
 */
export async function reopenSplits(
  sql: PoolSql,
  { by, all, singles }: { readonly by: string; readonly all: boolean; readonly singles: boolean },
): Promise<number> {
  const rows = await sql`
    update contents
    set split_state = 'pending', split_attempts = 0
    where (split_state = 'done' or split_state = 'not_applicable')
      and (split_by is not null or ${singles}::boolean and voice_count = 1)
      and (${all}::boolean or split_by is distinct from ${by}::text)`;
  return rows.count;
}
