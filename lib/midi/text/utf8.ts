/** Whether bytes are UTF-8 throughout, but for a character that breaks off at the very end. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const size = utf8Size(bytes, at);
    if (size === 0) return false;
    at += size;
  }
  return true;
}

/** How many bytes above 127 belong to characters of UTF-8, and how many do not. */
export function utf8Share(bytes: Uint8Array): { fits: number; rest: number } {
  let [fits, rest] = [0, 0];
  for (let at = 0; at < bytes.length; ) {
    const size = utf8Size(bytes, at);
    if (size === 0) rest++;
    else if (size > 1) fits += size;
    else if (bytes[at]! > 0x7f) rest++; // the first byte of a character that breaks off
    at += size || 1;
  }
  return { fits, rest };
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
