import { safeName } from "../files/safe-name.ts";
import type { Part } from "../midi/split/part.ts";
import { decodeTexts } from "../midi/text/decode-texts.ts";
import { DRUM_PIECES } from "../music/drum-pieces.ts";
import { INSTRUMENTS } from "../music/general-midi.ts";

const MAX_BYTES = 96;

/**
 * Names the part files of one source: `<NN> <track or instrument name>[ ch<N>].mid`. The number comes first, so no
 * two are alike on any file system; the channel is told where a track, or the whole file, was split by channel.
 */
export function partFileNames(
  parts: readonly Part[],
  trackNames: readonly (string | null)[],
  byChannel: boolean,
): string[] {
  const ofTrack = new Map<number, number>();
  for (const { track } of parts) ofTrack.set(track, (ofTrack.get(track) ?? 0) + 1);
  const digits = Math.max(2, String(parts.length).length);
  return parts.map((part, at) => {
    const number = String(at + 1).padStart(digits, "0");
    const tellsChannel = part.channel !== null && (byChannel || ofTrack.get(part.track)! > 1);
    const channel = tellsChannel ? ` ch${part.channel! + 1}` : "";
    const room = MAX_BYTES - Buffer.byteLength(`${number} ${channel}.mid`);
    return `${number} ${safeName(titleOf(part, trackNames[at]!), room, `Track ${part.track + 1}`)}${channel}.mid`;
  });
}

/** The track names of the parts of one file, null where there is none or a blank one. */
export function decodeNames(parts: readonly Part[]): (string | null)[] {
  const { texts } = decodeTexts(parts.map((part) => part.name ?? NO_NAME));
  return texts.map((text) => text.trim() || null);
}

const NO_NAME = new Uint8Array(0);

function titleOf(part: Part, trackName: string | null): string {
  if (part.key !== null) return DRUM_PIECES[part.key]?.name ?? `Key ${part.key}`;
  if (trackName !== null) return trackName;
  if (part.drum) return "Drums";
  return part.program === null ? "" : INSTRUMENTS[part.program]!;
}
