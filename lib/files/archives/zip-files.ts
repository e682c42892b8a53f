import { Readable } from "node:stream";
import { crc32, inflateRawSync } from "node:zlib";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { pathText } from "../path-text.ts";
import { wholeNumber } from "../walk.ts";
import { Bomb, type Budget } from "./budget.ts";
import { legacyName, withSlashes } from "./member-name.ts";
import type { Entries, OpenEntry } from "./open-entries.ts";
import type { Source } from "./source.ts";

/** Names are bytes; what an entry says of its sizes is checked when it is unpacked. */
const OPENING = { decodeStrings: false, validateEntrySizes: false } as const;

/** The files in a ZIP archive, in the order of its directory. */
export async function* zipFiles(source: Source, budget: Budget): Entries {
  const zip = await fromRandomAccessReaderPromise(new SourceAccess(source), source.size, OPENING);
  let packed = 0;
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (name.endsWith("/")) continue;
    const size = wholeNumber(entry.uncompressedSize);
    const count = () => {
      packed += entry.compressedSize;
      budget.unpacked(size, packed);
      if (packed > source.size) throw new Bomb("Cannot unpack: its members overlap, as those of a bomb do");
    };
    yield { name, size, modifiedUs: modifiedUs(entry), ...opening(zip, entry, source, count) };
  }
}

function opening(zip: ZipFile, entry: Entry, source: Source, count: () => void): Pick<OpenEntry, "kind" | "read"> {
  const isLink = (entry.externalFileAttributes >>> 16) >> 12 === 0o12;
  const read = async () => {
    if (entry.isEncrypted()) throw new Error("encrypted");
    count();
    return await unpack(zip, entry, source);
  };
  return { kind: isLink ? "symbolic-link" : "file", read };
}

const STORED = 0;
const DEFLATED = 8;

async function unpack(zip: ZipFile, entry: Entry, source: Source): Promise<Uint8Array> {
  const { uncompressedSize: size, compressedSize, compressionMethod: method } = entry;
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`cannot unpack: compression method ${method}, expected 0 or 8`);
  }
  // Deflate never makes bytes more by so much: the sizes lie.
  if (compressedSize > size * 2 + 1024) throw new Error("cannot unpack: more packed than unpacked bytes");
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = source.read(fileDataStart, compressedSize);
  const bytes = method === STORED ? packed : inflate(packed, size);
  if (bytes.length !== size) {
    throw new Error(`cannot unpack: ${bytes.length < size ? "fewer" : "more"} bytes than stated`);
  }
  if (crc32(bytes) !== entry.crc32) throw new Error("cannot unpack: the checksum is wrong");
  return bytes;
}

/** At most one byte more than stated is unpacked: a lying size takes no memory. */
function inflate(packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: size + 1 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot unpack: ${code === "ERR_BUFFER_TOO_LARGE" ? "more bytes than stated" : message}`);
  }
}

const UNICODE_PATH = 0x7075;
const UTF8_FLAG = 1 << 11;
/** Systems whose separator is a backslash: MS-DOS, OS/2 HPFS, NTFS, VFAT (APPNOTE 4.4.2). */
const BACKSLASH_SYSTEMS = new Set([0, 6, 10, 14]);

/** The name as its Unicode field, its flag or its bytes say it. */
function nameOf(entry: Entry): string {
  const bytes = entry.fileName as unknown as Buffer;
  const unicode = entry.extraFields.find(({ id }) => id === UNICODE_PATH)?.data;
  const holds = unicode && unicode.length > 5 && unicode[0] === 1 && unicode.readUInt32LE(1) === crc32(bytes);
  const isUnicode = holds || entry.generalPurposeBitFlag & UTF8_FLAG;
  const name = isUnicode ? pathText(holds ? unicode.subarray(5) : bytes) : legacyName(bytes);
  return BACKSLASH_SYSTEMS.has(entry.versionMadeBy >> 8) ? name.replaceAll("\\", "/") : withSlashes(name);
}

function modifiedUs(entry: Entry): number {
  return wholeNumber(entry.getLastModDate().getTime() * 1000);
}

/** The library reads a source through this. */
class SourceAccess extends RandomAccessReader {
  readonly #source: Source;

  constructor(source: Source) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    // Not by setImmediate: under Bun 1.4.5 a loop that waits for nothing else may sleep on.
    queueMicrotask(() => callback(this.#fill(buffer, offset, length, position)));
  }

  #fill(buffer: Buffer, offset: number, length: number, position: number): Error | null {
    try {
      const bytes = this.#source.read(position, length);
      bytes.copy(buffer, offset);
      return bytes.length < length ? new Error("unexpected end of the archive") : null;
    } catch (error) {
      return error as Error;
    }
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from([this.#source.read(start, end - start)]);
  }
}
