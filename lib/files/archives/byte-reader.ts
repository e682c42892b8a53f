import type { Source } from "./source.ts";

/** Bytes in their order, from a file or from what unpacks one. */
export interface ByteReader {
  /** Where the next byte stands. */
  readonly at: number;
  /** So many bytes, fewer at the end. They hold until the next call. */
  read(length: number): Promise<Buffer>;
  /** Passes over bytes; answers with how many there were. */
  skip(length: number): Promise<number>;
}

const CHUNK = 1 << 18;

/** Reads a source from its beginning. What is skipped is not read. */
export function sourceReader(source: Source): ByteReader {
  let at = 0;
  let chunk: Buffer = Buffer.alloc(0);
  let chunkAt = 0;
  return {
    get at() {
      return at;
    },
    async read(length) {
      if (at < chunkAt || at + length > chunkAt + chunk.length) {
        chunk = source.read(at, Math.max(length, CHUNK));
        chunkAt = at;
      }
      const bytes = chunk.subarray(at - chunkAt, at - chunkAt + length);
      at += bytes.length;
      return bytes;
    },
    async skip(length) {
      const count = Math.min(length, Math.max(0, source.size - at));
      at += count;
      return count;
    },
  };
}

/** Reads pieces as they come. */
export function pieceReader(pieces: AsyncIterator<Uint8Array>): ByteReader {
  let at = 0;
  let piece: Buffer = Buffer.alloc(0);
  let ended = false;
  const more = async () => {
    const { value, done } = await pieces.next();
    if (done) ended = true;
    else piece = Buffer.from(value.buffer, value.byteOffset, value.length);
  };
  const take = (length: number) => {
    const bytes = piece.subarray(0, length);
    piece = piece.subarray(bytes.length);
    at += bytes.length;
    return bytes;
  };
  return {
    get at() {
      return at;
    },
    async read(length) {
      while (piece.length === 0 && !ended) await more();
      const first = take(length);
      if (first.length === length || ended) return first;
      const parts = [first];
      let got = first.length;
      while (got < length) {
        if (piece.length === 0) await more();
        if (ended) break;
        const next = take(length - got);
        parts.push(next);
        got += next.length;
      }
      return Buffer.concat(parts);
    },
    async skip(length) {
      let left = length;
      while (left > 0 && !ended) {
        left -= take(left).length;
        if (left > 0) await more();
      }
      return length - left;
    },
  };
}
