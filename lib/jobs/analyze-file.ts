import { createAnalyzer } from "../analysis/analyzer.ts";
import type { Features } from "../analysis/features.ts";
import { readFile, UnreadableFile } from "../files/read-file.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";

export type { Features } from "../analysis/features.ts";

/** What the analysis says about one file, or why it cannot be read (one line). */
export type FileAnalysis = (Features & { readonly path: string }) | { readonly path: string; readonly error: string };

/** A file asked for by name may be large; memory for it is about ten times its size. */
const MOST_BYTES = 256 * 1024 * 1024;

const reader = createReader();
const analyzer = createAnalyzer();

/** Reads and analyses one file. What is wrong with it becomes the `error`, also a fault of the analyser: the next file shall have its turn. */
export function analyzeFile(path: string): FileAnalysis {
  try {
    return { path, ...analyzer.analyze(reader.read(readFile(path, MOST_BYTES).bytes), { path }) };
  } catch (error) {
    if (error instanceof BadMidi || error instanceof UnreadableFile) return { path, error: error.message };
    return {
      path,
      error: `the analyser failed: ${(error as Error).stack?.split("\n").slice(0, 3).join(" ") ?? error}`,
    };
  }
}

/** The same as a line of JSON: one string passes between threads faster than the tree it stands for. */
export function analyzeFileJson(path: string): string {
  return JSON.stringify(analyzeFile(path));
}
