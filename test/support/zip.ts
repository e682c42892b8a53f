import { crc32, deflateRawSync } from "node:zlib";

/** A file in a zip archive, as honest or dishonest as the test wants it. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly bytes: Uint8Array;
  readonly encrypted?: boolean;
  /** Unpacked size that the archive states; the true one unless given. */
  readonly statedSize?: number;
  /** Checksum that the archive states; the true one unless given. */
  readonly statedCrc?: number;
}

/** A zip archive after PKWARE's APPNOTE 6.3: local headers with deflated data, central directory, end record. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, encrypted = false, statedSize = bytes.length, statedCrc } of entries) {
    const title = Buffer.from(name as string);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 1 : 0, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0x5821, 8);
    common.writeUInt32LE(statedCrc ?? crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(statedSize, 18);
    common.writeUInt16LE(title.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    bodies.push(Buffer.from("PK\x03\x04", "latin1"), common, title, packed);
    directory.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), common, tail, title);
    offset += 30 + title.length + packed.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, index, Buffer.from("PK\x05\x06", "latin1"), end]);
}
