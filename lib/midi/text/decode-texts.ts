import { type CodePage, decodeAs } from "./code-pages.ts";
import { tellCodePage } from "./tell-code-page.ts";
import { isUtf8 } from "./utf8.ts";

type Utf16 = "utf-16le" | "utf-16be";

export interface DecodedTexts {
  readonly texts: readonly string[];
  /**
   * WHATWG Encoding name of the code page they were read in (IANA's for the pages of DOS); null when all are plain
   * ASCII, and when the page cannot be told: then U+FFFD stands for each byte above 127.
   */
  readonly codePage: CodePage | Utf16 | null;
}

/**
 * The texts of one file, decoded by one code page, since most are too short to show it alone. Never fails. NUL and
 * other control characters but tab and line breaks are left out, as PostgreSQL stores no NUL; the marks of karaoke
 * (`\`, `/`, `@L` ...) stay.
 */
export function decodeTexts(texts: readonly Uint8Array[]): DecodedTexts {
  const codePage = codePageOf(texts);
  return { texts: texts.map((bytes) => decode(bytes, codePage)), codePage };
}

/**
 * Texts with a byte order mark count only where no other has bytes above 127. A `{@JP}` or `{@LATIN}` tag decides (MMA
 * RP-026, "SMF Language and Display Extensions") unless the texts are UTF-8; else the words themselves.
 */
function codePageOf(texts: readonly Uint8Array[]): DecodedTexts["codePage"] {
  const high = texts.filter((bytes) => bytes.some((byte) => byte > 0x7f));
  if (high.length === 0) return null;
  const unmarked = high.filter((bytes) => utf16Of(bytes) === null);
  if (unmarked.length === 0) return utf16Of(high[0]!);
  const told = tellCodePage(unmarked);
  return told === "utf-8" ? told : (taggedPage(texts) ?? told);
}

/**
 * One text in a known code page. Texts of a file in UTF-8 that are none are Windows-1252, and the other way round; a
 * byte order mark is obeyed and left out.
 */
function decode(bytes: Uint8Array, codePage: DecodedTexts["codePage"]): string {
  if (bytes.every((byte) => byte < 0x80)) return clean(decodeAs(bytes, "utf-8"));
  const utf16 = utf16Of(bytes);
  if (utf16) return clean(decodeAs(bytes, utf16));
  if (codePage === null) return clean(withoutHighBytes(bytes));
  if (codePage !== "utf-8" && codePage !== "windows-1252") return clean(withoutBrokenEnd(decodeAs(bytes, codePage)));
  if (!isUtf8(bytes)) return clean(decodeAs(bytes, "windows-1252"));
  const text = decodeAs(bytes, "utf-8");
  // A last letter like the é of "Café" in Windows-1252 looks like UTF-8 that breaks off.
  const isLatin = codePage === "windows-1252" && text.endsWith("\ufffd");
  return clean(isLatin ? decodeAs(bytes, codePage) : withoutBrokenEnd(text));
}

function withoutHighBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
}

/** Without a last character that was broken off. */
function withoutBrokenEnd(text: string): string {
  return text.endsWith("\ufffd") ? text.slice(0, -1) : text;
}

/** What a byte order mark says. */
function utf16Of(bytes: Uint8Array): Utf16 | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}

/** Without control characters but tab and line breaks. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+/g, "");
}

function taggedPage(texts: readonly Uint8Array[]): CodePage | null {
  for (const bytes of texts) {
    if (bytes[0] !== 0x7b || bytes[1] !== 0x40) continue;
    const tag = String.fromCharCode(...bytes.subarray(2, 8));
    if (tag.startsWith("JP}")) return "shift_jis";
    if (tag.startsWith("LATIN}")) return "windows-1252";
  }
  return null;
}
