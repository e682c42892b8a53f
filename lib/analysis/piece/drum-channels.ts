import type { Score } from "../../midi/score.ts";
import { soundsLikeDrums } from "./drum-clip.ts";

/**
 * Which (port, channel) plays a drum kit, for the whole file: index port * 16 + channel, 1 for drums.
 *
 * Channel 10 of every port (General MIDI 1, "Percussion"), unless a GS "Use for rhythm part" (SC-88 Pro manual, address
 * 40 1x 15), an XG "Part mode" (XG specification 1.26, address 08 nn 07) or a GM2 melody bank (MSB 121) says otherwise;
 * other channels where one of the first two says so, or whose first note stands in an XG drum bank (MSB 126, 127: not in a
 * GS file, where 127 is the MT-32 map) or the GM2 drum bank (MSB 120). System exclusive speaks to port 0 only when its
 * track names no other. No channel of an MPE zone is a kit.
 */
export function drumChannels(score: Score, ports: Uint8Array, zones: Uint8Array | null): Uint8Array {
  const drum = new Uint8Array(128 * 16);
  for (let i = GM_DRUM_CHANNEL; i < drum.length; i += 16) drum[i] = 1;
  const gs = applySysex(score, ports, drum);
  applyBanks(score, ports, drum, gs);
  if (zones) for (let slot = 0; slot < drum.length; slot++) if (zones[slot] !== (slot & 15)) drum[slot] = 0;
  if (soundsLikeDrums(score)) drum[ports[score.notes.track[0]!]! * 16 + score.notes.channel[0]!] = 1;
  return drum;
}

const GM_DRUM_CHANNEL = 9;

/** Reads part modes into `drum`; true when the file resets a GS device. */
function applySysex(score: Score, ports: Uint8Array, drum: Uint8Array): boolean {
  const { count, offset, length, track } = score.sysex;
  let gs = false;
  for (let i = 0; i < count; i++) {
    if (length[i]! < 8) continue;
    const b = score.bytes.subarray(offset[i]!, offset[i]! + length[i]!);
    const base = ports[track[i]!]! * 16;
    if (b[0] === 0x41 && b[2] === 0x42 && b[3] === 0x12 && b[4] === 0x40) {
      if (b[5] === 0 && b[6] === 0x7f) gs = true;
      else if (b[5]! >> 4 === 1 && b[6] === 0x15) drum[base + gsChannel(b[5]! & 15)] = b[7] === 0 ? 0 : 1;
    } else if (b[0] === 0x43 && b[1]! >> 4 === 1 && b[2] === 0x4c && b[3] === 0x08 && b[4]! < 16 && b[5] === 0x07)
      drum[base + b[4]!] = b[6] === 0 ? 0 : 1;
  }
  return gs;
}

/** GS numbers its part blocks 10, 1 to 9, 11 to 16; a part listens to the channel of its number. */
function gsChannel(block: number): number {
  return block === 0 ? GM_DRUM_CHANNEL : block < 10 ? block - 1 : block;
}

const GM2_DRUMS = 120;
const GM2_MELODY = 121;
const XG_SFX = 126;
const XG_DRUMS = 127;

function applyBanks(score: Score, ports: Uint8Array, drum: Uint8Array, gs: boolean): void {
  if (!anyKitBank(score)) return;
  for (const [key, bank] of banksAtFirstNote(score, ports)) {
    if (bank === GM2_DRUMS || (!gs && (bank === XG_SFX || bank === XG_DRUMS))) drum[key] = 1;
    else if (bank === GM2_MELODY) drum[key] = 0;
  }
}

function anyKitBank({ controls }: Score): boolean {
  const { count, status, data1, data2 } = controls;
  for (let i = 0; i < count; i++)
    if (data1[i] === 0 && data2[i]! >= GM2_DRUMS && (status[i]! & 0xf0) === 0xb0) return true;
  return false;
}

/** The bank MSB each channel with notes has when its first note starts. */
function banksAtFirstNote(score: Score, ports: Uint8Array): Map<number, number> {
  const first = new Map<number, number>();
  const { notes, controls } = score;
  for (let i = 0; i < notes.count; i++) {
    const key = ports[notes.track[i]!]! * 16 + notes.channel[i]!;
    const tick = notes.startTick[i]!;
    if (tick < (first.get(key) ?? Number.POSITIVE_INFINITY)) first.set(key, tick);
  }
  const bank = new Map<number, number>();
  const setAt = new Map<number, number>();
  for (let i = 0; i < controls.count; i++) {
    if (controls.data1[i] !== 0 || (controls.status[i]! & 0xf0) !== 0xb0) continue;
    const key = ports[controls.track[i]!]! * 16 + (controls.status[i]! & 15);
    const tick = controls.tick[i]!;
    if (tick > (first.get(key) ?? -1) || tick < (setAt.get(key) ?? 0)) continue;
    setAt.set(key, tick);
    bank.set(key, controls.data2[i]!);
  }
  return bank;
}
