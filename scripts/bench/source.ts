import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../../lib/cli/script.ts";
import { generateSong } from "./generate.ts";

/** The flag of every bench that measures files. */
export const sourceFlag = {
  source: { type: "string", valueHint: "DIR", description: "Measure the MIDI files in it; by default generated songs" },
} as const;

export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The MIDI files in a folder and below it, in the order of their names; `count` generated songs without a folder. */
export function sourceFiles(folder: string | undefined, count: number): SourceFile[] {
  if (folder === undefined) return Array.from({ length: count }, (_, i) => song(i));
  return midiPaths(folder).map((path) => ({ path, bytes: Uint8Array.from(readFileSync(path)) }));
}

export function midiPaths(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--source is "${folder}", expected a folder`);
  }
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const paths = names
    .filter((name) => /\.(midi?|kar|rmi)$/i.test(name))
    .sort()
    .map((name) => resolve(folder, name));
  if (paths.length === 0) throw new UsageError(`${folder} holds no MIDI file, expected some`);
  return paths.filter((path) => statSync(path).isFile());
}

function song(index: number): SourceFile {
  return { path: join("generated", `song ${index}.mid`), bytes: Uint8Array.from(generateSong(1e7 + index)) };
}

/** Whole numbers of a list such as "1000,10000". */
export function wholeNumbers(flag: string, text: string): number[] {
  return text.split(",").map((each) => {
    if (!/^[1-9]\d*$/.test(each.trim())) {
      throw new UsageError(`--${flag} is "${text}", expected whole numbers such as 1000,10000`);
    }
    return Number(each);
  });
}
