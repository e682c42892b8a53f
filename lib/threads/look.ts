import { readFileSync } from "node:fs";
import { analyze } from "../analysis/analyze.ts";
import type { Features } from "../analysis/features.ts";
import { createReader } from "../midi/read.ts";

export type { Features } from "../analysis/features.ts";

/** What the analysis says about one file, or why it cannot be read. */
export type Look = (Features & { readonly path: string }) | { readonly path: string; readonly error: string };

const reader = createReader();

/** Reads and analyses one file. Whatever is wrong with it becomes the `error` text. */
export function look(path: string): Look {
  try {
    return { path, ...analyze(reader.read(readFileSync(path)), { path }) };
  } catch (error) {
    return { path, error: error instanceof Error ? error.message : String(error) };
  }
}
