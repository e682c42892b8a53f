import { u32 } from "./bytes.ts";

export const MTHD = 0x4d546864;
export const MTRK = 0x4d54726b;

/** Whether a chunk (SMF 1.0, "Chunks") can stand here: a track, or a readable id with a length inside the file. */
export function chunkAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 8 > end) return false;
  if (isTrack(bytes, at, end)) return true;
  for (let i = at; i < at + 4; i++) if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return false;
  return at + 8 + u32(bytes, at + 4) <= end;
}

/** Whether a track stands here: MTrk, or three of its letters before a length inside the file. */
export function isTrack(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 8 > end) return false;
  const id = u32(bytes, at);
  if (id === MTRK) return true;
  const wrong = id ^ MTRK;
  const letters = +!(wrong & 0xff000000) + +!(wrong & 0xff0000) + +!(wrong & 0xff00) + +!(wrong & 0xff);
  return letters === 3 && at + 8 + u32(bytes, at + 4) <= end;
}
