/** The part of libarchive.js that is libarchive itself, compiled by Emscripten; its own interface needs a browser's worker. */
declare module "libarchive.js/src/webworker/wasm-gen/libarchive.js" {
  export interface Libarchive {
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(at: number): void;
    /** An entry, 0 at the end or at a fault. */
    _get_next_entry(archive: number): number;
    /** Where `bytes` bytes of the entry stand, to be freed; 0 or less at a fault. */
    _get_filedata(archive: number, bytes: number): number;
    _archive_read_data_skip(archive: number): number;
    _archive_entry_pathname(entry: number): number;
    _archive_entry_size(entry: number): number | bigint;
    _archive_entry_filetype(entry: number): number;
    _archive_entry_is_encrypted(entry: number): number;
    _archive_close(archive: number): void;
    cwrap(name: "archive_open", returns: "number", takes: readonly string[]): ArchiveOpen;
    cwrap(name: "archive_error_string", returns: "string", takes: readonly string[]): (archive: number) => string;
  }

  type ArchiveOpen = (bytes: number, length: number, passphrase: string | null, locale: string) => number;

  export default function libarchive(options: {
    readonly wasmBinary: Uint8Array;
    readonly print?: (line: string) => void;
    readonly printErr?: (line: string) => void;
  }): Promise<Libarchive>;
}

declare module "libarchive.js/dist/libarchive.wasm" {
  /** Where the file stands. */
  const path: string;
  export default path;
}

declare module "seek-bzip" {
  const bunzip: {
    /** Tells where each block stands, in bits, and how many bytes it holds. */
    table(bytes: Uint8Array, block: (position: number, size: number) => void, multistream: boolean): void;
    decodeBlock(bytes: Uint8Array, position: number): Uint8Array;
  };
  export default bunzip;
}
