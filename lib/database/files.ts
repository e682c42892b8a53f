import { FILE_COLUMNS, FOUND_COLUMNS, type FoundRow } from "../columns/files.ts";
import type { PoolSql } from "../pool.ts";
import { names, overwritten, recordset, values } from "./column-sql.ts";
import { knownFolder } from "./roots.ts";

/** What makes a place in its root. */
const KEY = ["path", "member"];

/** A place as the library knows it. */
export interface KnownFile {
  readonly path: string;
  readonly state: "present" | "part" | "archive" | "unreadable" | "gone";
  readonly size: number;
  readonly modifiedUs: number;
  readonly contentId: number | null;
}

/** An imported folder as the library keeps it: a root, and where in it the folder is ("" or ending in "/"). */
export interface StoredFolder {
  readonly root: number;
  readonly prefix: string;
}

/**
 * Finds or makes the root of a folder, so that a place has one row whichever folder it is imported through: a folder
 * inside a known root is part of that root; the places of known roots inside a new one become its own.
 */
export async function storedFolder(sql: PoolSql, path: string): Promise<StoredFolder> {
  await sql`select pg_advisory_xact_lock(hashtext('midiworks roots'))`;
  const known = await knownFolder(sql, path);
  if (known) return known;
  const [made] = await sql<{ id: number }[]>`insert into roots (path) values (${path}) returning id`;
  await sql`
    update files
    set root_id = ${made!.id}, path = substr(roots.path, length(rtrim(${path}::text, '/')) + 2) || '/' || files.path
    from roots
    where files.root_id = roots.id and starts_with(roots.path, rtrim(${path}::text, '/') || '/')`;
  return { root: made!.id, prefix: "" };
}

/** The next known places of a folder after a path, in byte order of their paths. Members of archives are left out. */
export async function knownFilesAfter(
  sql: PoolSql,
  { root, prefix }: StoredFolder,
  path: string,
  limit: number,
): Promise<KnownFile[]> {
  return await sql<KnownFile[]>`
    select path, state, size, modified_us as "modifiedUs", content_id as "contentId"
    from files
    where root_id = ${root} and path > ${path} and path < ${`${prefix}\u{10ffff}`} and member = ''
    order by path
    limit ${limit}`;
}

/** Those of these places that stand in the library as they are: others may be importing the same folder. */
export async function storedMeanwhile(
  sql: PoolSql,
  root: number,
  found: readonly { readonly path: string; readonly size: number; readonly modifiedUs: number }[],
): Promise<Set<string>> {
  const rows = await sql<{ path: string }[]>`
    select found.path
    from unnest(
      ${found.map(({ path }) => path)}::text[],
      ${found.map(({ size }) => size)}::bigint[],
      ${found.map(({ modifiedUs }) => modifiedUs)}::bigint[]
    ) as found (path, size, modified_us)
    where exists (
      select from files
      where root_id = ${root} and files.path = found.path and member = ''
        and state in ('present', 'part', 'archive')
        and files.size = found.size and files.modified_us = found.modified_us
      offset 0 -- one look into the index a place, whatever the planner believes of a table that grows
    )`;
  return new Set(rows.map(({ path }) => path));
}

/**
 * Stores places, new or changed, in one statement; a row that would not change is not written. Contents must stand
 * in their table before. A hash that is one of our parts and no content makes the place a part. Answers with the
 * contents of the places written.
 */
export async function upsertFiles(sql: PoolSql, root: number, found: readonly FoundRow[]): Promise<number[]> {
  if (found.length === 0) return [];
  const rows = await sql<{ contentId: number | null }[]>`
    with found as (
      select *
      from json_to_recordset(${JSON.stringify(found)}::text::json) as found (
        ${sql.unsafe(recordset(FOUND_COLUMNS))}
      )
    )
    insert into files as known (root_id, state, content_id, ${sql.unsafe(names(FILE_COLUMNS))})
    select
      ${root}::int,
      (case
        when found.archive then 'archive'
        when found.sha256 is null then 'unreadable'
        when contents.id is null then 'part'
        else 'present'
      end)::file_state,
      contents.id, ${sql.unsafe(values(FILE_COLUMNS, "found"))}
    from found
    left join lateral (
      select id from contents where sha256 = decode(found.sha256, 'hex') offset 0 -- one look into the index, as above
    ) as contents on true
    order by found.path, found.member
    on conflict (root_id, path, member) do update
    set
      state = excluded.state, content_id = excluded.content_id,
      ${sql.unsafe(overwritten(FILE_COLUMNS, KEY))}
    where
      (known.state, known.content_id, ${sql.unsafe(names(FILE_COLUMNS, "known."))})
      is distinct from
      (excluded.state, excluded.content_id, ${sql.unsafe(names(FILE_COLUMNS, "excluded."))})
    returning content_id as "contentId"`;
  return rows.flatMap((row) => row.contentId ?? []);
}

/** Whether music or archives are known to be in a folder. */
export async function holdsFiles(sql: PoolSql, { root, prefix }: StoredFolder): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }[]>`
    select exists (
      select from files
      where root_id = ${root} and path > ${prefix} and path < ${`${prefix}\u{10ffff}`}
        and state in ('present', 'archive')
    ) as holds`;
  return row!.holds;
}

/**
 * Marks places whose files are no longer there, members of archives with them. Rows are locked in the order of their
 * paths, as those who store places do, lest two who import one folder wait for each other.
 */
export async function markGone(sql: PoolSql, root: number, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await sql`
    update files
    set state = 'gone'
    where id = any(array(
      select id
      from files
      where root_id = ${root} and path = any(${[...paths]}::text[]) and state <> 'gone'
      order by path, member
      for update
    ))`;
}

/** Takes back places that were marked gone and whose files are there again as they were. Answers with their contents. */
export async function takeBack(sql: PoolSql, root: number, paths: readonly string[]): Promise<number[]> {
  const rows = await sql<{ contentId: number }[]>`
    update files
    set state = 'present'
    where id = any(array(
      select id
      from files
      where root_id = ${root} and path = any(${[...paths]}::text[]) and member = ''
        and state = 'gone' and content_id is not null
      order by path
      for update
    ))
    returning content_id as "contentId"`;
  return rows.map((row) => row.contentId);
}

/** Members of an archive that a new reading of it did not find again are gone. */
export async function markMembersGone(
  sql: PoolSql,
  root: number,
  path: string,
  members: readonly string[],
): Promise<void> {
  await sql`
    update files
    set state = 'gone'
    where root_id = ${root} and path = ${path} and member <> '' and state <> 'gone'
      and not member = any(${[...members]}::text[])`;
}
