/** The code pages that texts in MIDI files are told apart by, by their WHATWG Encoding names. */
export type CodePage = "utf-8" | "windows-1252" | "shift_jis" | "gb18030" | "big5" | "euc-kr" | "windows-1251";

/**
 * How well bytes read in a code page: a weight for each byte above 127, summed. About 1 a byte is what real text in
 * that page reaches, below 0 is what it looks like by accident. The ranges are those of the character sets' own
 * rows: JIS X 0208, GB 2312 level 1 and 2, Big5 level 1 and 2, KS X 1001; frequent rows weigh more than rare ones.
 */
export const PLAUSIBILITY: Readonly<Record<CodePage, (bytes: Uint8Array) => number>> = Object.freeze({
  "utf-8": utf8,
  "windows-1252": windows1252,
  shift_jis: (bytes: Uint8Array) => doubleByte(bytes, shiftJis),
  gb18030: (bytes: Uint8Array) => doubleByte(bytes, gb18030),
  big5: (bytes: Uint8Array) => doubleByte(bytes, big5),
  "euc-kr": (bytes: Uint8Array) => doubleByte(bytes, eucKr),
  "windows-1251": windows1251,
});

const IMPOSSIBLE = -3;

/** Whether bytes are UTF-8 throughout, but for a character cut off at the very end. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const size = utf8Size(bytes, at);
    if (size === 0) return false;
    at += size;
  }
  return true;
}

/** Bytes of the character at `at`, what is left of it when the text ends inside, 0 for what is no UTF-8. */
function utf8Size(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let i = 1; i < size; i++) {
    if (at + i === bytes.length) return i;
    if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  }
  return size;
}

function utf8(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; ) {
    const size = utf8Size(bytes, at);
    if (size === 0) sum += IMPOSSIBLE;
    else if (size > 1) sum += 1.2 * size;
    at += size || 1;
  }
  return sum;
}

/** Weighs a page of one- and two-byte characters; `weigh` gets a trail of -1 for a byte that may stand alone. */
function doubleByte(bytes: Uint8Array, weigh: (lead: number, trail: number) => number): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at]!;
    if (lead < 0x80) continue;
    const alone = weigh(lead, -1);
    if (!Number.isNaN(alone)) sum += alone;
    else if (at + 1 < bytes.length) sum += 2 * weigh(lead, bytes[++at]!);
  }
  return sum;
}

function shiftJis(lead: number, trail: number): number {
  if (trail < 0) return lead >= 0xa1 && lead <= 0xdf ? -0.1 : Number.NaN; // half-width katakana
  if (trail < 0x40 || trail === 0x7f || trail > 0xfc) return IMPOSSIBLE;
  if (lead === 0x82 || lead === 0x83) return 1; // hiragana, katakana, full-width letters
  if (lead === 0x81) return 0.6; // punctuation, the long vowel
  if (lead >= 0x88 && lead <= 0x97) return 0.8; // level 1 kanji
  if ((lead >= 0x98 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xea)) return -0.3; // level 2 kanji
  return -2;
}

function gb18030(lead: number, trail: number): number {
  if (trail < 0) return lead === 0x80 || lead === 0xff ? IMPOSSIBLE : Number.NaN;
  if (trail < 0x40 || trail === 0x7f || trail > 0xfe) return IMPOSSIBLE;
  if (trail < 0xa1) return -0.6;
  if (lead >= 0xb0 && lead <= 0xd7) return 0.8; // level 1 hanzi
  if (lead >= 0xa1 && lead <= 0xa3) return 0.4; // punctuation, full-width letters
  return lead >= 0xd8 && lead <= 0xf7 ? -0.1 : -0.6; // level 2 hanzi
}

