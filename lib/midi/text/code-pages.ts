/** The code pages that texts in MIDI files are told apart by: WHATWG Encoding names, and IANA's for three that it lacks. */
export type CodePage = "utf-8" | DoubleBytePage["name"] | SingleBytePage["name"];

interface DoubleBytePage {
  readonly name: "shift_jis" | "gb18030" | "big5" | "euc-kr" | "euc-jp";
  readonly writes: "japanese" | "simplified" | "traditional" | "korean";
  /** Natural logarithm of how likely a file is written in it before it was read. */
  readonly prior: number;
}

export const DOUBLE_BYTE_PAGES: readonly DoubleBytePage[] = Object.freeze([
  { name: "shift_jis", writes: "japanese", prior: -1 },
  { name: "gb18030", writes: "simplified", prior: -1.5 },
  { name: "big5", writes: "traditional", prior: -2 },
  { name: "euc-kr", writes: "korean", prior: -2 },
  { name: "euc-jp", writes: "japanese", prior: -3 },
] as const);

export type Script = "latin" | "cyrillic" | "greek" | "hebrew" | "arabic" | "thai";

export interface SingleBytePage {
  readonly name:
    | "windows-1252"
    | "windows-1251"
    | "windows-1250"
    | "windows-1253"
    | "windows-1254"
    | "windows-1255"
    | "windows-1256"
    | "windows-1257"
    | "windows-874"
    | "iso-8859-2"
    | "iso-8859-5"
    | "iso-8859-7"
    | "koi8-r"
    | "koi8-u"
    | "ibm866"
    | "ibm850"
    | "ibm437"
    | "ibm852"
    | "macintosh"
    | "x-mac-cyrillic";
  readonly scripts: readonly Script[];
  /** Natural logarithm of how likely a file is written in it before it was read. */
  readonly prior: number;
}

/** Of two pages that read a text alike, the one that stands first is named. */
export const SINGLE_BYTE_PAGES: readonly SingleBytePage[] = Object.freeze([
  { name: "windows-1252", scripts: ["latin"], prior: 0 },
  { name: "windows-1251", scripts: ["cyrillic"], prior: -1.5 },
  { name: "windows-1250", scripts: ["latin"], prior: -2.3 },
  { name: "windows-1253", scripts: ["greek"], prior: -2.5 },
  { name: "windows-1254", scripts: ["latin"], prior: -2.2 },
  { name: "windows-1255", scripts: ["hebrew"], prior: -2.5 },
  { name: "windows-1256", scripts: ["arabic"], prior: -3 },
  { name: "windows-1257", scripts: ["latin"], prior: -3.5 },
  { name: "windows-874", scripts: ["thai"], prior: -2.5 },
  { name: "iso-8859-2", scripts: ["latin"], prior: -4 },
  { name: "iso-8859-5", scripts: ["cyrillic"], prior: -5 },
  { name: "iso-8859-7", scripts: ["greek"], prior: -3.5 },
  { name: "koi8-r", scripts: ["cyrillic"], prior: -3 },
  { name: "koi8-u", scripts: ["cyrillic"], prior: -4 },
  { name: "ibm866", scripts: ["cyrillic"], prior: -3 },
  { name: "ibm850", scripts: ["latin"], prior: -2.5 },
  { name: "ibm437", scripts: ["latin"], prior: -3.5 },
  { name: "ibm852", scripts: ["latin"], prior: -4 },
  { name: "macintosh", scripts: ["latin"], prior: -3.5 },
  { name: "x-mac-cyrillic", scripts: ["cyrillic"], prior: -4.5 },
] as const);

/** Bytes 128 to 255 of the DOS code pages (IBM) that the WHATWG standard leaves out. */
const DOS_PAGES: Readonly<Partial<Record<CodePage, string>>> = Object.freeze({
  ibm437:
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
  ibm850:
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
  ibm852:
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0",
});

const decoders = new Map<string, TextDecoder>();

/** Text from bytes; what the page has no character for is U+FFFD. A byte order mark of the page is left out. */
export function decodeAs(bytes: Uint8Array, page: CodePage | "utf-16le" | "utf-16be"): string {
  const high = DOS_PAGES[page as CodePage];
  if (high !== undefined) return fromTable(bytes, high);
  let decoder = decoders.get(page);
  if (!decoder) decoders.set(page, (decoder = new TextDecoder(page as Bun.Encoding)));
  return decoder.decode(bytes);
}

function fromTable(bytes: Uint8Array, high: string): string {
  let text = "";
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : high[byte - 0x80]!;
  return text;
}
