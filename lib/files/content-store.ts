import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { CannotWrite } from "./cannot-write.ts";
import { publish } from "./publish.ts";
import { PARTS_MARKER } from "./walk.ts";

const MARKER_TEXT = Buffer.from("Members of archives, kept by midiworks. An import leaves this folder out.\n");

/** The folder of the members of archives. */
export const contentsFolder = (dataDir: string) => `${dataDir}/contents`;

/** Where the bytes of an archive's member are kept, by their hash, so that later phases need no archive. */
export function storedPath(dataDir: string, sha256: string): string {
  return `${contentsFolder(dataDir)}/${sha256.slice(0, 2)}/${sha256}.mid`;
}

/** Keeps bytes under their hash, once. They are whole under their name or not there. */
export function storeContent(dataDir: string, sha256: string, bytes: Uint8Array): void {
  const path = storedPath(dataDir, sha256);
  mark(contentsFolder(dataDir));
  if (sizeOf(path) === bytes.length) return;
  try {
    mkdirSync(dirname(path), { recursive: true });
    publish(path, bytes, { replaces: true });
  } catch (error) {
    throw new CannotWrite(path, error);
  }
}

const marked = new Set<string>();

/** The data directory may lie in the source: what is kept there is no place of originals. */
function mark(folder: string): void {
  if (marked.has(folder)) return;
  const marker = `${folder}/${PARTS_MARKER}`;
  try {
    mkdirSync(folder, { recursive: true });
    if (sizeOf(marker) < 0) publish(marker, MARKER_TEXT, { replaces: true });
  } catch (error) {
    throw new CannotWrite(marker, error);
  }
  marked.add(folder);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

/** Removes the bytes kept under these hashes, where there are any. */
export function forgetContents(dataDir: string, hashes: readonly string[]): void {
  for (const sha256 of hashes) rmSync(storedPath(dataDir, sha256), { force: true });
}
