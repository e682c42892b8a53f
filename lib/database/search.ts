import { LIBRARY_COLUMNS, type LibraryRow } from "../columns/library.ts";
import { SEARCHABLE, type SearchableFlag } from "../columns/searchable.ts";
import type { PendingQuery, PoolSql } from "../pool.ts";

/** From `least` to `most`, both included; null is open. */
export interface Range {
  readonly least: number | null;
  readonly most: number | null;
}

/** What makes a file the same music as another. */
export interface Identity {
  readonly notesHash: string | null;
  readonly tuneHash: string | null;
}

/** What is looked for; all that is given must hold. What is not known of a piece never matches. */
export interface Criteria {
  /** Beats a minute; one of the ranges. */
  readonly tempo?: readonly Range[];
  /** One of these, as "A minor", in every spelling that is meant. */
  readonly keys?: readonly string[];
  /** As "6/8"; one of these. */
  readonly meters?: readonly string[];
  /** Confidence, 0 to 1, that tempo, key and meter need where they are asked for. */
  readonly confidence?: number;
  /** Names of General MIDI: of each list one. */
  readonly instruments?: readonly (readonly string[])[];
  /** Labels of chords: of each list one. */
  readonly chords?: readonly (readonly string[])[];
  /** What `SEARCHABLE` columns must be. */
  readonly fields?: { readonly [F in SearchableFlag]?: Range | boolean };
  /** Tags of its places: all of them at one place. */
  readonly tags?: readonly string[];
  /** Words or their beginnings, in any case, with accents or without: all of them in its texts, paths and tags. */
  readonly words?: readonly string[];
  /** "major" or "minor". */
  readonly mode?: string;
  /** A folder as the library stores it: a place in it, or below it. */
  readonly under?: string;
  /** "yes": had to be repaired; "no": had not; a code: in that way. */
  readonly repair?: string;
  /** Came into the library then or later. */
  readonly since?: Date;
  /** Keys of a tune: of these lists one, all of its keys. */
  readonly melodyKeys?: readonly (readonly number[])[];
  /** Keys of a progression: all of them. */
  readonly progressionKeys?: readonly number[];
  readonly like?: Identity;
}

/** What pieces can be sorted by: what has an index. */
export const ORDERS = ["added", "tempo", "key", "duration"] as const;
export type Order = (typeof ORDERS)[number];

/** A piece that was found. */
export interface FoundPiece extends LibraryRow {
  /** How it is like the given file: the same notes, or the same tune; null when none was given. */
  readonly same: "notes" | "tune" | null;
  /** Where it plays what was asked for by music; null when nothing was. */
  readonly played_at?: readonly {
    readonly seconds: number;
    readonly bar: number | null;
    readonly track: number | null;
    readonly channel: number | null;
  }[];
}

const FOUND = Object.keys(LIBRARY_COLUMNS).join(", ");

/**
 * Finds music. Pieces whose places are all gone do not count, nor those of which what is sorted by is not known.
 * Without a limit, read it by cursor. The pieces are picked by their analyses alone, places are looked up for the
 * picked ones only.
 */
export function findMusic(
  sql: PoolSql,
  criteria: Criteria,
  order: Order = "added",
  reverse = false,
  limit: number | null = null,
): PendingQuery<FoundPiece[]> {
  const { like, words } = criteria;
  const sorted = sql`same, rank ${reverse ? sql`desc` : sql`asc`}, id`;
  const same = like ? sql`case when notes_hash = ${like.notesHash} then 'notes' else 'tune' end` : sql`null::text`;
  const asked = conditions(sql, criteria).reduce((all, one) => sql`${all} and ${one}`, sql`not ${isGone(sql)}`);
  const pick = (condition: Fragment, most: number | null) => sql`
    select content_id as id, ${sql.unsafe(RANKS[order])} as rank, ${same} as same
    from analyses
    where ${asked} and ${condition} and ${sql.unsafe(RANKS[order])} is not null
    order by ${sorted}
    limit ${most}`;
  const listed = [
    ...(words ? [hasWords(sql, words)] : []),
    ...(criteria.chords ?? []).map((labels) => hasChord(sql, labels)),
  ];
  const picks =
    listed.length > 0
      ? picksByLists(sql, listed, pick, sorted, limit)
      : sql`picked as materialized (${pick(sql`true`, limit)})`;
  return sql<FoundPiece[]>`
    with ${picks}
    select ${sql.unsafe(FOUND)}, same
    from picked
    join library using (id)
    order by ${sorted}`;
}

