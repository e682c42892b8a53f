import type { Score } from "./score.ts";

const PORT_META = 0x21;

/** MIDI port of each track, 0 to 127: its first port meta (a widespread extension, type 0x21), else 0. */
export function trackPorts({ tracks, metas, bytes }: Pick<Score, "tracks" | "metas" | "bytes">): Uint8Array {
  const ports = new Uint8Array(tracks.length);
  const seen = new Uint8Array(tracks.length);
  const { count, type, track, offset, length } = metas;
  for (let i = 0; i < count; i++) {
    if (type[i] !== PORT_META || length[i] === 0 || seen[track[i]!]) continue;
    seen[track[i]!] = 1;
    ports[track[i]!] = bytes[offset[i]!]! & 0x7f;
  }
  return ports;
}
