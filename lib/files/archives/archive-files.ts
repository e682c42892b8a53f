import { formatOf, isMidiName, isTarName, isZipName, withoutCompression } from "../formats.ts";
import { BadArchive } from "./bad-archive.ts";
import type { Budget } from "./budget.ts";
import { type ByteReader, pieceReader, sourceReader } from "./byte-reader.ts";
import { type Compression, compressionOf, decompressed } from "./decompress.ts";
import { libarchiveFiles } from "./libarchive-files.ts";
import type { ArchiveOptions } from "./member.ts";
import type { Entries } from "./open-entries.ts";
import type { Source } from "./source.ts";
import { tarFiles } from "./tar-files.ts";
import { BLOCK, tarHeader } from "./tar-header.ts";
import { zipFiles } from "./zip-files.ts";

type Heard = Pick<ArchiveOptions, "damaged" | "beat">;

/** The files in an archive of any kind. What stands in it decides, its name only where the beginning is damaged. */
export function archiveFiles(source: Source, budget: Budget, heard: Heard): Entries {
  const head = source.read(0, BLOCK);
  if (head.length === 0) throw new BadArchive("Cannot unpack: the file is empty");
  const compression = compressionOf(head);
  if (compression) return compressedFiles(source, compression, budget, heard);
  if (startsWith(head, "PK\x03\x04") || startsWith(head, "PK\x05\x06")) return zipFiles(source, budget);
  if (isForLibarchive(head)) return libarchiveFiles(source, budget);
  if (tarHeader(head) || isTarName(source.name)) return tarOnly(sourceReader(source), source, heard);
  if (isZipName(source.name)) return zipFiles(source, budget);
  throw new BadArchive(`Cannot unpack: ${formatOf(head) ?? "unknown bytes"}, expected an archive`);
}

/** RAR, 7-Zip, LHA. */
function isForLibarchive(head: Buffer): boolean {
  const isLha = /^-l[hz][0-9a-z]-$/.test(head.toString("latin1", 2, 7));
  return startsWith(head, "Rar!\x1a\x07") || startsWith(head, "7z\xbc\xaf\x27\x1c") || isLha;
}

const startsWith = (head: Buffer, mark: string) => head.toString("latin1", 0, mark.length) === mark;

/** A compressed tar, or a single file that was compressed. */
async function* compressedFiles(source: Source, how: Compression, budget: Budget, heard: Heard): Entries {
  const pieces = decompressed(source, how, budget, heard.beat);
  try {
    const head = await first(pieces, BLOCK);
    const reader = pieceReader(withHead(head, pieces));
    if (tarHeader(head) || isTarName(source.name)) yield* tarOnly(reader, source, heard);
    else yield* singleFile(reader, head, source);
  } finally {
    await pieces.return(undefined);
  }
}

/** A tar archive; what holds no header at all is none. */
async function* tarOnly(reader: ByteReader, source: Source, { damaged }: Heard): Entries {
  const faults: string[] = [];
  let found = false;
  for await (const file of tarFiles(reader, (fault) => faults.push(fault))) {
    found = true;
    while (faults.length > 0) damaged(faults.shift()!);
    yield file;
  }
  if (found || faults.length === 0) for (const fault of faults) damaged(fault);
  else {
    const head = compressionOf(source.read(0, 4)) ? null : formatOf(source.read(0, 1024));
    throw new BadArchive(`Cannot unpack: ${head ?? "no header of tar in it"}, expected a tar archive`);
  }
}

/** `song.mid.gz` holds `song.mid`. How long it is shows when it has been read. */
async function* singleFile(reader: ByteReader, head: Buffer, source: Source): Entries {
  const name = withoutCompression(source.name);
  if (!isMidiName(name) && !startsWith(head, "MThd")) {
    throw new BadArchive(`Cannot unpack: ${formatOf(head) ?? "unknown bytes"} inside, expected a tar archive`);
  }
  let size = 0;
  const bytes: Buffer[] = [];
  yield {
    name,
    kind: "file",
    size: 0,
    modifiedUs: source.modifiedUs,
    async read(maxBytes) {
      for (;;) {
        const piece = await reader.read(1 << 16);
        if (piece.length === 0) return Buffer.concat(bytes);
        size += piece.length;
        if (size > maxBytes) throw new Error(`more than the limit of ${maxBytes} bytes`);
        bytes.push(Buffer.from(piece));
      }
    },
  };
}

/** At least `length` bytes from the beginning of pieces, fewer when there are no more. */
async function first(pieces: AsyncIterator<Uint8Array>, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let got = 0; got < length; ) {
    const { value, done } = await pieces.next();
    if (done) break;
    parts.push(value);
    got += value.length;
  }
  return Buffer.concat(parts);
}

async function* withHead(head: Buffer, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* pieces;
}