function big5(lead: number, trail: number): number {
  if (trail < 0) return lead === 0x80 || lead === 0xff ? IMPOSSIBLE : Number.NaN;
  if (trail < 0x40 || (trail > 0x7e && trail < 0xa1) || trail > 0xfe) return IMPOSSIBLE;
  if (lead >= 0xa4 && lead <= 0xc6) return 0.8; // level 1 hanzi
  if (lead >= 0xa1 && lead <= 0xa3) return 0.4; // punctuation, full-width letters
  return lead >= 0xc9 && lead <= 0xf9 ? -0.1 : -2; // level 2 hanzi
}

function eucKr(lead: number, trail: number): number {
  if (trail < 0) return lead === 0x80 || lead === 0xff ? IMPOSSIBLE : Number.NaN;
  if (trail < 0x41 || trail > 0xfe) return IMPOSSIBLE;
  if (trail < 0xa1) return lead <= 0xc6 ? -0.3 : -2; // Unified Hangul
  if (lead >= 0xb0 && lead <= 0xc8) return 1; // hangul
  if (lead >= 0xa1 && lead <= 0xa3) return 0.4; // punctuation, full-width letters
  return lead >= 0xca && lead <= 0xfd ? -0.1 : -2; // hanja
}

/** Accented letters stand alone among plain ones; signs such as the copyright sign stand apart. */
function windows1252(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    const [before, after] = [bytes[at - 1] ?? 0x20, bytes[at + 1] ?? 0x20];
    if (byte === 0x81 || byte === 0x8d || byte === 0x8f || byte === 0x90 || byte === 0x9d) sum += IMPOSSIBLE;
    else if (byte < 0xc0 || byte === 0xd7 || byte === 0xf7) sum += COMMON_SIGNS.has(byte) ? 0.7 : -0.3;
    else if (before >= 0xc0 || after >= 0xc0) sum -= 0.4;
    else if (isAsciiLetter(before) || isAsciiLetter(after)) sum += byte < 0xe0 && isLower(before) ? 0 : 0.9;
    else sum += 0.4;
  }
  return sum;
}

/** Single quotes, double quotes, dashes, dots, trade mark, no-break space, (c), (r), degree, acute, middle dot, ... */
const COMMON_SIGNS = new Set([
  0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0x99, 0xa0, 0xa1, 0xa9, 0xaa, 0xab, 0xae, 0xb0, 0xb4, 0xb7, 0xba, 0xbb,
  0xbf,
]);

/** Cyrillic letters stand in runs, one capital first or nothing else; no word begins with a sign or with yery. */
function windows1251(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    const [before, after] = [bytes[at - 1] ?? 0x20, bytes[at + 1] ?? 0x20];
    if (!isCyrillic(byte)) sum += byte === 0x98 ? IMPOSSIBLE : COMMON_SIGNS.has(byte) || byte === 0xb9 ? 0.2 : -1;
    else if (isCyrillic(before)) sum += breaksCase(byte, before, bytes[at - 2] ?? 0x20) ? -1 : 0.9;
    else if (isCyrillic(after)) sum += NO_INITIALS.has(byte | 0x20) ? -1 : 0.9;
    else sum += isAsciiLetter(before) || isAsciiLetter(after) ? -1 : 0.3;
  }
  return sum;
}

/** Hard sign, yery, soft sign, small. */
const NO_INITIALS = new Set([0xfa, 0xfb, 0xfc]);

/** A capital after a small letter, or a small letter after two capitals. */
function breaksCase(byte: number, before: number, first: number): boolean {
  if (isCyrillicCapital(byte)) return !isCyrillicCapital(before);
  return isCyrillicCapital(before) && isCyrillicCapital(first);
}

function isCyrillic(byte: number): boolean {
  return byte >= 0xc0 || byte === 0xa8 || byte === 0xb8;
}

function isCyrillicCapital(byte: number): boolean {
  return (byte >= 0xc0 && byte < 0xe0) || byte === 0xa8;
}

function isAsciiLetter(byte: number): boolean {
  return isLower(byte | 0x20) && byte >= 0x41;
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}
