/** One 512-byte header of a tar archive (POSIX.1-1988 ustar, GNU tar, and the tar of Version 7 before them). */
export interface TarHeader {
  readonly name: Buffer;
  readonly linkName: Buffer;
  readonly type: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** Another header with the map of a sparse file stands behind this one. */
  readonly extended: boolean;
}

export const BLOCK = 512;

/** The header in a block, null when its checksum says that it is none. */
export function tarHeader(block: Buffer): TarHeader | null {
  if (block.length < BLOCK || !hasChecksum(block)) return null;
  const type = String.fromCharCode(block[156]! || 0x30);
  const name = text(block, 0, 100);
  const prefix = block.toString("latin1", 257, 263) === "ustar\0" ? text(block, 345, 155) : Buffer.alloc(0);
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from("/"), name]) : name,
    linkName: text(block, 157, 100),
    type,
    size: number(block, 124, 12),
    modified: number(block, 136, 12),
    extended: type === "S" && block[482] === 1,
  };
}

/** Whether a block is nothing but zeros: two of them end an archive. */
export const isZero = (block: Buffer) => block.every((byte) => byte === 0);

/** The sum of all bytes, those of the sum itself taken for spaces; old archives have it of signed bytes. */
function hasChecksum(block: Buffer): boolean {
  const stated = number(block, 148, 8);
  let unsigned = 8 * 0x20;
  let signed = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) {
    if (i >= 148 && i < 156) continue;
    unsigned += block[i]!;
    signed += (block[i]! << 24) >> 24;
  }
  return stated > 0 && (stated === unsigned || stated === signed);
}

function text(block: Buffer, at: number, length: number): Buffer {
  const end = block.indexOf(0, at);
  return Buffer.from(block.subarray(at, end < 0 ? at + length : Math.min(end, at + length)));
}

/** Octal digits, or a number of base 256 when the first bit is set (GNU). */
function number(block: Buffer, at: number, length: number): number {
  const first = block[at]!;
  if (first & 0x80) {
    let value = first === 0xff ? -1 : first & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + block[at + i]!;
    return value;
  }
  const digits = /^\s*([0-7]*)/.exec(block.toString("latin1", at, at + length))![1]!;
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
