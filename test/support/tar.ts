/** A file in a tar archive. */
export interface TarEntry {
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
  /** Seconds since 1970. */
  readonly modified: number;
}

const BLOCK = 512;

/** A tar archive of GNU: long names in blocks of their own, large numbers of base 256. */
export function tar(entries: readonly TarEntry[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const { name, bytes, modified } of entries) {
    if (name.length > 99) {
      const title = Buffer.concat([name, Buffer.of(0)]);
      blocks.push(header(Buffer.from("././@LongLink"), title.length, 0, "L"), padded(title));
    }
    blocks.push(header(name.subarray(0, 99), bytes.length, modified, "0"), padded(bytes));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(name: Uint8Array, size: number, modified: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.set(name);
  block.write("0000644\0", 100);
  number(block, 124, size);
  number(block, 136, modified);
  block.write("        ", 148);
  block.write(type, 156);
  block.write("ustar  \0", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Eleven octal digits, or base 256 where they are too few. */
function number(block: Buffer, at: number, value: number): void {
  if (value < 8 ** 11) return void block.write(value.toString(8).padStart(11, "0"), at);
  block[at] = 0x80;
  block.writeBigUInt64BE(BigInt(value), at + 4);
}

function padded(bytes: Uint8Array): Buffer {
  const block = Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK);
  block.set(bytes);
  return block;
}
