import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { looksLikeMidi, MIDI_HEAD_BYTES } from "./formats.ts";
import { pathOf } from "./path-text.ts";

/** Whether a file begins as MIDI files do; not when it cannot be read. Never blocks on a pipe. */
export function beginsAsMidi(path: string): boolean {
  const head = new Uint8Array(MIDI_HEAD_BYTES);
  try {
    const file = openSync(pathOf(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return fstatSync(file).isFile() && looksLikeMidi(head.subarray(0, readSync(file, head)));
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
