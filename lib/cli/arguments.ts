import { readFileSync } from "node:fs";
import { pathText } from "../files/path-text.ts";

/**
 * The arguments of this process. Bun decodes them as UTF-8, which loses names in other encodings, and drops a `--` that
 * stands right behind the script. Where the system tells the line as it was given (Linux), both are put right: bytes
 * that are no UTF-8 stand as lib/files/path-text.ts writes them.
 */
export function givenArguments(argv: readonly string[] = process.argv.slice(2)): readonly string[] {
  try {
    const line = splitAtNul(readFileSync("/proc/self/cmdline")).slice(0, -1).map(pathText);
    if (line.length < argv.length) return argv;
    const given = line.slice(line.length - argv.length);
    return line.at(-argv.length - 1) === "--" ? ["--", ...given] : given;
  } catch {
    return argv;
  }
}

function splitAtNul(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0) continue;
    parts.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return parts;
}
