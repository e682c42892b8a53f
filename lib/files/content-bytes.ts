import { readFile, UnreadableFile } from "./read-file.ts";
import { sha256 } from "./sha256.ts";

/** A content to work on: its hash and where its bytes may be found on this machine, best first. */
export interface ContentItem {
  readonly id: number;
  /** Hex. */
  readonly sha256: string;
  readonly paths: readonly string[];
  /** File name at the first of its places, in an archive or not. */
  readonly name: string;
  /** Archives that hold it, for when its own copy is not on this machine. */
  readonly archives: readonly string[];
}

/** Why a content's bytes could not be had. `missing`: no place holds them any more. */
export class NoBytes extends Error {
  override readonly name = "NoBytes";
  readonly forPeople = true;
  readonly missing: boolean;

  constructor(message: string, missing: boolean) {
    super(message);
    this.missing = missing;
  }
}

/** The bytes of a content from the first of its places that still holds them. They hold until the next read. */
export function openContent(item: ContentItem, maxBytes: number): Uint8Array {
  let reason = "";
  for (const path of item.paths) {
    try {
      const { bytes } = readFile(path, maxBytes);
      if (sha256(bytes) === item.sha256) return bytes;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      if (!GONE.has(error.code)) reason = `${path}: ${error.message}`;
    }
  }
  throw new NoBytes(reason, reason === "");
}

const GONE = new Set(["ENOENT", "ENOTDIR", "ECHANGED"]);
