import { type CodePage, isUtf8, PLAUSIBILITY } from "./code-pages.ts";

type Utf16 = "utf-16le" | "utf-16be";

export interface DecodedTexts {
  readonly texts: readonly string[];
  /** WHATWG Encoding name of the code page they were read in; null when all are plain ASCII. */
  readonly codePage: CodePage | Utf16 | null;
}

/** Bytes above 127 that are weighed at most: a whole song of karaoke needs no more to show its language. */
const MOST_WEIGHED = 4096;
/** What a page other than UTF-8 and Windows-1252 must reach per byte above 127 to be believed. */
const LEAST_EVIDENCE = 0.3;

/**
 * The texts of one file, decoded by one code page, since most are too short to show it alone. Never fails. NUL and
 * other control characters but tab and line breaks are left out, as PostgreSQL stores no NUL; the marks of karaoke
 * (`\`, `/`, `@L` ...) stay.
 */
export function decodeTexts(texts: readonly Uint8Array[]): DecodedTexts {
  const codePage = codePageOf(texts);
  return { texts: texts.map((bytes) => decodeAs(bytes, codePage)), codePage };
}

/**
 * The code page in which the texts read best; null when all are plain ASCII. Texts with a byte order mark count only
 * where no other has bytes above 127. A `{@JP}` or `{@LATIN}` tag decides
 * (MMA RP-026, "SMF Language and Display Extensions"), else what every byte above 127 says under each page.
 */
function codePageOf(texts: readonly Uint8Array[]): DecodedTexts["codePage"] {
  const sums = new Map<CodePage, number>();
  let high = 0;
  let marked: Utf16 | null = null;
  for (const bytes of texts) {
    const count = highBytes(bytes);
    if (count === 0 || high > MOST_WEIGHED) continue;
    const utf16 = utf16Of(bytes);
    if (utf16) {
      marked ??= utf16;
      continue;
    }
    high += count;
    const sample = bytes.length > MOST_WEIGHED ? bytes.subarray(0, MOST_WEIGHED) : bytes;
    for (const page of PAGES) sums.set(page, (sums.get(page) ?? 0) + PLAUSIBILITY[page](sample));
  }
  if (high === 0) return marked;
  const tagged = taggedPage(texts);
  if (tagged && sums.get("utf-8")! <= 0) return tagged;
  let best: CodePage = "windows-1252";
  for (const page of PAGES) {
    const least = page === "utf-8" ? 0 : LEAST_EVIDENCE * high;
    if (sums.get(page)! > Math.max(sums.get(best)!, least)) best = page;
  }
  return best;
}

const PAGES = Object.keys(PLAUSIBILITY) as CodePage[];

/**
 * One text in a known code page. Texts of a file in UTF-8 that are none are Windows-1252, and the other way round; a
 * byte order mark is obeyed and left out.
 */
function decodeAs(bytes: Uint8Array, codePage: DecodedTexts["codePage"]): string {
  if (codePage === null || highBytes(bytes) === 0) return clean(decoder("utf-8").decode(bytes));
  const utf16 = utf16Of(bytes);
  if (utf16) return clean(decoder(utf16).decode(bytes));
  if (codePage !== "utf-8" && codePage !== "windows-1252") return clean(decoder(codePage).decode(bytes));
  if (!isUtf8(bytes)) return clean(decoder("windows-1252").decode(bytes));
  const text = decoder("utf-8").decode(bytes);
  // A last letter like the é of "Café" in Windows-1252 looks like UTF-8 that was cut off.
  return clean(codePage === "windows-1252" && text.endsWith("\ufffd") ? decoder(codePage).decode(bytes) : text);
}

/** What a byte order mark says. */
function utf16Of(bytes: Uint8Array): Utf16 | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}

const decoders = new Map<string, TextDecoder>();

function decoder(label: CodePage | Utf16): TextDecoder {
  let known = decoders.get(label);
  if (!known) decoders.set(label, (known = new TextDecoder(label)));
  return known;
}

/** Without control characters but tab and line breaks, and without a last character that was cut off. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+|\ufffd$/g, "");
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

function highBytes(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) count++;
  return count;
}
