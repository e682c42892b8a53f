import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { crc32, createGunzip } from "node:zlib";
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from "yauzl";
import { isMidiName, isZipName } from "./formats.ts";
import { pathOf, pathText } from "./path-text.ts";
import { unreadableFile } from "./read-file.ts";
import { wholeNumber } from "./walk.ts";

/** A MIDI file inside an archive: its bytes, or why they could not be had. */
export interface Member {
  /** Path inside the archive; in an archive inside the archive `inner.zip!/song.mid`. */
  readonly name: string;
  readonly modifiedUs: number;
  /** Unpacked bytes as far as the archive states them. */
  readonly size: number;
  readonly bytes: Uint8Array | null;
  /** One line; null with bytes. */
  readonly error: string | null;
}

export interface ArchiveLimits {
  /** Larger members are not unpacked. */
  readonly maxBytes: number;
}

/** An archive that is refused or cannot be read. The message is one line. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";
  readonly forPeople = true;
}

/** Archives inside archives are opened this deep. */
const DEPTH = 3;
/** More members or unpacked bytes than any honest collection of MIDI files has: the archive is refused. */
const MOST_MEMBERS = 200_000;
const MOST_BYTES = 4 * 2 ** 30;
/** Tar files are unpacked in memory. */
const MOST_TAR_BYTES = 512 * 2 ** 20;
/** MIDI shrinks 3 to 20 times; what shrinks more than this, and is large, is a bomb. */
const MOST_RATIO = 200;
const SMALL_BYTES = 64 * 2 ** 20;

/** Names are bytes; what an entry says of its sizes is checked when it is unpacked. */
const OPENING = { decodeStrings: false, validateEntrySizes: false } as const;

/**
 * The MIDI files in an archive, one after the other, in the order of the archive. A zip file may hold several members
 * of one name: the second is called `song (2).mid`. Throws `BadArchive`, and `UnreadableFile` when it is the system
 * that fails.
 */
export async function* archiveMembers(path: string, limits: ArchiveLimits): AsyncGenerator<Member> {
  const names = new Set<string>();
  try {
    const members = isZipName(path) ? zipMembers(await openZip(path), "", limits, DEPTH) : tarMembers(path, limits);
    for await (const member of members) {
      const name = unused(member.name, names);
      names.add(name);
      yield { ...member, name };
    }
  } catch (error) {
    if (error instanceof BadArchive) throw error;
    if (/^E[A-Z0-9]+$/.test((error as NodeJS.ErrnoException).code ?? "")) throw unreadableFile(error);
    throw new BadArchive(`Cannot unpack: ${(error as Error).message}`);
  }
}

function unused(name: string, names: ReadonlySet<string>): string {
  let other = name;
  for (let i = 2; names.has(other); i++) other = name.replace(/(?=\.[^.]*$)/, ` (${i})`);
  return other;
}

async function openZip(path: string): Promise<ZipFile> {
  const at = pathOf(path);
  // The library takes no path of bytes: such a file is opened through its descriptor's name.
  if (typeof at === "string") return await openPromise(at, OPENING);
  const file = openSync(at, "r");
  try {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const piece = Buffer.allocUnsafe(1 << 20);
      const count = readSync(file, piece);
      if (count === 0) break;
      pieces.push(piece.subarray(0, count));
    }
    return await fromBufferPromise(Buffer.concat(pieces), OPENING);
  } finally {
    closeSync(file);
  }
}

async function* zipMembers(zip: ZipFile, prefix: string, limits: ArchiveLimits, depth: number): AsyncGenerator<Member> {
  const budget = createBudget(zip.fileSize);
  for await (const entry of zip.eachEntry()) {
    const name = prefix + pathText(entry.fileName as unknown as Buffer);
    if (!isWanted(name) || name.endsWith("/")) continue;
    budget.take(entry.uncompressedSize, entry.compressedSize);
    const modifiedUs = wholeNumber(entry.getLastModDate().getTime() * 1000);
    const member = { name, modifiedUs, size: wholeNumber(entry.uncompressedSize) };
    const refused = refusal(entry, limits, depth, isZipName(name));
    if (refused) {
      yield { ...member, bytes: null, error: refused };
      continue;
    }
    try {
      const bytes = await collect(await zip.openReadStreamPromise(entry), entry.uncompressedSize);
      if (crc32(bytes) !== entry.crc32) throw new Error("the checksum is wrong");
      if (!isZipName(name)) yield { ...member, bytes, error: null };
      else yield* zipMembers(await fromBufferPromise(bytes, OPENING), `${name}!/`, limits, depth - 1);
    } catch (error) {
      if (error instanceof BadArchive) throw error;
      yield { ...member, bytes: null, error: `cannot unpack: ${(error as Error).message}` };
    }
  }
}

