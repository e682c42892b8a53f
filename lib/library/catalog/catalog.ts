import { catalogChunk, catalogState, gonePieces, piecesByPath, taggedPieces } from "../../database/catalog.ts";
import { type Criteria, matchingIds } from "../../database/search.ts";
import type { Pool } from "../../pool.ts";
import { type Columns, columnsBuilder } from "./columns.ts";
import { type Facets, facets, type TagRows } from "./facets.ts";
import { type CatalogCriteria, FIELD_COLUMNS, type Matching, matching } from "./matching.ts";
import { type CatalogOrder, type Ordering, ordering } from "./ordering.ts";
import { recent } from "./recent.ts";

export type { Facets } from "./facets.ts";
export type { CatalogCriteria } from "./matching.ts";
export { CATALOG_ORDERS, type CatalogOrder } from "./ordering.ts";

/**
 * The columns that people filter and sort by, of all pieces, in memory: so a million pieces are counted by every facet in
 * tenths of a second, and any part of a list of them is at hand. What the columns do not hold (words, chords, likeness)
 * the database is asked for once, and its answer is kept as a mark a piece. The catalog follows the library: it is read anew
 * when pieces or places have changed.
 */
export interface Catalog {
  /** How the library stood when it was read. */
  view(): Promise<CatalogView>;
}

export interface CatalogView {
  readonly count: number;
  readonly readAt: Date;
  /** Pieces that meet the criteria, sorted: their numbers in the library. */
  find(criteria: CatalogCriteria, order: CatalogOrder, reverse: boolean): Promise<Float64Array>;
  facets(criteria: CatalogCriteria): Promise<Facets>;
}

/** Pieces read at a time: other requests have their turn between. */
const CHUNK = 10_000;
const MOST_TAGS = 2_000;
/** The library is looked at for changes no more often, and read anew after ten times as long as reading takes. */
const LOOK_MS = 1_000;

export function createCatalog(pool: Pool): Catalog {
  let current: Promise<CatalogView> | null = null;
  let next: Promise<void> | null = null;
  let state = "";
  let lookedAt = 0;
  let rest = 0;

  const load = async (): Promise<CatalogView> => {
    const began = performance.now();
    const seen = await pool.run(catalogState);
    const view = await readView(pool);
    state = seen;
    lookedAt = performance.now();
    rest = lookedAt + 10 * (lookedAt - began);
    return view;
  };
  const follow = async () => {
    const now = performance.now();
    if (now < lookedAt + LOOK_MS || now < rest) return;
    lookedAt = now;
    if ((await pool.run(catalogState)) === state) return;
    current = Promise.resolve(await load());
  };
  return {
    view() {
      if (current === null) {
        current = load();
        current.catch(() => (current = null));
      } else {
        // The answer does not wait for it; a library that is away now is seen by who asks it for rows.
        next ??= follow()
          .catch(() => {})
          .finally(() => (next = null));
      }
      return current;
    },
  };
}

async function readView(pool: Pool): Promise<CatalogView> {
  const gone = new Set(await pool.run(gonePieces));
  const builder = columnsBuilder();
  for (let after = 0; after < Number.POSITIVE_INFINITY; ) {
    const chunk = await pool.run((sql) => catalogChunk(sql, after, CHUNK));
    after = builder.add(chunk, gone);
  }
  const columns = builder.finish();
  const rowOf = rowFinder(columns);
  const tags = new Map(
    (await pool.run((sql) => taggedPieces(sql, MOST_TAGS))).map(({ tag, ids }) => [tag, rowsOf(ids, rowOf)]),
  );
  return createView(pool, columns, tags, rowOf);
}

