import { mkdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { repairedPlaces } from "../database/questions/repaired.ts";
import { CannotWrite } from "../files/cannot-write.ts";
import { storedPath } from "../files/content-store.ts";
import { withoutMidiEnding } from "../files/formats.ts";
import { pathOf } from "../files/path-text.ts";
import { publish } from "../files/publish.ts";
import { type MendedRepair, mendFile } from "../jobs/mend-file.ts";
import type { Library } from "./open-library.ts";

/** A file to mend, and the name its copy gets. */
export interface ToMend {
  readonly path: string;
  readonly name: string;
}

/** What became of a file. */
export type MendResult =
  /** A mended copy was written, or stood there already. */
  | {
      readonly path: string;
      readonly copy: string;
      readonly repairs: readonly MendedRepair[];
      readonly written: boolean;
    }
  /** It is well-formed: there is nothing to mend. */
  | { readonly path: string; readonly whole: true }
  | { readonly path: string; readonly error: string };

/** Files by their paths, each under its own name. */
export function namedFiles(paths: readonly string[]): ToMend[] {
  return paths.map((path) => ({ path, name: basename(path) }));
}

/** The files that the library had to repair, as they are on this machine; members of archives by their kept bytes. */
export async function* repairedFiles({ pool, roots, dataDir }: Library): AsyncGenerator<ToMend> {
  const pages: ToMend[][] = [];
  await pool.run(async (sql) => {
    for await (const page of repairedPlaces(sql).cursor(1000)) {
      pages.push(
        page.map(({ root, path, member, sha256 }) => ({
          path: member === "" ? `${roots.here(root)}/${path}` : storedPath(dataDir, sha256),
          name: basename(member || path),
        })),
      );
    }
  });
  for (const page of pages) yield* page;
}

/**
 * Writes a whole, well-formed copy of a damaged file into `out`. Nothing there is overwritten: another file of the name
 * gets a number behind it, and the same bytes are not written again.
 * @throws CannotWrite
 */
export function mend({ path, name }: ToMend, out: string): MendResult {
  const mended = mendFile(path);
  if (!("bytes" in mended)) return { path, ...mended };
  const { bytes, repairs } = mended;
  try {
    mkdirSync(pathOf(out), { recursive: true });
    for (let number = 1; ; number++) {
      const copy = `${out}/${withoutMidiEnding(name)}${number === 1 ? "" : ` (${number})`}.mid`;
      const there = bytesAt(copy);
      if (there?.equals(bytes)) return { path, copy, repairs, written: false };
      if (there === null && publish(copy, bytes, { replaces: false })) return { path, copy, repairs, written: true };
    }
  } catch (error) {
    throw new CannotWrite(out, error);
  }
}

function bytesAt(path: string): Buffer | null {
  try {
    return readFileSync(pathOf(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
