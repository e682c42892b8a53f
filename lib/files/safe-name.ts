/**
 * A name for a file or folder that every file system takes: composed Unicode, no control, format or separator
 * characters, none that Windows forbids, no leading or trailing dots and spaces, no device name, at most `maxBytes`
 * bytes of UTF-8. `fallback` stands in where nothing is left.
 */
export function safeName(text: string, maxBytes: number, fallback: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\uf700-\uf7ff]/g, (escaped) => String.fromCharCode(escaped.charCodeAt(0) - 0xf700))
    .normalize("NFC")
    .replace(/\p{Cf}/gu, "")
    .replace(/[<>:"/\\|?*\ufffd\p{Cc}\p{Co}]/gu, " ")
    .replace(/\s+/gu, " ");
  const cut = trim(shorten(trim(plain), maxBytes - 1)) || fallback;
  return DEVICES.test(cut) ? `${cut}_` : cut;
}

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)( *\.|$)/i;

function trim(text: string): string {
  return text.replace(/^[\s.]+|[\s.]+$/gu, "");
}

/** The longest start of whole characters within `maxBytes` bytes. */
function shorten(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let kept = "";
  let bytes = 0;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, maxBytes))) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    kept += segment;
  }
  return kept;
}
