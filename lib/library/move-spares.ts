import { appendFileSync, copyFileSync, mkdirSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { CannotWrite } from "../files/cannot-write.ts";
import { pathOf } from "../files/path-text.ts";
import { isMissing } from "../files/walk.ts";
import type { Duplicate } from "./duplicates.ts";

/** The list by which moved files can be put back, in the folder they were moved to: a script for `sh`. */
const UNDO_LIST = "undo.sh";

/**
 * Moves the spare copies into `folder`, each at its own path below it. Bytes are compared with those of the copy that
 * stays right before; what differs, or is in the way there, stays where it is. Answers with how many were moved.
 * @throws CannotWrite
 */
export function moveSpares({ keep, spare }: Duplicate, folder: string): number {
  const kept = bytesOf(keep);
  let moved = 0;
  for (const path of spare) {
    const target = `${folder}${path}`;
    if (kept === null || !bytesOf(path)?.equals(kept) || !isMissing(target)) continue;
    try {
      mkdirSync(pathOf(dirname(target)), { recursive: true });
      // The way back is written down before the file goes.
      const words = [Buffer.from("mv -n -- "), quoted(target), Buffer.from(" "), quoted(path), Buffer.from("\n")];
      appendFileSync(`${folder}/${UNDO_LIST}`, Buffer.concat(words));
      moveFile(pathOf(path), pathOf(target));
      moved++;
    } catch (error) {
      throw new CannotWrite(target, error);
    }
  }
  return moved;
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(pathOf(path));
  } catch {
    return null;
  }
}

/** Moves a file, also to another file system. */
function moveFile(from: string | Buffer, to: string | Buffer): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    copyFileSync(from, to);
    unlinkSync(from);
  }
}

/** A path as a word of `sh`. */
function quoted(path: string): Buffer {
  const bytes = Buffer.from(pathOf(path));
  return Buffer.concat([
    Buffer.from("'"),
    Buffer.from(bytes.toString("latin1").replaceAll("'", "'\\''"), "latin1"),
    Buffer.from("'"),
  ]);
}
