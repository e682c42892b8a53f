import { lstatSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { CannotWrite } from "./cannot-write.ts";
import { type PartFile, storePartFile } from "./part-file.ts";
import type { PartStore, PartsSource } from "./part-store.ts";
import { publishFolder } from "./publish.ts";
import { safeName } from "./safe-name.ts";
import { tidy } from "./temporary.ts";
import { PARTS_MARKER } from "./walk.ts";

/** Longest folder name: with 64 digits in it there is still room for a name. */
const MAX_BYTES = 112;
const MARKER = {
  name: PARTS_MARKER,
  bytes: Buffer.from("Parts cut by midiworks from MIDI files. An import leaves this folder out.\n"),
};

/** Parts kept in a folder of this machine. `out` is made if need be. */
export function partsFolder(out: string): PartStore {
  return {
    store: async (source, files) => storeParts(out, source, files),
    remove: async (paths) => removeParts(out, paths),
    tidy: async (beat) => tidy(out, beat),
  };
}

/** Removes parts. What else lies in their folders stays, and so do these. Throws `CannotWrite`. */
function removeParts(out: string, paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmSync(`${out}/${path}`, { force: true });
    } catch (error) {
      throw new CannotWrite(`${out}/${path}`, error);
    }
  }
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    try {
      rmdirSync(`${out}/${folder}`);
    } catch {
      // Not empty, or gone.
    }
  }
}

/**
 * Stores the parts of one source under `out`, in `<2 hex>/<source name> [<8 hex>]/`, and answers with their paths
 * relative to `out`. The hex digits are the source's SHA-256: the place depends on nothing but the source's bytes, its
 * name and how it was cut, whoever cuts it and when, and a library of millions never fills one folder.
 *
 * The files go into a folder of another name, which is renamed when it is complete: a killed run leaves no half file,
 * and no half set of parts, under a final name. A place that exists is filled up: equal files stay as they are,
 * missing ones are added, files that are not ours stay untouched and ours gets its hash into its name. Nothing is
 * synced to the disk: after a power cut the youngest parts may be torn (empty, cut off, zeros at the end), and
 * cutting their source again puts them right.
 *
 * Each two-digit folder holds the marker from its first moment, so that an import of a tree around `out`, also into
 * a fresh database, leaves the parts out; whatever else is in `out` is no concern of ours, it may even be the source.
 * `out` is made if need be, but only once a thread: a disk that goes away is not replaced by a folder in its place.
 * Throws `CannotWrite`.
 */
export function storeParts(out: string, source: PartsSource, files: readonly PartFile[]): string[] {
  const shelf = source.sha256.slice(0, 2);
  openShelf(out, shelf);
  for (const digits of [8, 16, 64]) {
    const folder = `${shelf}/${folderName(source, digits)}`;
    let kind = kindOf(`${out}/${folder}`);
    if (kind === "none") {
      if (storeAtOnce(out, folder, files)) return files.map((file) => `${folder}/${file.name}`);
      kind = kindOf(`${out}/${folder}`);
    }
    if (kind === "folder") return fillUp(out, folder, files);
  }
  throw new CannotWrite(`${out}/${shelf}`, new Error(`every folder name for ${source.name} is taken`));
}

function folderName(source: PartsSource, digits: number): string {
  const tag = ` [${source.sha256.slice(0, digits)}${source.variant && ` ${source.variant}`}]`;
  return `${safeName(source.name, MAX_BYTES - Buffer.byteLength(tag), "untitled")}${tag}`;
}

/** All files in a new folder; false when somebody took its place meanwhile. */
function storeAtOnce(out: string, folder: string, files: readonly PartFile[]): boolean {
  try {
    return publishFolder(`${out}/${folder}`, files);
  } catch (error) {
    throw new CannotWrite(`${out}/${folder}`, error);
  }
}

function fillUp(out: string, folder: string, files: readonly PartFile[]): string[] {
  try {
    return files.map((file) => `${folder}/${storePartFile(`${out}/${folder}`, file)}`);
  } catch (error) {
    throw new CannotWrite(`${out}/${folder}`, error);
  }
}

/** Folders of parts, and two-digit folders in them, that this thread has begun to use. */
const opened = new Set<string>();

/** Makes a two-digit folder together with its marker, or checks that the one there is ours. */
function openShelf(out: string, shelf: string): void {
  const path = `${out}/${shelf}`;
  if (opened.has(path) && kindOf(path) === "folder" && kindOf(`${path}/${PARTS_MARKER}`) !== "none") return;
  try {
    if (!opened.has(out)) mkdirSync(out, { recursive: true });
    opened.add(out);
    if (kindOf(path) === "none") publishFolder(path, [MARKER]);
    // A link is not followed: whoever put it there would have us write somewhere else.
    if (kindOf(path) !== "folder") {
      throw Object.assign(new Error("it is no folder, expected one of parts"), { code: "FOREIGN" });
    }
    if (kindOf(`${path}/${PARTS_MARKER}`) === "none") {
      throw Object.assign(new Error(`no ${PARTS_MARKER} in it, expected a folder of parts`), { code: "FOREIGN" });
    }
  } catch (error) {
    throw new CannotWrite(path, error);
  }
  opened.add(path);
}

function kindOf(path: string): "none" | "folder" | "other" {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "none" : stat.isDirectory() ? "folder" : "other";
}
