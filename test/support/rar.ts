import { crc32 } from "node:zlib";

/** A file in a RAR archive. */
export interface RarEntry {
  readonly name: string | Uint8Array;
  readonly bytes: Uint8Array;
}

/** A RAR 4 archive (RAR technote of version 3.00): marker, archive header, files that are stored as they are, end. */
export function rar(entries: readonly RarEntry[]): Uint8Array {
  const blocks: Uint8Array[] = [Buffer.from("Rar!\x1a\x07\0", "latin1"), block(0x73, 0, Buffer.alloc(6))];
  for (const { name, bytes } of entries) {
    const title = Buffer.from(name as string);
    const head = Buffer.alloc(25);
    head.writeUInt32LE(bytes.length, 0);
    head.writeUInt32LE(bytes.length, 4);
    head.writeUInt8(3, 8); // packed on Unix
    head.writeUInt32LE(crc32(bytes), 9);
    head.writeUInt32LE(0x58210000, 13);
    head.writeUInt8(20, 17);
    head.writeUInt8(0x30, 18); // stored
    head.writeUInt16LE(title.length, 19);
    head.writeUInt32LE(0o100644, 21);
    blocks.push(block(0x74, 0x8000, Buffer.concat([head, title])), bytes);
  }
  return Buffer.concat([...blocks, block(0x7b, 0x4000, Buffer.alloc(0))]);
}

function block(type: number, flags: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(type, 0);
  head.writeUInt16LE(flags, 1);
  head.writeUInt16LE(7 + body.length, 3);
  const rest = Buffer.concat([head, body]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(rest) & 0xffff);
  return Buffer.concat([sum, rest]);
}
