import type { Score } from "../score.ts";
import { writeMeta } from "../write/meta-payload.ts";
import type { SmfWriter } from "../write/smf-writer.ts";
import { byTick } from "./by-tick.ts";
import type { Scope } from "./plan.ts";

const COPYRIGHT = 0x02;
export const NAME = 0x03;

/** Metas that every part carries: copyright, marker, cue point, tempo, SMPTE offset, meter, key. */
const SHARED = [COPYRIGHT, 0x06, 0x07, 0x51, 0x54, 0x58, 0x59];
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

/** Which metas conduct a scope, in playing order: all tempi, meters, keys, marks and the title. Numbers in `Score.metas`. */
export function conductorMetas(score: Score, scope: Scope, withTitle: boolean, withOwn: boolean): Uint32Array {
  const { type: types, tick } = score.metas;
  const found: number[] = [];
  for (const index of scope.conductors) {
    const { metaStart, metaEnd } = score.tracks[index]!;
    const isTitleTrack = index === scope.titleTrack;
    for (let i = metaStart; i < metaEnd; i++) {
      const type = types[i]!;
      const isTitle = isTitleTrack && type === NAME;
      const isOwn = isTitleTrack && withOwn && !isTitle && isOwnMeta(type);
      if (SHARED_METAS[type] === 1 || (isTitle && withTitle) || isOwn) found.push(i);
    }
  }
  return byTick(Uint32Array.from(found), tick);
}

/** The texts of a track without notes, in their order. Numbers in `Score.metas`. */
export function ownMetas(score: Score, track: number): Uint32Array {
  const found: number[] = [];
  const { metaStart, metaEnd } = score.tracks[track]!;
  for (let i = metaStart; i < metaEnd; i++) if (isOwnMeta(score.metas.type[i]!)) found.push(i);
  return Uint32Array.from(found);
}

/** A chunk of metas, ended at `endTick`. The view holds until `writer` begins again. */
export function metaChunk(score: Score, writer: SmfWriter, metas: Uint32Array, endTick: number): Uint8Array {
  const { tick, type, offset, length } = score.metas;
  writer.begin(score.division);
  writer.openChunk();
  for (const i of metas) writeMeta(writer, tick[i]!, type[i]!, score.bytes, offset[i]!, length[i]!);
  writer.closeChunk(endTick);
  return writer.chunks();
}
