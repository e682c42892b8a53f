import { ALPHABETS, type Alphabet } from "./alphabets.ts";
import { decodeAs, type Script, type SingleBytePage } from "./code-pages.ts";

/*
 * How likely bytes are as text of a single-byte code page: natural logarithms, summed over the bytes above 127. A byte
 * counts by how often its character stands among those beyond ASCII in a language, times what speaks for it where it
 * stands: capitals begin words or fill them, letters of other scripts do not mix with ASCII letters, signs stand apart.
 */

/** Share of letters among the characters beyond ASCII, by script; the others are signs. */
const LETTERS: Readonly<Record<Script, number>> = {
  latin: 0.75,
  cyrillic: 0.96,
  greek: 0.96,
  hebrew: 0.96,
  arabic: 0.96,
  thai: 0.97,
};
/** Texts whose only characters beyond ASCII are signs: a right quotation mark, a copyright. */
const SIGNS_ALONE: Alphabet = { of: "English", script: "latin", letters: "" };

/** Signs that titles and lyrics hold, each with its thousandths. */
const SIGNS =
  "’330 ‘60 “80 ”80 „30 …60 –80 —30 «30 »30 ©80 ®20 ™20 °40 ´50 `5 ¿25 ¡25 \u00a025 ·10 •10 ª6 º8 №4 ½2 ¼1 ²1 £2 €2 §2 ×1 ،8 ؟6 ؛2";
const signShare = new Map(pairs(SIGNS));
const RARE_SIGN = 1e-4;
const FOREIGN_LETTER = 3e-5;
const BOX = 1e-6;
const IMPOSSIBLE = 1e-7;

/** "é700 è77" as [character, share of all]. */
function pairs(list: string): [string, number][] {
  const found = list.split(/ (?=\D)/).map((entry): [string, number] => [entry[0]!, Number(entry.slice(1))]);
  const sum = found.reduce((all, [, count]) => all + count, 0);
  return found.map(([char, count]) => [char, count / sum]);
}

/** What a byte above 127 is in a page. */
const UNUSED = 0;
const SIGN = 1;
const SMALL = 2;
const CAPITAL = 3;
/** A Thai vowel or tone mark that stands on the letter before it. */
const MARK = 4;
/** An apostrophe, an accent or a dot, which may stand inside a word. */
const INNER_SIGN = 5;
/** What an ASCII byte is. */
const SPACE = 6;
const ASCII_SMALL = 7;
const ASCII_CAPITAL = 8;

/** A page made ready for weighing. */
interface Weighing {
  readonly page: SingleBytePage;
  readonly isLatin: boolean;
  /** What each of the 256 bytes is. */
  readonly kind: Uint8Array;
  /** For each language, its rarity and the logarithm of each byte above 127. */
  readonly languages: readonly { readonly rarity: number; readonly logs: Float64Array }[];
}

const ready = new Map<SingleBytePage, Weighing>();

/** How likely the texts are in this page, in the language that suits it best; `histogram` counts their bytes. */
export function weighSingleByte(page: SingleBytePage, texts: readonly Uint8Array[], histogram: Uint32Array): number {
  let weighing = ready.get(page);
  if (!weighing) ready.set(page, (weighing = prepare(page)));
  let best = Number.NEGATIVE_INFINITY;
  for (const { rarity, logs } of weighing.languages) {
    let sum = rarity;
    for (let byte = 0x80; byte < 256; byte++) if (histogram[byte]! > 0) sum += histogram[byte]! * logs[byte]!;
    if (sum > best) best = sum;
  }
  let context = 0;
  for (const text of texts) context += weighContext(text, weighing);
  return best + context;
}

function prepare(page: SingleBytePage): Weighing {
  const isLatin = page.scripts.includes("latin");
  const chars = [
    ...decodeAs(
      Uint8Array.from({ length: 128 }, (_, i) => i + 128),
      page.name,
    ),
  ];
  const kind = new Uint8Array(256);
  for (let byte = 0; byte < 128; byte++) kind[byte] = asciiKind(byte);
  for (let i = 0; i < 128; i++) kind[i + 128] = highKind(chars[i]!);
  const alphabets = ALPHABETS.filter(({ script }) => page.scripts.includes(script));
  const languages = (isLatin ? [...alphabets, SIGNS_ALONE] : alphabets).map((alphabet) => ({
    rarity: alphabet.rarity ?? 0,
    logs: logsOf(alphabet, chars),
  }));
  return { page, isLatin, kind, languages };
}

