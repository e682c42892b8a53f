import { pathText } from "../path-text.ts";

/*
 * Names in archives are bytes. Those of tar are kept as they are (path-text.ts). ZIP, RAR and LHA come from systems with
 * code pages, which the archive does not name: cp437 is that of the ZIP specification (APPNOTE 6.3, appendix D), and
 * Japanese archives have Shift-JIS.
 */

/** The upper half of code page 437, from 0x80. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const shiftJis = new TextDecoder("shift_jis", { fatal: true });
const latin1 = new TextDecoder("windows-1252");

/** A name of unknown code page as text. */
export function legacyName(name: Uint8Array): string {
  if (isUtf8(name)) return pathText(name);
  const japanese = japaneseName(name);
  if (japanese !== null) return japanese;
  const high = name.filter((byte) => byte >= 0x80);
  // Letters stand below 0xa9 in cp437 and from 0xc0 on in Latin-1.
  if (high.every((byte) => byte >= 0xc0)) return safe(latin1.decode(name));
  return safe(Array.from(name, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80]!)).join(""));
}

/** Backslashes are separators where no other stand: programs of DOS and Windows wrote them. */
export function withSlashes(name: string): string {
  return name.includes("/") ? name : name.replaceAll("\\", "/");
}

/** Text without NUL, which stands as path-text.ts writes it. */
const safe = (text: string) => text.replaceAll("\0", "\uf700");

function isUtf8(name: Uint8Array): boolean {
  try {
    utf8.decode(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The name as Shift-JIS when that makes Japanese of it: its characters stand in runs. In a European name single letters
 * are outside ASCII, and read as Shift-JIS each of them swallows its neighbour.
 */
function japaneseName(name: Uint8Array): string | null {
  try {
    const text = shiftJis.decode(name);
    const runs = text.match(/[^\0-\x7f]+/g) ?? [];
    const inRuns = runs.filter((run) => run.length > 1).join("").length;
    const japanese = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー、。「」・～]/gu)?.length ?? 0;
    return inRuns * 2 > runs.join("").length && japanese * 2 > inRuns ? safe(text) : null;
  } catch {
    return null;
  }
}
