import { resolve } from "node:path";
import { storedFolder } from "../database/files.ts";
import {
  forgetPlaces,
  knownFolder,
  listRoots as listRows,
  movePlaces,
  type RootRow,
  renameRoot,
} from "../database/roots.ts";
import { forgetContents } from "../files/content-store.ts";
import { openPartStore } from "../files/open-part-store.ts";
import type { Library } from "./open-library.ts";
import { requireFolder, SourceMissing } from "./roots.ts";

export type { RootRow } from "../database/roots.ts";

/** The imported folders, each with how many places the library knows in it. */
export function listRoots({ pool }: Library): Promise<RootRow[]> {
  return pool.run(listRows);
}

/**
 * Tells the library that a folder it knows as `stored` is at `here` now. What it knows of the places stays; the next
 * import of `here` finds them unchanged. Answers with how many places moved.
 * @throws SourceMissing where it knows no such folder, or `here` is none
 */
export async function moveRoot({ pool }: Library, stored: string, here: string): Promise<number> {
  requireFolder(here);
  const target = resolve(here);
  return await pool.tx(async (sql) => {
    const from = await knownFolder(sql, resolve(stored));
    if (!from) throw unknownFolder(stored);
    const others = (await knownFolder(sql, target)) !== null;
    if (from.prefix === "" && !others) {
      const places = (await listRows(sql)).find(({ id }) => id === from.root)?.places ?? 0;
      await renameRoot(sql, from.root, target);
      return places;
    }
    return await movePlaces(sql, from, await storedFolder(sql, target));
  });
}

/** How much was forgotten. */
export interface Forgotten {
  readonly places: number;
  readonly contents: number;
  readonly parts: number;
}

/**
 * Forgets a folder: its places, and the music that is nowhere else, with its parts and the bytes kept of archives. Files
 * in the folder itself are not touched. `out` is the folder of parts, by default that of the data directory.
 * @throws SourceMissing where the library knows no such folder
 */
export async function forgetRoot(library: Library, stored: string, out?: string): Promise<Forgotten> {
  const { places, contents, parts, hashes } = await library.pool.tx(async (sql) => {
    const folder = await knownFolder(sql, resolve(stored));
    if (!folder) throw unknownFolder(stored);
    return await forgetPlaces(sql, folder);
  });
  await openPartStore(out === undefined ? `${library.dataDir}/parts` : resolve(out)).remove(parts);
  forgetContents(library.dataDir, hashes);
  return { places, contents, parts: parts.length };
}

function unknownFolder(path: string): SourceMissing {
  return new SourceMissing(
    `Cannot find ${path} in the library: expected one of the folders that \`roots.ts list\` names`,
  );
}
