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
const NOWHERE = 0x7fffffff;

const TRACK_ID = Buffer.from("MTrk", "latin1");
const END_OF_TRACK = Buffer.of(0xff, 0x2f, 0x00);
