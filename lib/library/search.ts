import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { musicOf } from "../database/questions/music.ts";
import {
  type Criteria,
  type FoundPiece,
  findMusic,
  type Identity,
  identityAt,
  type Order,
} from "../database/search.ts";
import { storedPath } from "../files/content-store.ts";
import { identify } from "../jobs/identify.ts";
import type { PoolSql } from "../pool.ts";
import { keysAsked, type MusicAsked, playedAt } from "./music-search.ts";
import type { Library } from "./open-library.ts";
import { type Roots, SourceMissing } from "./roots.ts";

export type { Criteria, FoundPiece, Order, Range } from "../database/search.ts";
export { pathOf } from "../files/path-text.ts";
export { instrumentNames } from "../music/instrument-names.ts";

export interface SearchOptions {
  readonly criteria: Omit<Criteria, "like">;
  /** A file, here or in the library, that the music is to be like. */
  readonly like?: string | undefined;
  /** A tune or a progression. */
  readonly music?: MusicAsked;
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
  take: (page: readonly FoundPiece[]) => Promise<void>,
): Promise<{ readonly found: number }> {
  const { criteria, music, order, reverse, limit, stop } = options;
  return await pool.run(async (sql) => {
    const like = options.like === undefined ? undefined : await identityOf(sql, options.like, roots);
    const { melody, progression } = music ? keysAsked(music) : {};
    const asked: Criteria = {
      ...criteria,
      ...(criteria.under !== undefined && { under: roots.stored(criteria.under) }),
      ...(like && { like }),
      ...(melody && { melodyKeys: melody }),
      ...(progression && { progressionKeys: progression }),
    };
    let found = 0;
    // Keys say which pieces may have the music; how many of them do is known when they were looked at.
    for await (const rows of findMusic(sql, asked, order, reverse, music ? null : limit).cursor(PAGE)) {
      if (stop.aborted) break;
      const playing = music ? await pool.run((other) => whoPlays(other, music, rows)) : rows;
      const page = limit === null ? playing : playing.slice(0, limit - found);
      found += page.length;
      await take(page.map((row) => onThisMachine(row, roots, dataDir)));
      if (found === limit) break;
    }
    return { found };
  });
}

/** Of these pieces those that play what is asked for, with the places where they do. */
async function whoPlays(sql: PoolSql, asked: MusicAsked, rows: readonly FoundPiece[]): Promise<FoundPiece[]> {
  const hashes = rows.map(({ sha256 }) => sha256);
  const what = { melody: asked.tune !== undefined, chords: asked.progression !== undefined };
  const music = new Map((await musicOf(sql, hashes, what)).map((each) => [each.sha256, each]));
  return rows.flatMap((row) => {
    const played_at = playedAt(asked, music.get(row.sha256)!);
    return played_at.length > 0 ? [{ ...row, played_at }] : [];
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
function onThisMachine(row: FoundPiece, roots: Roots, dataDir: string): FoundPiece {
  const file = row.member === null ? roots.here(row.file) : storedPath(dataDir, row.sha256);
  return { ...row, path: roots.here(row.path), file };
}
