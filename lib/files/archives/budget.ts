import { BadArchive } from "./bad-archive.ts";

/** More members or unpacked bytes than any honest collection of MIDI files has: the archive is refused. */
const MOST_MEMBERS = 400_000;
const MOST_BYTES = 64 * 2 ** 30;
/** MIDI shrinks 3 to 20 times; what shrinks more than this, and is large, is a bomb. */
const MOST_RATIO = 200;
/** Archives inside archives are unpacked in memory, up to this; less than this is no bomb, however it grows. */
export const SMALL_BYTES = 64 * 2 ** 20;

/** An archive that would fill memory or time: it is refused as a whole, also when it stands in another. */
export class Bomb extends BadArchive {}

/**
 * What an archive may hold. Every member and every byte that is unpacked is counted, those of archives inside it with
 * them. Throws `Bomb`.
 */
export class Budget {
  readonly #outer: Budget | null;
  #packed: number;
  #members = 0;
  #unpacked = 0;

  /** `size` is that of the archive in bytes. */
  constructor(size: number, outer: Budget | null = null) {
    this.#packed = size;
    this.#outer = outer;
  }

  member(): void {
    if (++this.#members > MOST_MEMBERS) throw new Bomb(`Cannot unpack: more than ${MOST_MEMBERS} members`);
    this.#outer?.member();
  }

  /** `packed` is how many bytes of the archive have been read for all that is unpacked so far. */
  unpacked(bytes: number, packed: number): void {
    this.#packed = packed;
    this.#unpacked += bytes;
    if (this.#unpacked > MOST_BYTES) throw new Bomb(`Cannot unpack: more than ${MOST_BYTES} bytes inside`);
    if (this.#unpacked > SMALL_BYTES && this.#unpacked > packed * MOST_RATIO) {
      throw new Bomb(`Cannot unpack: it grows more than ${MOST_RATIO}-fold, as a bomb does`);
    }
    this.#outer?.unpacked(bytes, this.#outer.#packed);
  }
}
