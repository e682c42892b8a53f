import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { fileFault } from "./file-fault.ts";
import { pathOf } from "./path-text.ts";
import { modifiedUs } from "./walk.ts";

/** A file's bytes and the state they were read in. The bytes hold until the next read by this thread. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly modifiedUs: number;
}

/** A file whose bytes could not be had: gone, forbidden, too large, changing. The message is one line. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
  readonly forPeople = true;
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Whether the system keeps the bytes back that are there, so that another time they may be had: rights, a failing disk. */
export function isWithheld({ code }: UnreadableFile): boolean {
  return !ABSENT_OR_UNFIT.has(code);
}

/** Nothing is there, or what is there is no file to read. */
const ABSENT_OR_UNFIT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EFBIG", "ECHANGED"]);

/** What the system says of a file as one line. */
export function unreadableFile(error: unknown): UnreadableFile {
  return new UnreadableFile((error as NodeJS.ErrnoException).code ?? "EIO", fileFault(error));
}

let buffer = new Uint8Array(1 << 20);
/** A buffer grown for one huge file is not kept for the rest. */
const KEPT_BYTES = 16 << 20;

/** Reads a whole file of at most `maxBytes`, into a buffer that is used again. Never blocks on a pipe. */
export function readFile(path: string, maxBytes: number): FileBytes {
  let file = -1;
  try {
    file = openSync(pathOf(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const before = fstatSync(file);
    if (!before.isFile()) throw new UnreadableFile("EISDIR", "not a regular file");
    if (before.size > maxBytes) {
      throw new UnreadableFile("EFBIG", `${before.size} bytes, more than the limit of ${maxBytes}`);
    }
    const bytes = fill(file, before.size, maxBytes);
    const after = fstatSync(file);
    if (bytes.length !== after.size || modifiedUs(after) !== modifiedUs(before)) {
      throw new UnreadableFile("ECHANGED", "changed while it was read");
    }
    return { bytes, modifiedUs: modifiedUs(after) };
  } catch (error) {
    throw error instanceof UnreadableFile ? error : unreadableFile(error);
  } finally {
    if (file >= 0) closeSync(file);
  }
}

function fill(file: number, size: number, maxBytes: number): Uint8Array {
  if (buffer.length < size + 1 || (buffer.length > KEPT_BYTES && size < KEPT_BYTES)) {
    buffer = new Uint8Array(Math.min(Math.max(size + 1, 1 << 20), maxBytes + 1));
  }
  let at = 0;
  // One byte more than stated, to notice a file that grows.
  while (at <= size) {
    const count = readSync(file, buffer, at, size + 1 - at, at);
    if (count === 0) break;
    at += count;
  }
  return buffer.subarray(0, at);
}
