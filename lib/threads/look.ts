import { analyze } from "../analysis/analyze.ts";
import type { Features } from "../analysis/features.ts";
import { BadMidi } from "../midi/bad-midi.ts";
import { createReader } from "../midi/read.ts";
import { readFile, UnreadableFile } from "./read-file.ts";

export type { Features } from "../analysis/features.ts";

/** What the analysis says about one file, or why it cannot be read (one line). */
export type Look = (Features & { readonly path: string }) | { readonly path: string; readonly error: string };

/** A file asked for by name may be large; memory for it is about ten times its size. */
const MOST_BYTES = 256 * 1024 * 1024;

const reader = createReader();

/** Reads and analyses one file. What is wrong with the file becomes the `error`; a fault of the analyser is thrown. */
export function look(path: string): Look {
  try {
    return { path, ...analyze(reader.read(readFile(path, MOST_BYTES).bytes), { path }) };
  } catch (error) {
    if (error instanceof BadMidi || error instanceof UnreadableFile) return { path, error: error.message };
    throw error;
  }
}