function asciiKind(byte: number): number {
  if (byte >= 0x61 && byte <= 0x7a) return ASCII_SMALL;
  return byte >= 0x41 && byte <= 0x5a ? ASCII_CAPITAL : SPACE;
}

function highKind(char: string): number {
  if (char === "\ufffd" || char < "\u00a0") return UNUSED;
  if (/^[\u0e31\u0e33-\u0e3a\u0e45-\u0e4e]$/.test(char)) return MARK;
  if (/^[\p{L}\p{M}ªº]$/u.test(char) && !/[ªº]/.test(char)) return char === char.toLowerCase() ? SMALL : CAPITAL;
  return /^[’´`·‘\u0640]$/.test(char) ? INNER_SIGN : SIGN;
}

function logsOf(alphabet: Alphabet, chars: readonly string[]): Float64Array {
  const letters = new Map(alphabet.letters === "" ? [] : pairs(alphabet.letters));
  const share = letters.size > 0 ? LETTERS[alphabet.script] : 0.02;
  const logs = new Float64Array(256);
  for (const [i, char] of chars.entries()) {
    const kind = highKind(char);
    const small = char.toLowerCase();
    let value = RARE_SIGN;
    if (kind === UNUSED) value = IMPOSSIBLE;
    else if (/^[\u2300-\u25ff]$/.test(char)) value = BOX;
    else if (letters.has(char) || letters.has(small)) value = share * (letters.get(char) ?? letters.get(small)!);
    else if (signShare.has(char)) value = (1 - share) * signShare.get(char)!;
    else if (kind === SMALL || kind === CAPITAL || kind === MARK) value = FOREIGN_LETTER;
    logs[i + 128] = Math.log(value);
  }
  return logs;
}

const LN = (share: number) => Math.log(share);
const CAPITAL_IN_CAPITALS = LN(0.3);
const CAPITAL_ALONE = LN(0.12);
const CAPITAL_AFTER_SMALL = LN(0.002);
const SMALL_AFTER_CAPITALS = LN(0.03);
const LETTER_ALONE = LN(0.2);
const LETTERS_IN_ROW = LN(0.3);
const BESIDE_ASCII = LN(0.02);
const SIGN_IN_WORD = LN(0.01);
const MARK_ON_NOTHING = LN(0.005);

/** What speaks against the bytes above 127 of a text where they stand, as a logarithm. */
function weighContext(text: Uint8Array, { kind, isLatin }: Weighing): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i]! < 0x80) continue;
    const own = kind[text[i]!]!;
    if (own === UNUSED) continue;
    const before = i > 0 ? kind[text[i - 1]!]! : SPACE;
    const after = i + 1 < text.length ? kind[text[i + 1]!]! : SPACE;
    if (own === SIGN) {
      if (isLetter(before) && isLetter(after)) sum += SIGN_IN_WORD;
      continue;
    }
    if (own === INNER_SIGN) continue;
    if (own === MARK) {
      if (!isLetter(before)) sum += MARK_ON_NOTHING;
      continue;
    }
    const earlier = i > 1 ? kind[text[i - 2]!]! : SPACE;
    if (own === CAPITAL) {
      if (isSmall(before)) sum += CAPITAL_AFTER_SMALL;
      else sum += isCapital(before) || isCapital(after) ? CAPITAL_IN_CAPITALS : CAPITAL_ALONE;
    } else if (isCapital(before) && isCapital(earlier)) sum += SMALL_AFTER_CAPITALS;
    if (isLatin) {
      if (!isLetter(before) && !isLetter(after)) sum += LETTER_ALONE;
      if (isHighLetter(before) && isHighLetter(earlier)) sum += LETTERS_IN_ROW;
    } else if (before >= ASCII_SMALL || after >= ASCII_SMALL) sum += BESIDE_ASCII;
    else if (!isLetter(before) && !isLetter(after)) sum += LETTER_ALONE;
  }
  return sum;
}

function isLetter(kind: number): boolean {
  return isHighLetter(kind) || kind >= ASCII_SMALL;
}

function isHighLetter(kind: number): boolean {
  return kind === SMALL || kind === CAPITAL || kind === MARK;
}

function isSmall(kind: number): boolean {
  return kind === SMALL || kind === ASCII_SMALL;
}

function isCapital(kind: number): boolean {
  return kind === CAPITAL || kind === ASCII_CAPITAL;
}
