/** A MIDI file inside an archive: its bytes, or why they could not be had. */
export interface Member {
  /** Path inside the archive, see path-text.ts; in an archive inside the archive `inner.zip!/song.mid`. */
  readonly name: string;
  /** Microseconds since 1970, 0 when the archive does not say. */
  readonly modifiedUs: number;
  /** Unpacked bytes as far as the archive states them. */
  readonly size: number;
  /** They hold until the next member is asked for. */
  readonly bytes: Uint8Array | null;
  /** One line; null with bytes. */
  readonly error: string | null;
  /** The member whose bytes these are: this one is a link to it, and has none of its own. */
  readonly sameAs: string | null;
}

/** What to unpack, and who hears of the rest. */
export interface ArchiveOptions {
  /** Larger members are not unpacked. */
  readonly maxBytes: number;
  /** Take members of any name that begin as MIDI files do. */
  readonly sniff: boolean;
  /** A member that is no MIDI file and no archive is passed over. */
  readonly passed: (name: string) => void;
  /** Something is damaged, and what stands behind it is read all the same. One line. */
  readonly damaged: (fault: string) => void;
  /** Called now and then while a long archive is read. */
  readonly beat: () => void;
}
