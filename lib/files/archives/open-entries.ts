/** A file or link in an archive of whatever kind, before its bytes are read. */
export interface OpenEntry {
  /** Path inside the archive, see path-text.ts. */
  readonly name: string;
  readonly kind: "file" | "hard-link" | "symbolic-link";
  /** What a link of tar leads to; the target of others is what they hold. */
  readonly target?: string;
  /** Unpacked bytes as the archive states them; not to be trusted. */
  readonly size: number;
  readonly modifiedUs: number;
  /** Its bytes, before the next entry is asked for; `maxBytes` bounds those whose size is not stated. Throws with the reason in one line. */
  read(maxBytes: number): Promise<Uint8Array>;
}

export type Entries = AsyncGenerator<OpenEntry>;
