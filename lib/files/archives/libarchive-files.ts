import { readFileSync } from "node:fs";
import wasmPath from "libarchive.js/dist/libarchive.wasm" with { type: "file" };
import type { Libarchive } from "libarchive.js/src/webworker/wasm-gen/libarchive.js";
import { BadArchive } from "./bad-archive.ts";
import type { Budget } from "./budget.ts";
import { legacyName, withSlashes } from "./member-name.ts";
import type { Entries } from "./open-entries.ts";
import { type Source, wholeSource } from "./source.ts";

const FILE = 0o100000;
const LINK = 0o120000;

/**
 * The files in an archive of a kind that libarchive reads: RAR, 7-Zip, LHA. An instance of it serves one archive: its
 * memory is given back with it, and an archive that confuses it confuses no other. It tells no times; members have
 * that of the archive.
 */
export async function* libarchiveFiles(source: Source, budget: Budget): Entries {
  const bytes = wholeSource(source);
  const { default: libarchive } = await import("libarchive.js/src/webworker/wasm-gen/libarchive.js");
  const quiet = { print() {}, printErr() {} };
  const lib = await libarchive({ wasmBinary: (wasm ??= readFileSync(wasmPath)), ...quiet });
  const errorOf = lib.cwrap("archive_error_string", "string", ["number"]);
  const open = lib.cwrap("archive_open", "number", ["number", "number", "string", "string"]);
  const at = lib._malloc(bytes.length);
  if (at === 0) throw new BadArchive("Cannot unpack: no memory for it");
  lib.HEAPU8.set(bytes, at);
  const archive = open(at, bytes.length, null, "en_US.UTF-8");
  for (;;) {
    const entry = lib._get_next_entry(archive);
    if (entry === 0) break;
    const type = lib._archive_entry_filetype(entry);
    if (type !== FILE && type !== LINK) continue;
    const size = Number(lib._archive_entry_size(entry));
    const isEncrypted = lib._archive_entry_is_encrypted(entry) > 0;
    const read = async () => {
      if (type === LINK) throw new Error("a link, expected a file");
      if (isEncrypted) throw new Error("encrypted");
      budget.unpacked(size, bytes.length);
      return fileData(lib, archive, size, errorOf);
    };
    const name = withSlashes(legacyName(textAt(lib, lib._archive_entry_pathname(entry))));
    yield { name, kind: type === LINK ? "symbolic-link" : "file", size, modifiedUs: source.modifiedUs, read };
  }
  const fault = errorOf(archive);
  if (fault) throw new BadArchive(`Cannot unpack: ${fault}`);
}

let wasm: Uint8Array | undefined;

function fileData(lib: Libarchive, archive: number, size: number, errorOf: (archive: number) => string): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const at = lib._get_filedata(archive, size);
  if (at <= 0) throw new Error(`cannot unpack: ${errorOf(archive) || "its bytes are damaged"}`);
  const bytes = lib.HEAPU8.slice(at, at + size);
  lib._free(at);
  return bytes;
}

/** The bytes of a C string. */
function textAt(lib: Libarchive, at: number): Uint8Array {
  return lib.HEAPU8.slice(at, lib.HEAPU8.indexOf(0, at));
}
