import { BadArchive } from "./bad-archive.ts";
import type { ByteReader } from "./byte-reader.ts";
import { BLOCK, isZero, type TarHeader, tarHeader } from "./tar-header.ts";

/** A file or link in a tar archive. Its bytes are the next ones of the reader: they are read or left before the next entry. */
export interface TarEntry {
  /** Path as its bytes. */
  readonly name: Buffer;
  readonly kind: "file" | "hard-link" | "symbolic-link";
  /** What a link leads to. */
  readonly target: Buffer;
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** Null when there is nothing to read. */
  read(): Promise<Buffer | null>;
}

/** Longer names and attributes than these are none. */
const MOST_ATTRIBUTES = 4 << 20;

/**
 * The files and links in a tar archive, read from its beginning to its end. Names have their bytes; long names of GNU
 * and of POSIX (pax) are put together. A damaged header is told to `damaged`, and what stands behind it is read.
 * Throws `BadArchive` when it ends too early.
 */
export async function* tarEntries(reader: ByteReader, damaged: (fault: string) => void): AsyncGenerator<TarEntry> {
  let long: Partial<Attributes> = {};
  let zeros = 0;
  for (;;) {
    const at = reader.at;
    const block = await reader.read(BLOCK);
    if (block.length === 0) return;
    if (isZero(block)) {
      if (++zeros === 2) return;
      continue;
    }
    zeros = 0;
    const header = tarHeader(block);
    if (!header || header.size < 0) {
      const found = await nextHeader(reader);
      damaged(`damaged tar header at byte ${at}, ${found.passed + BLOCK} bytes are passed over`);
      long = {};
      if (!found.header) return;
      yield* entriesOf(found.header);
      continue;
    }
    yield* entriesOf(header);
  }

  async function* entriesOf(header: TarHeader): AsyncGenerator<TarEntry> {
    if (header.type in LONG) {
      long = { ...long, ...LONG[header.type]!(await attributeBytes(reader, header)) };
      return;
    }
    const entry = { ...header, ...long };
    long = {};
    let left = entry.size;
    const kind = KINDS[header.type];
    if (header.extended) await skipSparseMaps(reader);
    if (kind && !entry.name.toString("latin1").endsWith("/")) {
      const { name, linkName: target, modified, size } = entry;
      const read = async () => {
        if (kind !== "file" || header.type === "S" || entry.sparse) return null;
        const bytes = await reader.read(size);
        left -= bytes.length;
        if (left > 0) throw early(name);
        return bytes;
      };
      yield { name, kind, target, modified, size, read };
    }
    // A hard link may state the size of its file; its bytes do not stand here.
    if (kind === "hard-link" || kind === "symbolic-link" || header.type === "5") return;
    const padding = (BLOCK - (entry.size % BLOCK)) % BLOCK;
    if ((await reader.skip(left + padding)) < left) throw early(entry.name);
  }
}

const early = (name: Buffer) => new BadArchive(`Cannot unpack: the archive ends inside ${name.toString()}`);

const KINDS: Readonly<Record<string, TarEntry["kind"]>> = {
  "0": "file",
  "7": "file",
  S: "file",
  "1": "hard-link",
  "2": "symbolic-link",
};

interface Attributes {
  name: Buffer;
  linkName: Buffer;
  size: number;
  modified: number;
  sparse: boolean;
}

/** Headers that say something of the next one. */
const LONG: Readonly<Record<string, (bytes: Buffer) => Partial<Attributes>>> = {
  L: (bytes) => ({ name: untilZero(bytes) }),
  K: (bytes) => ({ linkName: untilZero(bytes) }),
  x: paxAttributes,
  g: () => ({}),
};

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}

async function attributeBytes(reader: ByteReader, { size, name }: TarHeader): Promise<Buffer> {
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  if (size > MOST_ATTRIBUTES) {
    await reader.skip(padded);
    return Buffer.alloc(0);
  }
  const bytes = await reader.read(padded);
  if (bytes.length < size) throw early(name);
  return bytes.subarray(0, size);
}

/** Records "<length> <key>=<value>\n" (POSIX.1-2001, "pax Header Block"). */
function paxAttributes(bytes: Buffer): Partial<Attributes> {
  const found: Partial<Attributes> = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString("latin1", at, space));
    if (!(length > space - at) || at + length > bytes.length) break;
    const equals = bytes.indexOf(0x3d, space);
    const key = bytes.toString("latin1", space + 1, equals);
    const value = Buffer.from(bytes.subarray(equals + 1, at + length - 1));
    if (key === "path" || key === "GNU.sparse.name") found.name = value;
    if (key === "linkpath") found.linkName = value;
    if (key === "size") found.size = Number(value.toString("latin1")) || 0;
    if (key === "mtime") found.modified = Number(value.toString("latin1")) || 0;
    if (key.startsWith("GNU.sparse.")) found.sparse = true;
    at += length;
  }
  return found;
}

async function skipSparseMaps(reader: ByteReader): Promise<void> {
  for (;;) {
    const block = await reader.read(BLOCK);
    if (block.length < BLOCK || block[504] !== 1) return;
  }
}

/** Looks for the next header behind a damaged one. */
async function nextHeader(reader: ByteReader): Promise<{ header: TarHeader | null; passed: number }> {
  for (let passed = 0; ; passed += BLOCK) {
    const block = await reader.read(BLOCK);
    if (block.length < BLOCK) return { header: null, passed: passed + block.length };
    const header = tarHeader(block);
    if (header && header.size >= 0) return { header, passed };
  }
}
