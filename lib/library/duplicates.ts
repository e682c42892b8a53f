import { type BigIntStats, statSync } from "node:fs";
import { type NearCopies, nearCopies, type SeenCopies, seenCopies } from "../database/questions/duplicates.ts";
import { pathOf } from "../files/path-text.ts";
import type { Library } from "./open-library.ts";

export type { NearCopies } from "../database/questions/duplicates.ts";

/** What decides which copy is kept. */
export const KEEP_RULES = ["oldest", "newest", "shortest", "first"] as const;
export type KeepRule = (typeof KEEP_RULES)[number];

export interface DuplicateOptions {
  readonly keep: KeepRule;
  /** Copies in one of these folders are kept before others. */
  readonly prefer: readonly string[];
}

/** A content that lies in several files now, as a look at the disk showed. */
export interface Duplicate {
  /** The copy to keep, and why. */
  readonly keep: string;
  readonly why: string;
  /** The files that could go: of each link to one file none, of an archive's members none. */
  readonly spare: readonly string[];
  /** Of one copy. */
  readonly size: number;
}

interface Copy {
  readonly path: string;
  readonly modifiedNs: bigint;
}

/** Contents fetched at a time. */
const PAGE = 200;

/**
 * Files that could go because another file at hand holds the same bytes, those that hold the most first. Every place is
 * looked at: what is not there, changed its size, or is a link to another one is no copy. Nothing is changed.
 */
export async function duplicates(
  { pool, roots }: Library,
  options: DuplicateOptions,
  take: (page: readonly Duplicate[]) => Promise<void>,
): Promise<void> {
  await pool.run(async (sql) => {
    for await (const page of seenCopies(sql).cursor(PAGE)) {
      const found = page.flatMap((seen) => {
        const places = seen.places.map((place) => ({ ...place, file: `${roots.here(place.root)}/${place.path}` }));
        return judged({ ...seen, places }, options) ?? [];
      });
      await take(found);
    }
  });
}

/** Music that is alike in different files, page by page. */
export async function nearDuplicates(
  { pool }: Library,
  take: (page: readonly NearCopies[]) => Promise<void>,
): Promise<void> {
  await pool.run(async (sql) => {
    for await (const page of nearCopies(sql).cursor(PAGE)) await take(page);
  });
}

function judged(
  { places, size }: SeenCopies & { readonly places: readonly { readonly file: string }[] },
  { keep, prefer }: DuplicateOptions,
): Duplicate | null {
  const copies = new Map<string, Copy>();
  for (const { file, member } of places) {
    const stat = member === "" ? look(file) : undefined;
    if (!stat || stat.size !== BigInt(size)) continue;
    const key = `${stat.dev}:${stat.ino}`;
    if (!copies.has(key)) copies.set(key, { path: file, modifiedNs: stat.mtimeNs });
  }
  if (copies.size < 2) return null;
  const preferred = (copy: Copy) => prefer.some((folder) => copy.path.startsWith(`${folder.replace(/\/+$/, "")}/`));
  const [kept, ...spare] = [...copies.values()].sort(
    (a, b) => Number(preferred(b)) - Number(preferred(a)) || ORDERS[keep](a, b) || (a.path < b.path ? -1 : 1),
  );
  const why = preferred(kept!) && spare.some((copy) => !preferred(copy)) ? "in a preferred folder" : REASONS[keep];
  return { keep: kept!.path, why, spare: spare.map(({ path }) => path), size };
}

const ORDERS: Readonly<Record<KeepRule, (a: Copy, b: Copy) => number>> = {
  oldest: (a, b) => Number(a.modifiedNs - b.modifiedNs) || a.path.length - b.path.length,
  newest: (a, b) => Number(b.modifiedNs - a.modifiedNs) || a.path.length - b.path.length,
  shortest: (a, b) => a.path.length - b.path.length,
  first: () => 0,
};

const REASONS: Readonly<Record<KeepRule, string>> = {
  oldest: "the oldest",
  newest: "the newest",
  shortest: "the shortest path",
  first: "first by name",
};

function look(path: string): BigIntStats | undefined {
  try {
    const stat = statSync(pathOf(path), { bigint: true });
    return stat.isFile() ? stat : undefined;
  } catch {
    return undefined;
  }
}
