import type { Score, XfChunk } from "./score.ts";

/** A meta event of an XF chunk: payload at `offset` in the bytes. */
export interface XfMeta {
  readonly tick: number;
  readonly type: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * The metas of a chunk of Yamaha's XF format ("XF Format Specifications" 2.01), which are written like those of a
 * track; at most `most`. What is no meta ends the chunk.
 */
export function xfMetas({ bytes }: Pick<Score, "bytes">, { startOffset, endOffset }: XfChunk, most: number): XfMeta[] {
  const found: XfMeta[] = [];
  let at = startOffset;
  let tick = 0;
  const varlen = () => {
    let value = 0;
    for (let size = 0; size < 4 && at < endOffset; size++) {
      const byte = bytes[at++]!;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < endOffset && found.length < most) {
    tick += varlen();
    if (bytes[at] !== 0xff || at + 2 >= endOffset) break;
    const type = bytes[at + 1]!;
    at += 2;
    const length = varlen();
    if (type === 0x2f || at + length > endOffset) break;
    found.push({ tick, type, offset: at, length });
    at += length;
  }
  return found;
}
