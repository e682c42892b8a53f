import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { LIBRARY_COLUMNS, type LibraryRow } from "../columns/library.ts";
import { CannotWrite } from "../files/cannot-write.ts";
import { withoutMidiEnding } from "../files/formats.ts";
import { pathOf } from "../files/path-text.ts";
import { publish } from "../files/publish.ts";
import { safeName } from "../files/safe-name.ts";
import type { FoundPiece } from "./search.ts";

/** Words that may stand in braces in a pattern, besides the columns of what is found. */
const WORDS: Readonly<Record<string, (piece: FoundPiece) => string>> = {
  name: (piece) => withoutMidiEnding(basename(piece.member ?? piece.path)),
  bpm: (piece) => (piece.tempo === null ? "" : `${Math.round(piece.tempo)}`),
};

/** Longest name of a folder or file, in bytes, so that a number still finds room. */
const MOST_BYTES = 120;

/** A pattern for names such as `{key}/{bpm} {title}`: answers with a path below a folder, without an ending. */
export function namePattern(pattern: string): (piece: FoundPiece) => string {
  const unknown = [...pattern.matchAll(/\{(\w*)\}/g)].find(
    ([, word]) => !(word! in WORDS) && !(word! in LIBRARY_COLUMNS),
  );
  if (unknown) {
    const words = [...Object.keys(WORDS), ...Object.keys(LIBRARY_COLUMNS)].join(", ");
    throw new PatternError(`the pattern holds ${unknown[0]}, expected one of ${words}`);
  }
  return (piece) =>
    pattern
      .split("/")
      .map((part) => part.replaceAll(/\{(\w+)\}/g, (_, word: string) => wordOf(piece, word)))
      .map((part) => safeName(part.trim(), MOST_BYTES, "unknown"))
      .join("/");
}

/** A pattern that names something there is not. */
class PatternError extends Error {
  override readonly name = "PatternError";
  readonly forPeople = true;
}

function wordOf(piece: FoundPiece, word: string): string {
  const value = WORDS[word]?.(piece) ?? piece[word as keyof LibraryRow];
  // A value is one name: what parts folders in it does not.
  return `${Array.isArray(value) ? value.join(", ") : (value ?? "")}`.replaceAll("/", "-");
}

/** What became of a piece that was to be taken along. */
export type Taken = "written" | "there" | { readonly error: string };

/**
 * Copies a piece's file to `path` (without its ending) below `folder`, or links to it. Nothing there is overwritten:
 * another file of the name gets a number behind it, and what is there already is not written again.
 * @throws CannotWrite when the folder cannot be written
 */
export function takeAlong(piece: FoundPiece, folder: string, path: string, how: "copy" | "link"): Taken {
  let bytes: Buffer;
  try {
    bytes = readFileSync(pathOf(piece.file));
  } catch (error) {
    return { error: `${piece.file}: ${(error as NodeJS.ErrnoException).code ?? "cannot be read"}` };
  }
  try {
    mkdirSync(dirname(`${folder}/${path}`), { recursive: true });
    for (let number = 1; ; number++) {
      const target = `${folder}/${path}${number === 1 ? "" : ` (${number})`}.mid`;
      const there = stateOf(target, piece.file, bytes);
      if (there === "same") return "there";
      if (there === "other") continue;
      if (how === "link") symlinkSync(pathOf(piece.file), target);
      else if (!publish(target, bytes, { replaces: false })) continue;
      return "written";
    }
  } catch (error) {
    throw new CannotWrite(folder, error);
  }
}

function stateOf(target: string, file: string, bytes: Buffer): "none" | "same" | "other" {
  const stat = lstatSync(target, { throwIfNoEntry: false });
  if (!stat) return "none";
  if (stat.isSymbolicLink()) return readlinkSync(target) === file ? "same" : "other";
  return stat.isFile() && stat.size === bytes.length && readFileSync(target).equals(bytes) ? "same" : "other";
}
