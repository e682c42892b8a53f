import { lstatSync, readFileSync } from "node:fs";
import { type NewFile, publish } from "./publish.ts";

/** A part to store: its name and bytes, and their SHA-256 in hex. */
export interface PartFile extends NewFile {
  readonly sha256: string;
}

/**
 * Stores one file in a folder where others may be, and answers with the name it has there: its own, or, when that is
 * taken by other contents, one with the file's hash in it. A torn copy of the same file is replaced.
 */
export function storePartFile(folder: string, file: PartFile): string {
  const hashed = (digits: number) => file.name.replace(/\.mid$/, ` ${file.sha256.slice(0, digits)}.mid`);
  for (const name of [file.name, hashed(8), hashed(64)]) {
    const path = `${folder}/${name}`;
    const state = stateOf(path, file);
    if (state === "same") return name;
    if (state === "other") continue;
    if (publish(path, file.bytes, { replaces: state === "torn" })) return name;
    // Somebody else was faster.
    if (stateOf(path, file) === "same") return name;
  }
  throw Object.assign(new Error(`${file.name}: every name for it is taken`), { code: "EEXIST" });
}

type State = "none" | "same" | "torn" | "other";

function stateOf(path: string, file: PartFile): State {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return "none";
  if (!stat.isFile() || stat.size > file.bytes.length) return "other";
  const there = readFileSync(path);
  if (there.length === file.bytes.length && there.equals(file.bytes)) return "same";
  return isTorn(there, file.bytes) ? "torn" : "other";
}

/** What a power cut leaves of a file: a start of it, zeros behind it. */
function isTorn(there: Uint8Array, whole: Uint8Array): boolean {
  let at = 0;
  while (at < there.length && there[at] === whole[at]) at++;
  while (at < there.length && there[at] === 0) at++;
  return at === there.length;
}
