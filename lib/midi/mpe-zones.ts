import type { Score } from "./score.ts";
import { trackPorts } from "./track-ports.ts";

/** Channels of all ports in one number: port × 16 + channel. */
const SLOTS = 256 * 16;
const LOWER_MANAGER = 0;
const UPPER_MANAGER = 15;

/**
 * Which channels one instrument plays on under MIDI Polyphonic Expression (MPE 1.0, "MPE Configuration Message"): for
 * each port × 16 + channel the channel that manages its zone, its own outside zones. Null where the file declares no
 * zone. A zone is declared by registered parameter 6 on channel 1 (members from channel 2 up) or channel 16 (from 15
 * down), its value the number of members. One that is declared anywhere holds for the whole file.
 */
export function mpeZones(score: Pick<Score, "controls" | "tracks" | "metas" | "bytes">): Uint8Array | null {
  const members = declaredZones(score);
  if (members.size === 0) return null;
  const managers = Uint8Array.from({ length: SLOTS }, (_, slot) => slot & 15);
  for (const [slot, count] of members) {
    const [port, manager] = [slot & ~15, slot & 15];
    for (let n = 1; n <= count; n++) {
      const member = manager === LOWER_MANAGER ? n : UPPER_MANAGER - n;
      const isOtherManager = members.has(port | member);
      // Where both zones claim a channel, the one declared first keeps it.
      if (managers[port | member] === member && !isOtherManager) managers[port | member] = manager;
    }
  }
  return managers;
}

const REGISTERED_MSB = 101;
const REGISTERED_LSB = 100;
const DATA_ENTRY = 6;
const ZONE_PARAMETER = 6;

/** Most members that each managing slot declares. */
function declaredZones(score: Pick<Score, "controls" | "tracks" | "metas" | "bytes">): Map<number, number> {
  const { count, status, data1, data2, track } = score.controls;
  const zones = new Map<number, number>();
  let ports: Uint8Array | null = null;
  const selected = new Map<number, { msb: number; lsb: number }>();
  for (let i = 0; i < count; i++) {
    const controller = data1[i]!;
    if (controller !== REGISTERED_MSB && controller !== REGISTERED_LSB && controller !== DATA_ENTRY) continue;
    const channel = status[i]! & 15;
    if ((status[i]! & 0xf0) !== 0xb0 || (channel !== LOWER_MANAGER && channel !== UPPER_MANAGER)) continue;
    ports ??= trackPorts(score);
    const slot = (ports[track[i]!]! << 4) | channel;
    let parameter = selected.get(slot);
    if (!parameter) selected.set(slot, (parameter = { msb: 127, lsb: 127 }));
    if (controller === REGISTERED_MSB) parameter.msb = data2[i]!;
    else if (controller === REGISTERED_LSB) parameter.lsb = data2[i]!;
    else if (parameter.msb === 0 && parameter.lsb === ZONE_PARAMETER && data2[i]! >= 1 && data2[i]! <= 15) {
      zones.set(slot, Math.max(data2[i]!, zones.get(slot) ?? 0));
    }
  }
  return zones;
}
