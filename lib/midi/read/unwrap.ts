import { findId, u32 } from "./bytes.ts";
import { MTHD } from "./chunk.ts";
import type { RepairLog } from "./repairs.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

const RIFF = 0x52494646;
const RMID = 0x524d4944;
const MACBINARY_SIZE = 128;

/** The range of a file in which its MIDI data stands, past whatever wraps it. The whole file when nothing does. */
export function unwrap(bytes: Uint8Array, repairs: RepairLog): Range {
  const whole = { start: 0, end: bytes.length };
  if (bytes.length < 20 || u32(bytes, 0) === MTHD) return whole;
  const wrapped = riff(bytes);
  if (wrapped) {
    repairs.add("riff-wrapper");
    return wrapped;
  }
  if (bytes[0] === 0 && bytes.length > MACBINARY_SIZE + 4 && u32(bytes, MACBINARY_SIZE) === MTHD) {
    repairs.add("macbinary-header");
    return { start: MACBINARY_SIZE, end: forkEnd(bytes) };
  }
  if (u32(bytes, 0) === 0x48545450) {
    const body = findId(bytes, "MThd", 0, bytes.length);
    if (body > 0) {
      repairs.add("http-header");
      return { start: body, end: bytes.length };
    }
  }
  return whole;
}

/** RIFF RMID (Microsoft, "Multimedia Programming Interface and Data Specifications 1.0"): the SMF is its data chunk. */
function riff(bytes: Uint8Array): Range | null {
  if (u32(bytes, 0) !== RIFF || u32(bytes, 8) !== RMID) return null;
  const data = findId(bytes, "data", 12, bytes.length);
  if (data < 0 || data + 12 > bytes.length) return null;
  const start = data + 8;
  if (u32(bytes, start) !== MTHD) return null;
  const size = u32Little(bytes, data + 4);
  const end = start + size;
  return { start, end: size >= 22 && end <= bytes.length ? end : bytes.length };
}

function u32Little(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
}

/** MacBinary II: bytes 83 to 86 hold the length of the data fork; a resource fork and padding may follow it. */
function forkEnd(bytes: Uint8Array): number {
  const size = u32(bytes, 83);
  const end = MACBINARY_SIZE + size;
  return size >= 22 && end <= bytes.length ? end : bytes.length;
}
