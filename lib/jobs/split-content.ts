import type { StoredPart } from "../columns/parts.ts";
import { type ContentItem, NoBytes, openContent } from "../files/content-bytes.ts";
import { withoutMidiEnding } from "../files/formats.ts";
import { openPartStore } from "../files/open-part-store.ts";
import type { PartStore } from "../files/part-store.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { CannotSplit } from "../midi/split/cannot-split.ts";
import { type SplitMode, type SplitPart, splitBytes, variantOf } from "./split-bytes.ts";

export interface SplitContext extends SplitMode {
  /** Where the parts are kept, see `openPartStore`. */
  readonly out: string;
  readonly maxBytes: number;
}

/** What became of a content: its parts, none when it has fewer than two, or why it can't be split. */
export type SplitResult =
  | { readonly id: number; readonly parts: readonly StoredPart[] }
  | { readonly id: number; readonly error: string; readonly missing: boolean };

/**
 * Reads, splits and stores one content. Answers for every fault of the file; throws `CannotWrite` when the store
 * fails, then nothing of this content stands under a final name, or all of it does.
 */
export async function splitContent(item: ContentItem, context: SplitContext): Promise<SplitResult> {
  try {
    const parts = splitBytes(openContent(item, context.maxBytes), context);
    return { id: item.id, parts: await stored(parts, item, context, openPartStore(context.out)) };
  } catch (error) {
    if (error instanceof NoBytes) return { id: item.id, error: error.message, missing: error.missing };
    if (error instanceof BadMidi || error instanceof CannotSplit) {
      return { id: item.id, error: error.message, missing: false };
    }
    throw error;
  }
}

async function stored(
  parts: readonly SplitPart[],
  { name, sha256 }: ContentItem,
  mode: SplitMode,
  store: PartStore,
): Promise<StoredPart[]> {
  if (parts.length === 0) return [];
  const source = { name: withoutMidiEnding(name), sha256, variant: variantOf(mode) };
  const files = parts.map(({ fileName, bytes, sha256 }) => ({ name: fileName, bytes, sha256 }));
  const paths = await store.store(source, files);
  return parts.map(({ fileName, bytes, ...part }, at) => ({
    ...part,
    size: bytes.length,
    path: paths[at]!,
  }));
}
