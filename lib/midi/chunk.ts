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

/**
 * Where tracks begin and end in a file. Asked with growing positions it passes over the bytes once, however often it
 * is asked and however far away the answer stands.
 */
export class TrackFinder {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #start: Memo = { from: 0, at: -1 };
  readonly #endOfTrack: Memo = { from: 0, at: -1 };

  constructor(bytes: Uint8Array, end: number) {
    this.#bytes = bytes;
    this.#end = end;
  }

  /** The next MTrk with room for its length, `NOWHERE` if there is none. */
  next(from: number): number {
    return this.#find(this.#start, TRACK_ID, from, 4);
  }

  /** The next three bytes that may be an End of Track, `NOWHERE` if there are none. */
  endOfTrack(from: number): number {
    return this.#find(this.#endOfTrack, END_OF_TRACK, from, 0);
  }

  #find(memo: Memo, what: Buffer, from: number, room: number): number {
    if (from >= memo.from && from <= memo.at) return memo.at;
    const end = this.#end - room;
    const at = end <= from ? -1 : Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, end).indexOf(what, from);
    memo.from = from;
    memo.at = at < 0 ? NOWHERE : at;
    return memo.at;
  }
}

/** An answer, and the smallest position for which it holds. */
interface Memo {
  from: number;
  at: number;
}

/** Behind every file: a position that no typed array reaches. */
export const NOWHERE = 0x7fffffff;

const TRACK_ID = Buffer.from("MTrk", "latin1");
const END_OF_TRACK = Buffer.of(0xff, 0x2f, 0x00);