/** A list of which a piece has one, and which holds what is asked for. */
interface Listed {
  /** Whether the list of one piece does. */
  readonly holds: (id: Fragment) => Fragment;
  /** The numbers of the pieces whose lists do, by an index; none where the condition, which is of no piece, is false. */
  readonly ids: (condition: Fragment) => Fragment;
}

function hasWords(sql: PoolSql, words: readonly string[]): Listed {
  const query = sql`search_query(${words.join(" ")})`;
  return {
    holds: (id) => sql`(select words from words where content_id = ${id}) @@ ${query}`,
    ids: (condition) => sql`select content_id from words where words @@ ${query} and ${condition}`,
  };
}

function hasChord(sql: PoolSql, labels: readonly string[]): Listed {
  const asked = sql`${[...labels]}::text[]`;
  return {
    holds: (id) => sql`(select chord_labels from analyses where content_id = ${id}) && ${asked}`,
    // Label by label: for hundreds of them at once the planner would read the whole table.
    ids: (condition) => sql`
      select content_id
      from unnest(${asked}) as label, lateral (
        select content_id from analyses where chord_labels @> array[label] offset 0
      ) as sounding
      where ${condition}`,
  };
}

/** So many pieces are looked at one by one before the indexes of lists are asked. */
const LOOKED_AT = 2000;

/**
 * Pieces whose lists hold what is asked for. How common that is nobody knows beforehand (the planner takes every
 * beginning of a word, and hundreds of spellings of a chord, for fairly common), and what is quick for the common is slow
 * for the rare. So the first pieces in the order asked for are looked at; where more are left and the page is not full, the
 * indexes have few enough to tell of.
 */
function picksByLists(
  sql: PoolSql,
  listed: readonly Listed[],
  pick: (condition: Fragment, most: number | null) => Fragment,
  sorted: Fragment,
  limit: number | null,
): Fragment {
  const all = (each: (list: Listed) => Fragment) => listed.map(each).reduce((some, one) => sql`${some} and ${one}`);
  const byIndex = (condition: Fragment) =>
    pick(
      all((list) => sql`content_id = any(array(${list.ids(condition)}))`),
      limit,
    );
  if (limit === null) return sql`picked as materialized (${byIndex(sql`true`)})`;
  return sql`
    looked_at as materialized (${pick(sql`true`, LOOKED_AT)}), first as materialized (
      select *
      from looked_at
      where ${all((list) => list.holds(sql`looked_at.id`))}
      order by ${sorted}
      limit ${limit}
    ), enough as materialized (
      select (select count(*) from first) = ${limit} or (select count(*) from looked_at) < ${LOOKED_AT} as so
    ), picked as materialized (
      (select * from first where (select so from enough))
      union all
      (${byIndex(sql`not (select so from enough)`)})
    )`;
}

const RANKS: Readonly<Record<Order, string>> = {
  added: "content_id",
  tempo: "tempo_bpm",
  key: "key_tonic || ' ' || key_mode",
  duration: "duration_seconds",
};

// biome-ignore lint/suspicious/noExplicitAny: a fragment of a query has no public type.
type Fragment = PendingQuery<any>;

/** Few places are gone at most times: their contents are looked at once, by a partial index. */
function isGone(sql: PoolSql): Fragment {
  return sql`content_id in (
    select gone.content_id
    from files as gone
    where gone.state = 'gone'
      and gone.content_id is not null
      and not exists (
        select from files as other where other.content_id = gone.content_id and other.state = 'present'
      )
  )`;
}

