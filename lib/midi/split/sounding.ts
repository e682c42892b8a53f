import type { Score } from "../score.ts";
import { byTick } from "./by-tick.ts";
import type { Scope } from "./plan.ts";
import { SLOTS, type Survey } from "./survey.ts";

export const SILENT = -1;
const SEVERAL = -2;

/** Where the slots of a scope sound. */
export interface Sounding {
  /** First lane in which each slot sounds, SILENT without one. */
  readonly first: Int32Array;
  /** The one lane in which each slot sounds, SILENT without one, or a lower number where several do. */
  readonly only: Int32Array;
  /** Lane that reads each track, SILENT for tracks that ride along. */
  readonly laneOf: Int32Array;
}

/** The columns that `findSounding` lends out, and the slots in which they are not SILENT. */
export class SoundingScratch {
  readonly first = new Int32Array(SLOTS).fill(SILENT);
  readonly only = new Int32Array(SLOTS).fill(SILENT);
  readonly set: number[] = [];
}

/** The columns belong to `scratch` and hold until it is used again. */
export function findSounding(score: Score, scope: Scope, scratch: SoundingScratch): Sounding {
  const { first, only, set } = scratch;
  for (const slot of set) first[slot] = only[slot] = SILENT;
  set.length = 0;
  const laneOf = new Int32Array(score.tracks.length).fill(SILENT);
  scope.lanes.forEach((lane, number) => {
    for (const track of lane.tracks) laneOf[track] = number;
    for (const { slot } of lane.trackSlots) {
      if (first[slot] === SILENT) {
        first[slot] = only[slot] = number;
        set.push(slot);
      } else if (only[slot] !== number) only[slot] = SEVERAL;
    }
  });
  return { first, only, laneOf };
}

/**
 * Events that concern lanes other than that of their own track, in playing order: system exclusive, the state of
 * channels that sound elsewhere or nowhere, and whatever stands in tracks without notes.
 */
export function guestEvents(score: Score, scope: Scope, survey: Survey, sounding: Sounding): Uint32Array {
  const { status, tick } = score.events!;
  const found: number[] = [];
  for (const index of scope.tracks) {
    const own = sounding.laneOf[index]!;
    if (own !== SILENT && scope.lanes.length === 1) continue;
    const { eventStart, eventEnd } = score.tracks[index]!;
    for (let i = eventStart; i < eventEnd; i++) {
      const byte = status[i]!;
      if (byte === 0xff || (byte < 0xb0 && own !== SILENT)) continue;
      if (byte < 0xf0 && own !== SILENT) {
        const target = sounding.only[survey.slot[i]!]!;
        if (target === own || (target === SILENT && own === 0)) continue;
      }
      found.push(i);
    }
  }
  return byTick(Uint32Array.from(found), tick);
}
