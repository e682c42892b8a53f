/**
 * File names as text that loses nothing. On most systems a name is bytes; text columns and JSON are not. A byte that
 * is no UTF-8 stands as the private-use character U+F700 + byte, and so does NUL, which names in archives may hold and
 * the database does not; a name that holds such a character by itself has its own bytes written that way. So every
 * name has one text and every text one name.
 */
const ESCAPE = 0xf700;
const utf8 = new TextDecoder("utf-8", { fatal: true });

const NOT_AS_IS = /[\0\uf700-\uf7ff]/;

/** Text of a name as the file system gives it. */
export function pathText(name: Uint8Array): string {
  try {
    const text = utf8.decode(name);
    if (!NOT_AS_IS.test(text)) return text;
  } catch {
    // Not UTF-8 as a whole: byte by byte below.
  }
  let text = "";
  for (let at = 0; at < name.length; ) {
    const length = sequenceLength(name, at);
    const character = length > 0 ? utf8.decode(name.subarray(at, at + length)) : "";
    if (length === 0 || NOT_AS_IS.test(character)) {
      for (let i = 0; i < Math.max(1, length); i++) text += String.fromCharCode(ESCAPE + name[at + i]!);
    } else text += character;
    at += Math.max(1, length);
  }
  return text;
}

/** What `node:fs` opens for this text: the text itself, or the bytes when it holds escaped ones. */
export function pathOf(text: string): string | Buffer {
  if (!/[\uf700-\uf7ff]/.test(text)) return text;
  const pieces: Uint8Array[] = [];
  for (const piece of text.split(/([\uf700-\uf7ff])/)) {
    const code = piece.length === 1 ? piece.charCodeAt(0) - ESCAPE : -1;
    pieces.push(code >= 0 && code < 256 ? Uint8Array.of(code) : Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

/** Order of the bytes, which is that of PostgreSQL's collation "C". */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // UTF-16 puts surrogates (code points above 0xffff) before U+E000 to U+FFFF; bytes do not.
      const high = (code: number) => (code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code);
      return high(x) - high(y);
    }
  }
  return a.length - b.length;
}

/**
 * Sorts by `comparePaths`, in place. Where no character is a surrogate or above, the order of the bytes is that of the
 * code units, which the engine sorts by itself: a million names in a tenth of the time.
 */
export function sortPaths(paths: string[]): string[] {
  return paths.some((path) => /[\ud800-\uffff]/.test(path)) ? paths.sort(comparePaths) : paths.sort();
}

/** Bytes of the valid UTF-8 character at `at`, 0 if there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    utf8.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
