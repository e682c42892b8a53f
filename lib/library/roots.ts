import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileFault } from "../files/file-fault.ts";

/**
 * Where the folders of the library are on this machine. The library stores each imported folder as it was first
 * named; a machine that mounts it elsewhere says so with `--root STORED=HERE`.
 */
export interface Roots {
  /** The folder on this machine for a stored one. */
  here(stored: string): string;
  /** How a folder of this machine is stored. */
  stored(here: string): string;
}

export function createRoots(mounts: Readonly<Record<string, string>> = {}): Roots {
  const pairs = Object.entries(mounts).map(([stored, here]) => ({ stored: resolve(stored), here: resolve(here) }));
  const translate = (path: string, from: "stored" | "here", to: "stored" | "here") => {
    for (const pair of pairs) {
      if (path === pair[from]) return pair[to];
      if (path.startsWith(`${pair[from]}/`)) return pair[to] + path.slice(pair[from].length);
    }
    return path;
  };
  return { here: (path) => translate(path, "stored", "here"), stored: (path) => translate(path, "here", "stored") };
}

/** A folder of music that is not there (any more): unmounted, renamed. What was to be done in it stays to do. */
export class SourceMissing extends Error {
  override readonly name = "SourceMissing";
  readonly forPeople = true;
}

/** Throws `SourceMissing` unless `folder` is a folder that can be looked into. */
export function requireFolder(folder: string): void {
  try {
    if (statSync(folder).isDirectory()) return;
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new SourceMissing(
      `Cannot read ${folder}: ${absent ? "no such folder" : fileFault(error)}, expected a folder`,
    );
  }
  throw new SourceMissing(`Cannot read ${folder}: it is a file, expected a folder`);
}
