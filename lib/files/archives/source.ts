import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { pathOf } from "../path-text.ts";
import { wholeNumber } from "../walk.ts";
import { BadArchive } from "./bad-archive.ts";

/** An archive to read from: a file, or bytes that stood in another archive. */
export interface Source {
  /** File name, without folders. */
  readonly name: string;
  readonly size: number;
  readonly modifiedUs: number;
  /** At most `length` bytes from `at`; fewer at the end. */
  read(at: number, length: number): Buffer;
}

/** Opens a file by a path as path-text.ts writes it; `close` it in the end. */
export function openSource(path: string): Source & { close(): void } {
  const file = openSync(pathOf(path), "r");
  const stat = fstatSync(file);
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    size: stat.size,
    modifiedUs: wholeNumber(stat.mtimeMs * 1000),
    read(at, length) {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, stat.size - at)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, at + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    close: () => closeSync(file),
  };
}

export function bytesSource(name: string, bytes: Uint8Array, modifiedUs: number): Source {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { name, size: all.length, modifiedUs, read: (at, length) => all.subarray(at, at + length) };
}

/** Formats that are read as a whole are read in memory. */
const MOST_WHOLE = 512 * 2 ** 20;

export function wholeSource(source: Source): Buffer {
  if (source.size > MOST_WHOLE) {
    throw new BadArchive(
      `Cannot unpack: ${source.size} bytes of an archive of this kind, expected at most ${MOST_WHOLE}`,
    );
  }
  return source.read(0, source.size);
}
