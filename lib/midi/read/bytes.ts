/** Big-endian 32-bit number at `at`, which must leave 4 bytes. */
export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Where a four-letter chunk id stands next in `bytes[from, end)`, -1 if nowhere. */
export function findId(bytes: Uint8Array, id: "MThd" | "MTrk" | "data", from: number, end: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).indexOf(id, from, "latin1");
}
