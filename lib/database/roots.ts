import type { PoolSql } from "../pool.ts";
import type { StoredFolder } from "./files.ts";

/** An imported folder. */
export interface RootRow {
  readonly id: number;
  readonly path: string;
  readonly places: number;
  readonly gone: number;
  readonly importedAt: Date | null;
  readonly missingSince: Date | null;
}

export async function listRoots(sql: PoolSql): Promise<RootRow[]> {
  return await sql<RootRow[]>`
    select
      roots.id, roots.path, count(files.id) filter (where state <> 'gone')::float8 as places,
      count(files.id) filter (where state = 'gone')::float8 as gone,
      imported_at as "importedAt", missing_since as "missingSince"
    from roots
    left join files on files.root_id = roots.id
    group by roots.id
    order by roots.path`;
}

/** Notes that an import of a folder has come to its end on this machine. */
export async function noteImported(sql: PoolSql, { root, prefix }: StoredFolder, machine: string): Promise<void> {
  await sql`
    update roots
    set machine = ${machine}, missing_since = null, imported_at = case when ${prefix} = '' then now() else imported_at end
    where id = ${root}`;
}

/** The roots that this machine, or nobody known, imported last, but for one. */
export async function otherRoots(
  sql: PoolSql,
  root: number,
  machine: string,
): Promise<{ readonly id: number; readonly path: string }[]> {
  return await sql<{ id: number; path: string }[]>`
    select id, path from roots where id <> ${root} and (machine = ${machine} or machine is null)`;
}

/** Notes whether roots are missing on this machine. */
export async function noteMissing(sql: PoolSql, missing: readonly number[], there: readonly number[]): Promise<void> {
  await sql`
    update roots
    set missing_since = case when id = any(${[...missing]}::int[]) then coalesce(missing_since, now()) end
    where id = any(${[...missing, ...there]}::int[])
      and (missing_since is null) = (id = any(${[...missing]}::int[]))`;
}

/** How many contents a folder shares with a root. */
export async function sharedContents(sql: PoolSql, { root, prefix }: StoredFolder, other: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(distinct here.content_id)::float8 as count
    from files as here
    where here.root_id = ${root} and starts_with(here.path, ${prefix}) and here.state = 'present'
      and exists (
        select from files as there
        where there.content_id = here.content_id and there.root_id = ${other} and there.state = 'present'
      )`;
  return row!.count;
}

/**
 * Moves the places of one folder to another one of the library. Where the other has a place of the same name, that one
 * stays and the old one goes. A root that nothing is left of goes. Answers with how many places were moved.
 */
export async function movePlaces(sql: PoolSql, from: StoredFolder, to: StoredFolder): Promise<number> {
  await sql`
    delete from files as old
    where root_id = ${from.root} and starts_with(path, ${from.prefix})
      and exists (
        select from files as new
        where new.root_id = ${to.root} and new.member = old.member
          and new.path = ${to.prefix} || substr(old.path, length(${from.prefix}::text) + 1)
      )`;
  const moved = await sql`
    update files
    set root_id = ${to.root}, path = ${to.prefix} || substr(path, length(${from.prefix}::text) + 1)
    where root_id = ${from.root} and starts_with(path, ${from.prefix})`;
  await dropEmptyRoot(sql, from.root);
  return moved.count;
}

/** Gives a root another path. */
export async function renameRoot(sql: PoolSql, root: number, path: string): Promise<void> {
  await sql`update roots set path = ${path}, missing_since = null where id = ${root}`;
}

/** The root and the folder in it of a path that the library knows; null when it knows none. */
export async function knownFolder(sql: PoolSql, path: string): Promise<StoredFolder | null> {
  const [row] = await sql<{ id: number; path: string }[]>`
    select id, path
    from roots
    where starts_with(${path}::text || '/', rtrim(path, '/') || '/')
    order by length(path)
    limit 1`;
  if (!row) return null;
  return { root: row.id, prefix: `${path}/`.slice(row.path === "/" ? 1 : row.path.length + 1) };
}

/** What went with places that were forgotten. */
export interface ForgottenRows {
  readonly places: number;
  readonly contents: number;
  /** Parts that no content has any more: where they stand in the folder of parts. */
  readonly parts: readonly string[];
  /** Hashes, in hex, of contents that are forgotten. */
  readonly hashes: readonly string[];
}

/** Forgets the places of a folder, and the contents that are at no other place, with all that is known of them. */
export async function forgetPlaces(sql: PoolSql, { root, prefix }: StoredFolder): Promise<ForgottenRows> {
  const places = await sql<{ contentId: number | null }[]>`
    delete from files
    where root_id = ${root} and starts_with(path, ${prefix})
    returning content_id as "contentId"`;
  await dropEmptyRoot(sql, root);
  const ids = [...new Set(places.flatMap(({ contentId }) => contentId ?? []))];
  const orphans = (
    await sql<{ id: number }[]>`
      select id
      from unnest(${ids}::bigint[]) as id
      where not exists (select from files where content_id = id)`
  ).map(({ id }) => id);
  await sql`delete from words where content_id = any(${orphans}::bigint[])`;
  await sql`delete from tracks where content_id = any(${orphans}::bigint[])`;
  await sql`delete from analyses where content_id = any(${orphans}::bigint[])`;
  const parts = await sql<{ path: string }[]>`
    with gone as (delete from parts where content_id = any(${orphans}::bigint[]) returning path)
    select distinct path
    from gone
    where not exists (select from parts where parts.path = gone.path and parts.content_id <> all(${orphans}::bigint[]))`;
  const contents = await sql<{ sha256: string }[]>`
    delete from contents where id = any(${orphans}::bigint[]) returning encode(sha256, 'hex') as sha256`;
  return {
    places: places.count,
    contents: contents.count,
    parts: parts.map(({ path }) => path),
    hashes: contents.map(({ sha256 }) => sha256),
  };
}

async function dropEmptyRoot(sql: PoolSql, root: number): Promise<void> {
  await sql`delete from roots where id = ${root} and not exists (select from files where root_id = ${root})`;
}
