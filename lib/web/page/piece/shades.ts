import type { Study } from "../base/study.ts";
import { colour, voiceColour } from "../shell/theme.ts";
import { LEVELS, type Shades } from "./notes-layer.ts";

/** An ink as pixels hold it, of "#rrggbb". */
function ink(hex: string, alpha: number): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return ((alpha << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/** Voices in their colours; louder is stronger, what is not heard is pale. */
export function voiceShades({ voices, notes }: Study, heard: (voice: number) => boolean): Shades {
  const inks = new Uint32Array(voices.length * LEVELS);
  for (const [v, { drum }] of voices.entries()) {
    const hex = voiceColour(v, drum);
    for (let level = 0; level < LEVELS; level++) inks[v * LEVELS + level] = ink(hex, heard(v) ? 136 + level * 17 : 34);
  }
  return { kind: notes.voice, inks };
}

/** What both have is grey, what only this one has stands out. */
export function differenceShades(inBoth: Uint8Array, name: string): Shades {
  const inks = new Uint32Array(2 * LEVELS);
  inks.fill(ink(colour(name), 255), 0, LEVELS);
  inks.fill(ink(colour("--faint"), 110), LEVELS);
  return { kind: inBoth, inks };
}
