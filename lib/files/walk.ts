import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { sep } from "node:path";
import { fileFault } from "./file-fault.ts";
import { isArchiveName, isMidiName } from "./formats.ts";
import { pathOf, pathText, sortPaths } from "./path-text.ts";
import { beginsAsMidi } from "./sniff.ts";

/** One thing the walk came upon, in byte order of the paths. */
export interface WalkEntry {
  /** Relative to the root, "/" between folders; see path-text.ts. For a problem with a folder it ends in "/". */
  readonly path: string;
  readonly kind: "midi" | "archive" | "parts" | "problem";
  readonly size: number;
  /** Microseconds since 1970. */
  readonly modifiedUs: number;
  /** The number the file system knows the file by: alike for links, 0 where it has none. */
  readonly inode: number;
  /** What is wrong, in words, for problems; else "". */
  readonly reason: string;
}

/** A folder with this file in it holds parts that were cut, or members of archives: it is no place of originals. */
export const PARTS_MARKER = ".midiworks-parts";

export interface WalkOptions {
  /** Take files of any name that begin as MIDI files do. */
  readonly sniff?: boolean;
  /** Hears of files that are neither MIDI files nor archives, by their paths relative to the root. */
  readonly passed?: (path: string) => void;
}

interface Level {
  /** "" for the root, else ends in "/". */
  readonly prefix: string;
  readonly names: string[];
  next: number;
  readonly real: string;
}

/**
 * Every MIDI file and archive below `root`, in byte order of the relative paths, so that it can be merged with a
 * sorted list. Leaves out `._*` files and hidden folders. Links to files are followed. A link to a folder is followed
 * when it leads out of what is walked anyway, each target once; so cycles end.
 */
export function* walk(root: string, options: WalkOptions = {}): Generator<WalkEntry> {
  const real = realFolder(root);
  const followed = new Set<string>();
  const stack: Level[] = [];
  const enter = (prefix: string, place: string): WalkEntry | null => {
    try {
      const names = list(`${root}/${prefix}`);
      if (names.includes(PARTS_MARKER)) return found(prefix, "parts");
      stack.push({ prefix, names, next: 0, real: place });
      return null;
    } catch (error) {
      return problem(prefix, error);
    }
  };
  const visit = (path: string): WalkEntry | null => {
    try {
      const place = folderToFollow(`${root}/${path.slice(0, -1)}`, real, followed);
      return place === null ? null : enter(path, place);
    } catch (error) {
      return isGone(error) ? null : problem(path, error);
    }
  };
  const rootProblem = enter("", real);
  if (rootProblem) yield rootProblem;
  for (let level = stack.at(-1); level; level = stack.at(-1)) {
    const name = level.names[level.next++];
    if (name === undefined) {
      stack.pop();
      continue;
    }
    const path = level.prefix + name;
    if (name.endsWith("/")) {
      if (name.startsWith(".")) continue;
      const trouble = visit(path);
      if (trouble) yield trouble;
      continue;
    }
    if (name.startsWith("._") || name === PARTS_MARKER) continue;
    const kind = kindOf(`${root}/${path}`, name, options);
    if (!kind) {
      options.passed?.(path);
      continue;
    }
    try {
      const stat = statSync(pathOf(`${root}/${path}`));
      if (stat.isFile())
        yield { ...found(path, kind), size: stat.size, modifiedUs: modifiedUs(stat), inode: wholeNumber(stat.ino) };
    } catch (error) {
      yield problem(path, error);
    }
  }
}

function kindOf(file: string, name: string, { sniff }: WalkOptions): "midi" | "archive" | null {
  if (isMidiName(name)) return "midi";
  if (isArchiveName(name)) return "archive";
  return sniff && beginsAsMidi(file) ? "midi" : null;
}

/** The folder that a path leads to when links are followed. */
export function realFolder(path: string): string {
  return pathText(realpathSync(pathOf(path), { encoding: "buffer" }));
}

/** Whether nothing is at a path; what cannot be looked at may be there. */
export function isMissing(path: string): boolean {
  try {
    statSync(pathOf(path));
    return false;
  } catch (error) {
    return isGone(error);
  }
}

/** Modification time in whole microseconds since 1970. */
export function modifiedUs(stat: Stats): number {
  return wholeNumber(stat.mtimeMs * 1000);
}

/** A size or time as the library can keep it: whole, and no further from 0 than numbers are exact. 0 for no number. */
export function wholeNumber(value: number): number {
  const most = Number.MAX_SAFE_INTEGER;
  return Math.round(Math.min(Math.max(value, -most), most)) || 0;
}

const found = (path: string, kind: WalkEntry["kind"], reason = ""): WalkEntry => ({
  path,
  kind,
  size: 0,
  modifiedUs: 0,
  inode: 0,
  reason,
});

const problem = (path: string, error: unknown): WalkEntry => found(path, "problem", fileFault(error));

/** Names in a folder in byte order of the paths they lead to: folders end in "/". */
function list(folder: string): string[] {
  const at = pathOf(folder);
  const entries = readdirSync(at, { withFileTypes: true });
  const names: string[] = [];
  if (entries.some((entry) => entry.name.includes("\ufffd"))) {
    for (const name of readdirSync(at, { encoding: "buffer" })) {
      const text = pathText(name);
      names.push(isFolder(folder, text) ? `${text}/` : text);
    }
  } else {
    for (const entry of entries) {
      const text = /[\uf700-\uf7ff]/.test(entry.name) ? pathText(Buffer.from(entry.name)) : entry.name;
      const folderLike = entry.isDirectory() || (!entry.isFile() && isFolder(folder, text));
      names.push(folderLike ? `${text}/` : text);
    }
  }
  return sortPaths(names);
}

/**
 * Whether a name in a folder is one itself. What cannot be looked at and is not called as files are counts as a folder:
 * then it is a problem, and what is known below it is not taken for gone.
 */
function isFolder(folder: string, name: string): boolean {
  try {
    return statSync(pathOf(`${folder}/${name}`)).isDirectory();
  } catch (error) {
    return !isGone(error) && !isMidiName(name) && !isArchiveName(name);
  }
}

const isGone = (error: unknown) => /^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? "");

/** The real path of a folder to enter, null for a link that must not be followed. Throws what the system says. */
function folderToFollow(path: string, realRoot: string, followed: Set<string>): string | null {
  const at = pathOf(path);
  if (!lstatSync(at).isSymbolicLink()) return path;
  const place = realFolder(path);
  const inside = `${place}${sep}`.startsWith(`${realRoot}${sep}`);
  const above = `${realRoot}${sep}`.startsWith(`${place}${sep}`);
  for (const other of followed) {
    if (`${place}${sep}`.startsWith(`${other}${sep}`) || `${other}${sep}`.startsWith(`${place}${sep}`)) return null;
  }
  if (inside || above) return null;
  followed.add(place);
  return place;
}
