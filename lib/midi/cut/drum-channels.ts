import type { Score } from "../score.ts";

/**
 * Which of the 16 channels play drums: channel 10, and what a drum-part switch in a system exclusive message says
 * (Roland GS "use for rhythm part" 40 1x 15, Yamaha XG "part mode" 08 nn 07; the last switch wins).
 * Bit n stands for channel n + 1.
 */
export function drumChannels(score: Score): number {
  let drums = 1 << 9;
  const { sysex, bytes } = score;
  for (let i = 0; i < sysex.count; i++) {
    if (sysex.type[i] !== 0xf0) continue;
    const at = sysex.offset[i]!;
    const found = gsSwitch(bytes, at, sysex.length[i]!) ?? xgSwitch(bytes, at, sysex.length[i]!);
    if (found) drums = found.drum ? drums | (1 << found.channel) : drums & ~(1 << found.channel);
  }
  return drums;
}

interface DrumSwitch {
  readonly channel: number;
  readonly drum: boolean;
}

/** 41 dev 42 12 40 1x 15 mm: block x is part 10 for 0, parts 1 to 9 for 1 to 9, parts 11 to 16 for A to F. */
function gsSwitch(bytes: Uint8Array, at: number, length: number): DrumSwitch | null {
  if (length < 8 || bytes[at] !== 0x41 || bytes[at + 2] !== 0x42 || bytes[at + 3] !== 0x12) return null;
  if (bytes[at + 4] !== 0x40 || (bytes[at + 5]! & 0xf0) !== 0x10 || bytes[at + 6] !== 0x15) return null;
  const block = bytes[at + 5]! & 15;
  return { channel: block === 0 ? 9 : block < 10 ? block - 1 : block, drum: bytes[at + 7]! > 0 };
}

/** 43 1d 4C 08 nn 07 mm: part nn, mode 0 normal, others drums. */
function xgSwitch(bytes: Uint8Array, at: number, length: number): DrumSwitch | null {
  if (length < 7 || bytes[at] !== 0x43 || (bytes[at + 1]! & 0xf0) !== 0x10 || bytes[at + 2] !== 0x4c) return null;
  if (bytes[at + 3] !== 0x08 || bytes[at + 4]! > 15 || bytes[at + 5] !== 0x07) return null;
  return { channel: bytes[at + 4]!, drum: bytes[at + 6]! > 0 };
}
