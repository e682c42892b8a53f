/** Bytes from annotated hex: pairs of hex digits, `"text"` for ASCII, `# ...` to the end of the line for remarks. */
export function hex(annotated: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const line of annotated.split("\n")) {
    for (const [token] of line.matchAll(/"[^"]*"|#.*|\S+/g)) {
      if (token.startsWith("#")) break;
      if (token.startsWith('"')) bytes.push(...new TextEncoder().encode(token.slice(1, -1)));
      else if (/^([0-9A-Fa-f]{2})+$/.test(token)) bytes.push(...Uint8Array.fromHex(token));
      else throw new Error(`Cannot read annotated hex: ${token}, expected pairs of hex digits`);
    }
  }
  return Uint8Array.from(bytes);
}

/** A track chunk with its right length around annotated events. */
export function mtrk(annotated: string): Uint8Array<ArrayBuffer> {
  const body = hex(annotated);
  return concat(hex(`"MTrk" ${body.length.toString(16).padStart(8, "0")}`), body);
}

/** A header chunk (by default format 1, 96 ticks a quarter) before track chunks; `tracks` is what it claims. */
export function smf(chunks: readonly Uint8Array[], { format = 1, tracks = chunks.length, division = "0060" } = {}) {
  const word = (n: number) => n.toString(16).padStart(4, "0");
  return concat(hex(`"MThd" 00000006 ${word(format)} ${word(tracks)} ${division}`), ...chunks);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
