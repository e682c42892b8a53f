import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Criteria, type Found, findMusic, type Identity, identityAt, type Order } from "../database/search.ts";
import { storedPath } from "../files/content-store.ts";
import { identify } from "../jobs/identify.ts";
import type { PoolSql } from "../pool.ts";
import type { Library } from "./open-library.ts";
import { type Roots, SourceMissing } from "./roots.ts";

export { type Criteria, type Found, ORDERS, type Order, type Range } from "../database/search.ts";
export { pathOf } from "../files/path-text.ts";
export { instrumentNames } from "../music/instrument-names.ts";

export interface SearchOptions {
  readonly criteria: Omit<Criteria, "like">;
  /** A file, here or in the library, that the music is to be like. */
  readonly like?: string | undefined;
  readonly order: Order;
  readonly reverse: boolean;
  /** null for all. */
  readonly limit: number | null;
  readonly stop: AbortSignal;
}

/** Rows fetched at a time: a search without a limit holds no more of them in memory. */
const PAGE = 500;

/** Finds music and hands it on page by page, with paths as they are on this machine. Answers with how many there were. */
export async function search(
  { pool, roots, dataDir }: Library,
  options: SearchOptions,
  take: (page: readonly Found[]) => Promise<void>,
): Promise<{ readonly found: number }> {
  const { criteria, order, reverse, limit, stop } = options;
  return await pool.run(async (sql) => {
    const like = options.like === undefined ? undefined : await identityOf(sql, options.like, roots);
    const asked: Criteria = like ? { ...criteria, like } : criteria;
    let found = 0;
    for await (const page of findMusic(sql, asked, order, reverse, limit).cursor(PAGE)) {
      if (stop.aborted) break;
      found += page.length;
      await take(page.map((row) => here(row, roots, dataDir)));
    }
    return { found };
  });
}

/** Of a file that is here by its notes, of one that is not by what the library knows of the path. */
async function identityOf(sql: PoolSql, path: string, roots: Roots): Promise<Identity> {
  const found = existsSync(path) ? identify(path) : await identityAt(sql, roots.stored(resolve(path)));
  const wrong = found === null ? "no such file here or in the library" : "error" in found ? found.error : null;
  if (wrong !== null) throw new SourceMissing(`Cannot compare with ${path}: ${wrong}, expected a MIDI file`);
  return found as Identity;
}

/** Paths of this machine; what lies in an archive has its bytes kept by the library. */
function here(row: Found, roots: Roots, dataDir: string): Found {
  const file = row.member === null ? roots.here(row.file) : storedPath(dataDir, row.sha256);
  return { ...row, path: roots.here(row.path), file };
}
