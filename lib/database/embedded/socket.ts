import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseError } from "../error.ts";

/** sun_path without its closing zero: 108 bytes on Linux, 104 on the BSDs and macOS. */
const LONGEST = process.platform === "linux" ? 107 : 103;

/** A path to connect to; `close` when no more connections will be made through it. */
export type SocketPath = { readonly path: string; close(): void };

/**
 * The path of a Unix socket for connecting, however deep its directory lies: past the kernel's limit Linux reaches it
 * through an open descriptor of the directory.
 * @throws DatabaseError `unreachable` elsewhere when the path is too long
 */
export function socketPath(dir: string, name: string): SocketPath {
  const path = join(dir, name);
  if (Buffer.byteLength(path) <= LONGEST) return { path, close: () => undefined };
  if (process.platform !== "linux") {
    const text = `Cannot reach ${path}: ${Buffer.byteLength(path)} bytes are too long for a socket, expected at most ${LONGEST}; choose a shorter data directory`;
    throw new DatabaseError("unreachable", text);
  }
  const fd = openSync(dir, "r");
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return { path: `/proc/self/fd/${fd}/${name}`, close };
}