function refusal(entry: Entry, limits: ArchiveLimits, depth: number, archive: boolean): string | null {
  if (entry.isEncrypted()) return "encrypted";
  if (archive && depth <= 1) return `an archive inside ${DEPTH} archives`;
  const most = archive ? SMALL_BYTES : limits.maxBytes;
  return entry.uncompressedSize > most ? `${entry.uncompressedSize} bytes, more than the limit of ${most}` : null;
}

/** What an archive of so many bytes may hold. */
function createBudget(archiveBytes: number) {
  let members = 0;
  let unpacked = 0;
  let packed = 0;
  return {
    take(uncompressed: number, compressed: number) {
      members++;
      unpacked += uncompressed;
      packed += compressed;
      if (members > MOST_MEMBERS) throw new BadArchive(`Cannot unpack: more than ${MOST_MEMBERS} members`);
      if (unpacked > MOST_BYTES) throw new BadArchive(`Cannot unpack: more than ${MOST_BYTES} bytes inside`);
      if (packed > archiveBytes) throw new BadArchive("Cannot unpack: its members overlap, as those of a bomb do");
      if (unpacked > SMALL_BYTES && unpacked > packed * MOST_RATIO) {
        throw new BadArchive(`Cannot unpack: it grows more than ${MOST_RATIO}-fold, as a bomb does`);
      }
    },
  };
}

/** A stream's bytes; more than stated is an error, so a lying size takes no memory. */
async function collect(stream: Readable, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    if (at + piece.length > size) {
      stream.destroy();
      throw new Error("more bytes than stated");
    }
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at < size) throw new Error("fewer bytes than stated");
  return bytes;
}

async function* tarMembers(path: string, limits: ArchiveLimits): AsyncGenerator<Member> {
  const packed = /\.(tgz|gz)$/i.test(path);
  const files = await new Bun.Archive(packed ? await gunzip(path) : whole(path)).files();
  const budget = createBudget(Number.POSITIVE_INFINITY);
  for (const [name, file] of files) {
    if (!isWanted(name) || isZipName(name)) continue;
    budget.take(file.size, file.size);
    const member = { name, modifiedUs: wholeNumber(Math.max(0, file.lastModified) * 1000), size: file.size };
    if (file.size > limits.maxBytes) {
      const error = `${file.size} bytes, more than the limit of ${limits.maxBytes}`;
      yield { ...member, bytes: null, error };
    } else yield { ...member, bytes: await file.bytes(), error: null };
  }
}

function whole(path: string): Uint8Array {
  const at = pathOf(path);
  if (statSync(at).size > MOST_TAR_BYTES) {
    throw new BadArchive(`Cannot unpack: more than ${MOST_TAR_BYTES} bytes inside`);
  }
  return readFileSync(at);
}

async function gunzip(path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const unzip = createGunzip();
  // By descriptor: the stream takes no path of bytes.
  const stream = createReadStream("", { fd: openSync(pathOf(path), "r") })
    .on("error", (error) => unzip.destroy(error))
    .pipe(unzip);
  for await (const piece of stream as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MOST_TAR_BYTES) {
      unzip.destroy();
      throw new BadArchive(`Cannot unpack: more than ${MOST_TAR_BYTES} bytes inside`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** MIDI files and zip files; not what macOS adds, and nothing in hidden folders. */
function isWanted(name: string): boolean {
  if (!isMidiName(name) && !isZipName(name)) return false;
  const folders = name.split("/");
  const base = folders.pop()!;
  return !base.startsWith("._") && !folders.some((folder) => /^\.[^.]|^__MACOSX$/.test(folder));
}