function createView(pool: Pool, columns: Columns, tags: TagRows, rowOf: (id: number) => number): CatalogView {
  const orderings = recent<Promise<Ordering>>(16);
  const told = recent<Promise<Uint8Array>>(8);
  const matches = recent<Promise<Matching>>(8);
  const lists = recent<Promise<Float64Array>>(8);
  const counted = recent<Promise<Facets>>(64);

  const ordered = (order: CatalogOrder) =>
    orderings(order, async () => (order === "path" ? byPath(pool, columns, rowOf) : ordering(columns, order)));
  const marks = (ids: ArrayLike<number>) => {
    const marked = new Uint8Array(columns.count);
    for (let i = 0; i < ids.length; i++) if (ids[i]! >= 0) marked[ids[i]!] = 1;
    return marked;
  };
  const matched = (criteria: CatalogCriteria) =>
    matches(JSON.stringify(criteria), async () => {
      const rest = restOf(criteria);
      const only = rest
        ? await told(JSON.stringify(rest), async () => {
            const ids = await pool.run((sql) => matchingIds(sql, rest));
            return marks(ids.map(rowOf));
          })
        : null;
      return matching(columns, criteria, (tag) => marks(tags.get(tag) ?? []), only);
    });
  return {
    count: columns.count,
    readAt: new Date(),
    find: (criteria, order, reverse) =>
      lists(JSON.stringify([criteria, order, reverse]), async () => {
        const [{ misses }, sorted] = await Promise.all([matched(criteria), ordered(order)]);
        return listed(columns, misses, sorted, reverse);
      }),
    facets: (criteria) => counted(JSON.stringify(criteria), async () => facets(columns, await matched(criteria), tags)),
  };
}

/** What the columns cannot tell; null when there is none. Tags of one place are told apart from those of several by the database. */
function restOf(criteria: CatalogCriteria): Criteria | null {
  const { tempo, keys, meters, confidence, instruments, repaired, tags, fields = {}, ...rest } = criteria;
  const others = Object.entries(fields).filter(([name]) => !(name in FIELD_COLUMNS));
  const asked: Criteria = {
    ...rest,
    ...(tags && tags.length > 1 && { tags }),
    ...(others.length > 0 && { fields: Object.fromEntries(others) }),
  };
  return Object.keys(asked).length > 0 ? asked : null;
}

function listed(columns: Columns, misses: Uint8Array, { rows, known }: Ordering, reverse: boolean): Float64Array {
  const ids = new Float64Array(columns.count);
  let count = 0;
  const take = (row: number) => {
    if (misses[row] === 0) ids[count++] = columns.id[row]!;
  };
  if (reverse) for (let i = known - 1; i >= 0; i--) take(rows[i]!);
  else for (let i = 0; i < known; i++) take(rows[i]!);
  for (let i = known; i < rows.length; i++) take(rows[i]!);
  return ids.slice(0, count);
}

/** Pieces in the order of their first paths. */
async function byPath(pool: Pool, columns: Columns, rowOf: (id: number) => number): Promise<Ordering> {
  const seen = new Uint8Array(columns.count);
  const rows = new Uint32Array(columns.count);
  let known = 0;
  for (const id of await pool.run(piecesByPath)) {
    const row = rowOf(id);
    if (row < 0 || seen[row] === 1) continue;
    seen[row] = 1;
    rows[known++] = row;
  }
  let last = known;
  for (let row = 0; row < columns.count; row++) if (seen[row] === 0) rows[last++] = row;
  return { rows, known };
}

/** The row of a piece by its number, -1 for one that is not here. Numbers rise with the rows. */
function rowFinder({ id, count }: Columns): (wanted: number) => number {
  return (wanted) => {
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (id[middle] === wanted) return middle;
      if (id[middle]! < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  };
}

/** Rows of pieces, each once, ascending. */
function rowsOf(ids: readonly number[], rowOf: (id: number) => number): Uint32Array {
  const rows = Uint32Array.from(ids.map(rowOf).filter((row) => row >= 0)).sort();
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (i === 0 || rows[i] !== rows[i - 1]) rows[count++] = rows[i]!;
  return rows.slice(0, count);
}
