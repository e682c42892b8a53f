import type { Score } from "../score.ts";
import type { SmfWriter } from "../write.ts";
import { byTick } from "./by-tick.ts";
import { metaPayload } from "./payload.ts";
import type { Scope } from "./plan.ts";

const COPYRIGHT = 0x02;
export const NAME = 0x03;

const TEMPO = 0x51;

/** Metas that every part carries: copyright, marker, cue point, tempo, SMPTE offset, meter, key. */
const SHARED = [COPYRIGHT, 0x06, 0x07, TEMPO, 0x54, 0x58, 0x59];
/** Metas that go nowhere by themselves: ports are written where needed, each chunk gets its own End of Track. */
const UNCOPIED = [0x21, 0x2f];

const SHARED_METAS = table(SHARED);
const OWN_METAS = table([...SHARED, ...UNCOPIED]);

function table(types: readonly number[]): Uint8Array {
  const flags = new Uint8Array(256);
  for (const type of types) flags[type] = 1;
  return flags;
}

/** Whether a meta belongs to the part of its track: text, lyric, names, prefixes, sequencer-specific, unknown ones. */
export function isOwnMeta(type: number): boolean {
  return OWN_METAS[type] === 0;
}

/** The events that conduct a scope, in playing order: all tempi, meters, keys, marks and the title. */
export function conductorEvents(score: Score, scope: Scope, withTitle: boolean, withOwn: boolean): Uint32Array {
  const { status, data1, tick } = score.events!;
  const found: number[] = [];
  for (const index of scope.conductors) {
    const track = score.tracks[index]!;
    const isTitleTrack = index === scope.titleTrack;
    for (let i = track.eventStart; i < track.eventEnd; i++) {
      if (status[i] !== 0xff) continue;
      const type = data1[i]!;
      const isTitle = isTitleTrack && type === NAME;
      const isOwn = isTitleTrack && withOwn && !isTitle && isOwnMeta(type);
      if (SHARED_METAS[type] === 1 || (isTitle && withTitle) || isOwn) found.push(i);
    }
  }
  return byTick(Uint32Array.from(found), tick);
}

/** A chunk of metas, ended at `endTick`. The view holds until `writer` begins again. */
export function metaChunk(score: Score, writer: SmfWriter, metas: Uint32Array, endTick: number): Uint8Array {
  const { tick, data1, offset, length } = score.events!;
  writer.begin(score.division);
  writer.openChunk();
  for (const i of metas) {
    if (data1[i] === TEMPO && length[i] === 3) writer.tempo(tick[i]!, score.bytes, offset[i]!);
    else {
      const payload = metaPayload(data1[i]!, score.bytes.subarray(offset[i]!, offset[i]! + length[i]!));
      if (payload) writer.meta(tick[i]!, data1[i]!, payload);
    }
  }
  writer.closeChunk(endTick);
  return writer.chunks();
}

/** The texts of a track without notes, in their order; nothing when all it has is shared or a blank. */
export function ownMetas(score: Score, track: number): Uint32Array {
  const { status, data1 } = score.events!;
  const found: number[] = [];
  const { eventStart, eventEnd } = score.tracks[track]!;
  for (let i = eventStart; i < eventEnd; i++) if (status[i] === 0xff && isOwnMeta(data1[i]!)) found.push(i);
  return Uint32Array.from(found);
}
