import { linkSync, lstatSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { temporaryName } from "./temporary.ts";
import { writeNew } from "./write-new.ts";

/** A file to store: its name and bytes, and their SHA-256 in hex. */
export interface PartFile {
  readonly name: string;
  readonly bytes: Uint8Array;
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
    if (place(folder, path, file, state === "torn")) return name;
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

/** Puts the file at `path` in one step; false when somebody else was faster. */
function place(folder: string, path: string, file: PartFile, replaces: boolean): boolean {
  const temporary = `${folder}/${temporaryName()}`;
  try {
    writeNew(temporary, file.bytes);
    if (replaces) renameSync(temporary, path);
    else linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!NO_LINKS.has(code ?? "")) throw error;
    renameSync(temporary, path);
    return true;
  } finally {
    try {
      unlinkSync(temporary);
    } catch {}
  }
}

/** File systems without hard links answer one of these; there a file appearing in the same instant could be replaced. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);
