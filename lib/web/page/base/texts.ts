/** How values are written for people. */

/** 3:07, or 1:02:03 from an hour on. */
export function clock(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  const all = Math.round(seconds);
  const two = (part: number) => `${part}`.padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, two(all % 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

export const whole = (value: number): string => value.toLocaleString("en");

export function bytes(value: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const count = (n: number, noun: string): string => `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;

/** 120, 92.5. */
export const decimal = (value: number | null): string => (value === null ? "" : value.toFixed(1).replace(/\.0$/, ""));

/**
 * Text of a file, safe to show: control characters and those that turn the direction of writing or are not seen are
 * marked, bytes that are no UTF-8 (U+F700 + byte) as `\xNN`.
 */
export function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\uf700-\uf7ff]/gu, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 0xf700 && code <= 0xf7ff) return `\\x${(code - 0xf700).toString(16).padStart(2, "0")}`;
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

const SHARP = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/** Scientific pitch notation, middle C (60) being C4. */
export const pitchName = (pitch: number): string => `${SHARP[pitch % 12]}${Math.floor(pitch / 12) - 1}`;

const MAJOR = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const MINOR = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];

/** "Am", "F#", of a key's code: twice its pitch class from C, plus 1 for minor. */
export const keyName = (code: number): string => (code & 1 ? `${MINOR[code >> 1]}m` : MAJOR[code >> 1]!);

/** "8A": the place of a key in the Camelot wheel. */
export function camelot(code: number): string {
  const minor = code & 1;
  const pitch = (code >> 1) + (minor ? 3 : 0);
  return `${(((((pitch - 11) * 7) % 12) + 12) % 12) + 1}${minor ? "A" : "B"}`;
}

/** The code of "C# minor" in any spelling; null for none. */
export function keyCodeOf(key: string | null): number | null {
  const [, letter, signs, mode] = /^([A-G])([#b]{0,2}) (major|minor)$/.exec(key ?? "") ?? [];
  if (letter === undefined) return null;
  const shift = [...signs!].reduce((sum, sign) => sum + (sign === "#" ? 1 : -1), "C.D.EF.G.A.B".indexOf(letter));
  return ((shift + 12) % 12) * 2 + (mode === "minor" ? 1 : 0);
}

/** The short name of a key as the library writes it: "C# minor" is C#m. */
export const shortKey = (key: string): string => key.replace(" minor", "m").replace(" major", "");

/** A colour of the wheel for a key: neighbours in fifths are neighbours in hue. */
export const hueOf = (code: number): number => ((Number.parseInt(camelot(code), 10) - 1) * 30 + 265) % 360;
