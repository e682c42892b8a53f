import type { PoolSql } from "../pool.ts";
import type { Run } from "./runs.ts";

/*
 * The life of a content in a phase:
 *
 *   pending --claim--> claimed --finish--> done | failed | not_applicable
 *      ^                  |
 *      +------ release ---+   (stopped in good order, or the claiming run died)
 *
 * Every ending says "if still mine": a run whose lease was taken over changes nothing. Attempts are those since the
 * last ending, so that nothing in a row tells of deaths that were overcome.
 */

export type Phase = "analysis" | "split";

/** A content to work on and where its bytes can be had. */
export interface Claimed {
  readonly id: number;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  /** Where it was found, best first: folder of the import, path in it, member ("" for the file itself). */
  readonly places: readonly { readonly root: string; readonly path: string; readonly member: string }[];
}

/** Deaths of a process with a content in hand after which it is a suspect, worked on alone, and after which it is given up. */
const SUSPECT_AFTER = 3;
const GIVEN_UP_AFTER = 8;

/**
 * Takes up to `limit` pending contents for this run in one statement; contents others are taking are passed over. The
 * suspects, which were in hand when processes died, are left to `claimSuspect`.
 */
export async function claim(sql: PoolSql, phase: Phase, run: Run, limit: number): Promise<Claimed[]> {
  return await claimWhere(sql, phase, run, limit, sql`${sql(`${phase}_attempts`)} < ${SUSPECT_AFTER}`);
}

/**
 * Takes one suspect, unless another one is in somebody's hand: in the whole library one at a time is worked on, in
 * whatever phase, so that the one that ends its process takes no other along. To be called in a transaction.
 */
