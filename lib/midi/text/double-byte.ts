import { type DOUBLE_BYTE_PAGES, decodeAs } from "./code-pages.ts";
import { FREQUENT_HANGUL, FREQUENT_KANJI, FREQUENT_SIMPLIFIED, FREQUENT_TRADITIONAL } from "./frequent-characters.ts";

/*
 * How likely bytes are as text of a double-byte code page: natural logarithms, summed over the characters beyond
 * ASCII, by the share that their kind has in the language, divided among the characters of that kind.
 */

type DoubleBytePage = (typeof DOUBLE_BYTE_PAGES)[number];
type Weigh = (char: string) => number;

const KANA = /^[\u3041-\u3096\u30a1-\u30fa\u30fc]$/;
const HAN = /^[\u3005\u3400-\u9fff\uf900-\ufaff]$/;
const HANGUL = /^[\uac00-\ud7a3]$/;
const HALF_WIDTH = /^[\uff61-\uff9f]$/;
const SIGN = /^[\u3000-\u3003\u3008-\u3020\uff01-\uff5e…“”‘’—―·×♪♭♯※○●◎△▲▽▼□■◇◆☆★→←↑↓]$/;

/** One character of a kind: the kind's share, divided by how many characters the kind has. */
const one = (share: number, of: number) => Math.log(share / of);

const SIGNS = one(0.05, 200);
const STRANGE = Math.log(1e-7);
/** What no character of the page stands for. */
const BROKEN = Math.log(1e-6);
/** The end of a text breaks off a character here and there. */
const BROKEN_END = Math.log(1e-3);

const JAPANESE = { kana: one(0.62, 170), frequent: one(0.29, 480), han: one(0.03, 5900), half: one(0.01, 63) };
const CHINESE = { frequent: one(0.8, 480), simplified: one(0.14, 6300), traditional: one(0.14, 12_600) };
const KOREAN = {
  frequent: one(0.86, 370),
  hangul: one(0.09, 1980),
  extended: one(1e-3, 8822),
  hanja: one(0.003, 4888),
};

const WEIGHTS: Readonly<Record<DoubleBytePage["writes"], Weigh>> = {
  japanese(char) {
    if (KANA.test(char)) return JAPANESE.kana;
    if (HAN.test(char)) return FREQUENT_KANJI.has(char) ? JAPANESE.frequent : JAPANESE.han;
    if (HALF_WIDTH.test(char)) return JAPANESE.half;
    return SIGN.test(char) ? SIGNS : STRANGE;
  },
  simplified(char) {
    if (HAN.test(char)) return FREQUENT_SIMPLIFIED.has(char) ? CHINESE.frequent : CHINESE.simplified;
    return SIGN.test(char) ? SIGNS : STRANGE;
  },
  traditional(char) {
    if (HAN.test(char)) return FREQUENT_TRADITIONAL.has(char) ? CHINESE.frequent : CHINESE.traditional;
    return SIGN.test(char) ? SIGNS : STRANGE;
  },
  korean(char) {
    if (HANGUL.test(char)) return FREQUENT_HANGUL.has(char) ? KOREAN.frequent : KOREAN.hangul;
    if (HAN.test(char)) return KOREAN.hanja;
    return SIGN.test(char) ? SIGNS : STRANGE;
  },
};

/** An ASCII letter that the page takes for the second half of a character, and that other pages read as itself. */
const ASCII_TAKEN = Math.log(40);

/** How likely the texts are in this page. */
export function weighDoubleByte(page: DoubleBytePage, texts: readonly Uint8Array[]): number {
  const weigh = WEIGHTS[page.writes];
  let sum = 0;
  for (const bytes of texts) {
    const text = decodeAs(bytes, page.name);
    let taken = 0;
    for (const byte of bytes) if (byte < 0x80) taken++;
    for (const [i, char] of [...text].entries()) {
      if (char < "\u0080") taken--;
      else if (char === "\ufffd") sum += i + 1 === text.length ? BROKEN_END : BROKEN;
      else sum += weigh(char);
    }
    sum += Math.max(0, taken) * ASCII_TAKEN;
  }
  return sum;
}
