import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Budget } from "./budget.ts";
import { type Source, wholeSource } from "./source.ts";

/** Ways to compress one stream of bytes, by how it begins. */
export type Compression = "gzip" | "bzip2" | "xz" | "zstd";

export function compressionOf(head: Uint8Array): Compression | null {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x42 && b === 0x5a && c === 0x68) return "bzip2";
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58) return "xz";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  return null;
}

/** What a compressed source holds, piece by piece; all of it is counted in the budget. */
export async function* decompressed(
  source: Source,
  how: Compression,
  budget: Budget,
  beat: () => void,
): AsyncGenerator<Uint8Array> {
  const taken = { bytes: 0 };
  for await (const piece of UNPACK[how](source, taken)) {
    beat();
    budget.unpacked(piece.length, taken.bytes);
    yield piece;
  }
}

/** `taken` counts the compressed bytes that were handed over. */
type Unpack = (source: Source, taken: { bytes: number }) => AsyncIterable<Uint8Array>;

const UNPACK: Readonly<Record<Compression, Unpack>> = {
  gzip: (source, taken) => throughNode(source, taken, createGunzip()),
  zstd: (source, taken) => throughNode(source, taken, createZstdDecompress()),
  async *xz(source, taken) {
    const { XzReadableStream } = await import("xz-decompress");
    const reader = new XzReadableStream(webStream(pieces(source, taken))).getReader();
    // It is left as it is when a reader stops early: to cancel it twice is an error of its own.
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  },
  async *bzip2(source, taken) {
    const { default: bunzip } = await import("seek-bzip");
    const bytes = wholeSource(source);
    // Blocks are unpacked one by one; first it is found where they stand.
    const blocks: number[] = [];
    bunzip.table(bytes, (position: number) => blocks.push(position), true);
    for (const [i, position] of blocks.entries()) {
      taken.bytes = (blocks[i + 1] ?? bytes.length * 8) >> 3;
      yield bunzip.decodeBlock(bytes, position);
    }
  },
};

async function* throughNode(
  source: Source,
  taken: { bytes: number },
  unpack: ReturnType<typeof createGunzip>,
): AsyncGenerator<Uint8Array> {
  const compressed = Readable.from(pieces(source, taken)).on("error", (error) => unpack.destroy(error));
  yield* compressed.pipe(unpack) as AsyncIterable<Uint8Array>;
}

function webStream(pieces: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

const PIECE = 1 << 16;

async function* pieces(source: Source, taken: { bytes: number }): AsyncGenerator<Uint8Array> {
  while (taken.bytes < source.size) {
    const piece = source.read(taken.bytes, PIECE);
    if (piece.length === 0) return;
    taken.bytes += piece.length;
    yield piece;
  }
}
