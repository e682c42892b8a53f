import { drumChannels } from "../analysis/piece/drum-channels.ts";
import { trackPorts } from "../analysis/piece/piece.ts";
import { type ContentItem, NoBytes, openContent } from "../files/content-bytes.ts";
import { storeParts } from "../files/parts-folder.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";
import { CannotSplit } from "../midi/split/cannot-split.ts";
import type { Part } from "../midi/split/part.ts";
import { createSplitter } from "../midi/split/splitter.ts";
import { decodeNames, partFileNames } from "./part-names.ts";

export interface SplitContext {
  /** The folder of parts. */
  readonly out: string;
  readonly by: "auto" | "track" | "channel";
  readonly drumsByNote: boolean;
  readonly maxBytes: number;
}

/** What became of a content: its parts, none when it has fewer than two, or why it cannot be split. */
export type SplitResult =
  | { readonly id: number; readonly parts: readonly StoredPart[] }
  | { readonly id: number; readonly error: string; readonly missing: boolean };

/** A part that stands on the disk. Field names are those of the columns of `parts`. */
export interface StoredPart {
  /** From 1. */
  readonly number: number;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  /** Relative to the folder of parts, "/" between folders. */
  readonly path: string;
  readonly track: number;
  /** 0 to 15, null where a track that sounds on several channels is one part. */
  readonly channel: number | null;
  readonly name: string | null;
  readonly program: number | null;
  readonly drum: boolean;
  readonly note_count: number;
}

const EXTENSION = /\.(mid|midi|kar|rmi)$/i;

const reader = createReader({ events: true });
const splitter = createSplitter();

/**
 * Reads, splits and stores one content. Answers for every fault of the file; throws `CannotWrite` when the folder of
 * parts fails, then nothing of this content stands under a final name, or all of it does.
 */
export function splitContent(item: ContentItem, context: SplitContext): SplitResult {
  try {
    const bytes = openContent(item, context.maxBytes);
    return {
      id: item.id,
      parts: splitBytes(bytes, { name: item.name.replace(EXTENSION, ""), sha256: item.sha256 }, context),
    };
  } catch (error) {
    if (error instanceof NoBytes) return { id: item.id, error: error.message, missing: error.missing };
    if (error instanceof BadMidi || error instanceof CannotSplit) {
      return { id: item.id, error: error.message, missing: false };
    }
    throw error;
  }
}

/** Splits a file's bytes and stores the parts. Throws `BadMidi`, `CannotSplit` and `CannotWrite`. */
export function splitBytes(
  bytes: Uint8Array,
  source: { readonly name: string; readonly sha256: string },
  { out, by, drumsByNote }: Pick<SplitContext, "out" | "by" | "drumsByNote">,
): StoredPart[] {
  const score = reader.read(bytes);
  const parts = splitter.split(score, { by, drumsByNote, drums: drumChannels(score, trackPorts(score)) });
  if (parts.length === 0) return [];
  const hashes = parts.map((part) => new Bun.CryptoHasher("sha256").update(part.bytes).digest("hex"));
  const trackNames = decodeNames(parts);
  const names = partFileNames(parts, trackNames, by === "channel");
  const files = parts.map((part, at) => ({ name: names[at]!, bytes: part.bytes, sha256: hashes[at]! }));
  const variant = [by === "auto" ? "" : `by ${by}`, drumsByNote ? "drums" : ""].filter(Boolean).join(" ");
  const paths = storeParts(out, { ...source, variant }, files);
  return parts.map((part, at) => ({
    ...row(part, at + 1),
    name: trackNames[at]!,
    sha256: hashes[at]!,
    path: paths[at]!,
  }));
}

function row({ bytes, track, channel, program, drum, noteCount }: Part, number: number) {
  return { number, size: bytes.length, track, channel, program, drum, note_count: noteCount };
}
