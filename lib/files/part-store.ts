import type { PartFile } from "./part-file.ts";

/** What was cut: the file's name without its extension, its SHA-256 in hex, and how it was cut, "" for the default way. */
export interface PartsSource {
  readonly name: string;
  readonly sha256: string;
  readonly variant: string;
}

/** Where parts are kept. Another kind of store is another implementation of this. */
export interface PartStore {
  /**
   * Stores the parts of one source, all of them or none, and answers with where each stands, "/" between folders. The
   * place depends on nothing but the source and the parts: storing them again changes nothing. Throws `CannotWrite`.
   */
  store(source: PartsSource, files: readonly PartFile[]): Promise<string[]>;
  /** Removes parts by where they stand, and what is left of their source's folder when it is empty. */
  remove(paths: readonly string[]): Promise<void>;
  /** Removes what dead processes left half made. `beat` is called now and then: there may be many. */
  tidy(beat: () => void): Promise<void>;
}
