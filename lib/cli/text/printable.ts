/**
 * What could act on a terminal or hide what stands beside it: control characters, line and paragraph separators, marks
 * and overrides of the writing direction (Unicode UAX #9), byte order marks, interlinear and tag characters, half
 * surrogate pairs; and the private-use characters that stand for bytes that are no text (see lib/files/path-text.ts).
 * Joiners (U+200C, U+200D) stay: Persian, Indian scripts and emoji need them.
 */
const ACTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\uf700-\uf7ff\p{Surrogate}\u{e0000}-\u{e007f}]/gu;

/** Text that leaves a terminal as it is, with escapes for all that could act on it. The one way for text of others. */
export function printable(text: string): string {
  return text.replaceAll(ACTIVE, (character) => {
    const code = character.codePointAt(0)!;
    if (code >= 0xf700 && code <= 0xf7ff) return `\\x${hex(code & 0xff, 2)}`;
    if (code < 0x100) return `\\x${hex(code, 2)}`;
    return code > 0xffff ? `\\u{${hex(code, 5)}}` : `\\u${hex(code, 4)}`;
  });
}

/** The same for text of several lines, such as an error with its stack: line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.split("\t").map(printable).join("\t"))
    .join("\n");
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