function conditions(sql: PoolSql, criteria: Criteria): Fragment[] {
  const { tempo, keys, meters, mode, fields = {}, tags, like } = criteria;
  const sure = (column: string) =>
    criteria.confidence === undefined ? [] : [sql`${sql(column)} >= ${criteria.confidence}`];
  return [
    ...(tempo
      ? [
          anyOf(
            sql,
            tempo.map((range) => within(sql, "tempo_bpm", range)),
          ),
          ...sure("tempo_confidence"),
        ]
      : []),
    ...(keys ? [sql`key_tonic || ' ' || key_mode = any(${[...keys]}::text[])`, ...sure("key_confidence")] : []),
    ...(meters
      ? [
          sql`meter_numerator::text || '/' || meter_denominator::text = any(${[...meters]}::text[])`,
          ...sure("meter_confidence"),
        ]
      : []),
    ...(mode ? [sql`key_mode = ${mode}`, ...sure("key_confidence")] : []),
    ...contentConditions(sql, criteria),
    ...Object.entries(fields).map(([flag, value]) => fieldIs(sql, flag as SearchableFlag, value)),
    ...(criteria.instruments ?? []).map((names) => sql`instruments && ${[...names]}::text[]`),
    ...(tags ? [hasTags(sql, tags)] : []),
    ...(criteria.melodyKeys
      ? [
          anyOf(
            sql,
            criteria.melodyKeys.map((keys) => sql`melody_keys @> ${[...keys]}::int[]`),
          ),
        ]
      : []),
    ...(criteria.progressionKeys ? [sql`progression_keys @> ${[...criteria.progressionKeys]}::int[]`] : []),
    ...(like ? [sql`(notes_hash = ${like.notesHash} or tune_hash = ${like.tuneHash})`] : []),
  ];
}

/** What is asked of the content and its places: looked at for the few pieces that the rest leaves. */
function contentConditions(sql: PoolSql, { under, repair, since }: Criteria): Fragment[] {
  const content = (condition: Fragment) =>
    sql`exists (select from contents where contents.id = analyses.content_id and ${condition})`;
  return [
    ...(under === undefined
      ? []
      : [
          sql`exists (
            select from files join roots on roots.id = files.root_id
            where files.content_id = analyses.content_id and files.state = 'present'
              and starts_with(roots.path || '/' || files.path, ${under} || '/')
          )`,
        ]),
    ...(repair === undefined ? [] : [content(repair === "no" ? sql`status <> 'repaired'` : sql`status = 'repaired'`)]),
    ...(repair === undefined || repair === "yes" || repair === "no"
      ? []
      : [content(sql`repairs @> ${JSON.stringify([{ code: repair }])}::text::jsonb`)]),
    ...(since === undefined ? [] : [content(sql`added_at >= ${since}`)]),
  ];
}

function fieldIs(sql: PoolSql, flag: SearchableFlag, value: Range | boolean): Fragment {
  const { column } = SEARCHABLE[flag];
  return typeof value === "boolean" ? sql`${sql(column)} = ${value}` : within(sql, column, value);
}

function within(sql: PoolSql, column: string, { least, most }: Range): Fragment {
  const from = least === null ? sql`${sql(column)} is not null` : sql`${sql(column)} >= ${least}`;
  return most === null ? from : sql`${from} and ${sql(column)} <= ${most}`;
}

function anyOf(sql: PoolSql, choices: readonly Fragment[]): Fragment {
  return sql`(${choices.reduce((all, one) => sql`${all} or (${one})`, sql`false`)})`;
}

function hasTags(sql: PoolSql, tags: readonly string[]): Fragment {
  return sql`content_id in (select content_id from files where tags @> ${[...tags]}::text[] and state = 'present')`;
}

/** The identity of what is known to lie at a path of the library; null when nothing analysed does. */
export async function identityAt(sql: PoolSql, path: string): Promise<Identity | null> {
  const [found] = await sql<Identity[]>`
    select analyses.notes_hash as "notesHash", analyses.tune_hash as "tuneHash"
    from roots
    join files on files.root_id = roots.id
      and files.path = any(array[
        substr(${path}, length(roots.path) + 2), split_part(substr(${path}, length(roots.path) + 2), '!/', 1)
      ])
    join analyses on analyses.content_id = files.content_id
    where starts_with(${path}, roots.path || '/')
      and roots.path || '/' || files.path || case when files.member = '' then '' else '!/' || files.member end = ${path}
    limit 1`;
  return found ?? null;
}

/** The numbers of all pieces that meet the criteria, in no order. */
export async function matchingIds(sql: PoolSql, criteria: Criteria): Promise<number[]> {
  const listed = [
    ...(criteria.words ? [hasWords(sql, criteria.words)] : []),
    ...(criteria.chords ?? []).map((labels) => hasChord(sql, labels)),
  ].map((list) => sql`content_id = any(array(${list.ids(sql`true`)}))`);
  const asked = [...conditions(sql, criteria), ...listed].reduce((all, one) => sql`${all} and ${one}`, sql`true`);
  const [row] = await sql<{ ids: string | null }[]>`
    select string_agg(content_id::text, ',') as ids from analyses where ${asked}`;
  return row!.ids ? row!.ids.split(",").map(Number) : [];
}
