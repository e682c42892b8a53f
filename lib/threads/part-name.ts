import { DRUM_PIECES } from "../analysis/tables/drum-pieces.ts";
import { INSTRUMENTS } from "../analysis/tables/general-midi.ts";
import type { Part } from "../midi/cut.ts";
import { safeName } from "./safe-name.ts";

const MAX_BYTES = 96;

/**
 * Names the part files of one source: `<NN> <track or instrument name>[ ch<N>].mid`. The number comes first, so no
 * two are alike on any file system; the channel is told where a track, or the whole file, was cut by channel.
 */
export function partFileNames(parts: readonly Part[], byChannel: boolean): string[] {
  const ofTrack = new Map<number, number>();
  for (const { track } of parts) ofTrack.set(track, (ofTrack.get(track) ?? 0) + 1);
  const digits = Math.max(2, String(parts.length).length);
  return parts.map((part, at) => {
    const number = String(at + 1).padStart(digits, "0");
    const tellsChannel = part.channel !== null && (byChannel || ofTrack.get(part.track)! > 1);
    const channel = tellsChannel ? ` ch${part.channel! + 1}` : "";
    const room = MAX_BYTES - Buffer.byteLength(`${number} ${channel}.mid`);
    return `${number} ${safeName(titleOf(part), room, `Track ${part.track + 1}`)}${channel}.mid`;
  });
}

/** The decoded track name of a part, null when it has none or a blank one. */
export function trackNameOf(part: Part): string | null {
  if (!part.name) return null;
  const text = decode(part.name).replaceAll("\0", "").trim();
  return text === "" ? null : text;
}

function titleOf(part: Part): string {
  if (part.key !== null) return DRUM_PIECES[part.key]?.name ?? `Key ${part.key}`;
  const name = trackNameOf(part);
  if (name !== null) return name;
  if (part.drum) return "Drums";
  return part.program === null ? "" : INSTRUMENTS[part.program]!;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1252 = new TextDecoder("windows-1252");

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}