export async function claimSuspect(sql: PoolSql, phase: Phase, run: Run): Promise<Claimed[]> {
  const [lock] = await sql<{ held: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtext('midiworks suspect')) as held`;
  if (!lock!.held) return [];
  const inHand = (each: Phase) => sql`
    select from contents where ${sql(`${each}_state`)} = 'claimed' and ${sql(`${each}_attempts`)} > ${SUSPECT_AFTER}`;
  const alone = sql`not exists (${inHand("analysis")}) and not exists (${inHand("split")})`;
  return await claimWhere(sql, phase, run, 1, sql`${sql(`${phase}_attempts`)} >= ${SUSPECT_AFTER} and ${alone}`);
}

async function claimWhere(
  sql: PoolSql,
  phase: Phase,
  run: Run,
  limit: number,
  // biome-ignore lint/suspicious/noExplicitAny: a fragment of a query has no public type.
  condition: any,
): Promise<Claimed[]> {
  const state = sql(`${phase}_state`);
  const attempts = sql(`${phase}_attempts`);
  return await sql<Claimed[]>`
    with picked as (
      select id
      from contents
      where ${state} = 'pending' and ${condition}
      order by id
      limit ${limit}
      for update skip locked
    ), claimed as (
      update contents
      set ${state} = 'claimed', ${sql(`${phase}_owner`)} = ${run.id}, ${attempts} = ${attempts} + 1
      where id = any(array(select id from picked)) and ${state} = 'pending'
      returning id, sha256, size
    )
    select
      claimed.id, encode(claimed.sha256, 'hex') as sha256, claimed.size,
      coalesce(
        (
          select json_agg(json_build_object('root', roots.path, 'path', files.path, 'member', files.member) order by roots.path, files.path, files.member)
          from (
            select * from files where content_id = claimed.id and state = 'present' order by root_id, path, member limit 8
          ) as files
          join roots on roots.id = files.root_id
        ),
        '[]'
      ) as places
    from claimed
    order by claimed.id`;
}

/** Gives claims back untouched, as if they had never been taken. */
export async function release(sql: PoolSql, phase: Phase, run: Run, ids: readonly number[]): Promise<void> {
  const attempts = sql(`${phase}_attempts`);
  await sql`
    update contents
    set ${sql(`${phase}_state`)} = 'pending', ${sql(`${phase}_owner`)} = null, ${attempts} = ${attempts} - 1
    where id = any(${[...ids]}::bigint[]) and ${sql(`${phase}_owner`)} = ${run.id} and ${sql(`${phase}_state`)} = 'claimed'`;
}

/** Gives back what this run claimed but does not hold: the answer to a claim was lost on the way. */
export async function releaseStray(sql: PoolSql, phase: Phase, run: Run, inHand: readonly number[]): Promise<number> {
  const attempts = sql(`${phase}_attempts`);
  const rows = await sql`
    update contents
    set ${sql(`${phase}_state`)} = 'pending', ${sql(`${phase}_owner`)} = null, ${attempts} = ${attempts} - 1
    where ${sql(`${phase}_owner`)} = ${run.id}
      and ${sql(`${phase}_state`)} = 'claimed'
      and not id = any(${[...inHand]}::bigint[])`;
  return rows.count;
}

/**
 * Takes back the claims of runs that ended or whose lease is over. A content that was in hand at several deaths is
 * given up. Answers with the number of claims taken back.
 */
export async function takeOver(sql: PoolSql, phase: Phase): Promise<number> {
  const state = sql(`${phase}_state`);
  const owner = sql(`${phase}_owner`);
  const attempts = sql(`${phase}_attempts`);
  const error = sql(`${phase}_error`);
  const rows = await sql`
    with lost as (
      select contents.id
      from contents
      left join runs on runs.id = contents.${owner} and runs.ended_at is null and runs.expires_at > now()
      where contents.${state} = 'claimed' and runs.id is null
      for update of contents skip locked
    )
    update contents
    set
      ${state} = (case when ${attempts} >= ${GIVEN_UP_AFTER} then 'failed' else 'pending' end)::phase_state,
      ${error} = case when ${attempts} >= ${GIVEN_UP_AFTER}
        then 'the process ended each of the ' || ${attempts} || ' times it was worked on' end,
      ${owner} = null
    from lost
    where contents.id = lost.id`;
  return rows.count;
}

/** What a phase still has to do: pending, and claimed by whom else. */
export async function backlog(sql: PoolSql, phase: Phase): Promise<{ pending: number; claimed: number }> {
  const state = sql(`${phase}_state`);
  const [row] = await sql<{ pending: number; claimed: number }[]>`
    select
      (select count(*) from contents where ${state} = 'pending')::int as pending,
      (select count(*) from contents where ${state} = 'claimed')::int as claimed`;
  return row!;
}

/** Puts failed contents back to pending, as asked by the user. */
export async function retryFailed(sql: PoolSql, phase: Phase): Promise<number> {
  const rows = await sql`
    update contents
    set ${sql(`${phase}_state`)} = 'pending', ${sql(`${phase}_attempts`)} = 0, ${sql(`${phase}_error`)} = null
    where ${sql(`${phase}_state`)} = 'failed'`;
  return rows.count;
}

/** Marks contents failed with their reasons, those that are still this run's. Answers with how many were. */
export async function fail(
  sql: PoolSql,
  phase: Phase,
  run: Run,
  failures: readonly { readonly id: number; readonly error: string }[],
): Promise<number> {
  if (failures.length === 0) return 0;
  const rows = await sql`
    update contents
    set
      ${sql(`${phase}_state`)} = 'failed', ${sql(`${phase}_owner`)} = null, ${sql(`${phase}_error`)} = failure.error,
      ${sql(`${phase}_attempts`)} = 0
    from unnest(${failures.map((f) => f.id)}::bigint[], ${failures.map((f) => storableText(f.error))}::text[]) as failure (id, error)
    where contents.id = failure.id
      and ${sql(`${phase}_owner`)} = ${run.id}
      and ${sql(`${phase}_state`)} = 'claimed'`;
  return rows.count;
}

/** Text as the server takes it: without NUL and halves of characters. */
const storableText = (text: string) => text.replaceAll("\0", "").toWellFormed();
