import { mpeZones } from "../mpe-zones.ts";
import type { Score } from "../score.ts";

/** Channels of all ports in one number: port × 16 + channel, both from 0. A MIDI port is one byte. */
export const SLOTS = 256 * 16;

/** The notes of one slot in one track. */
export interface TrackSlot {
  readonly track: number;
  readonly slot: number;
  readonly noteCount: number;
  readonly firstTick: number;
  /** Keys that are struck, ascending. */
  readonly keys: readonly number[];
  /** How often each of `keys` is struck. */
  readonly strikes: readonly number[];
}

/** What a first pass over the events finds: where the notes are, and on which port and channel each event acts. */
export interface Survey {
  /** By track, then slot. */
  readonly trackSlots: readonly TrackSlot[];
  /** Slot of each channel message, by its index in `score.events`; that of the managing channel in an MPE zone. */
  readonly slot: Uint16Array;
  /** Whether any track states a port. */
  readonly statesPorts: boolean;
  /** Index of each track's first track name that is not blank, -1 without one. */
  readonly name: Int32Array;
  /** Bytes of all system exclusive messages together. */
  readonly sysexBytes: number;
}

/** The counters of one surveyor, all 0 between surveys, and the slot column that it lends out. */
export class SurveyScratch {
  readonly noteOns = new Uint32Array(SLOTS);
  readonly firstTick = new Uint32Array(SLOTS);
  /** Note-ons of each slot and key: slot × 128 + key. */
  readonly struck = new Uint32Array(SLOTS * 128);
  slot = new Uint16Array(1 << 16);
}

/**
 * Surveys a score read with its events. The `slot` column belongs to `scratch` and holds until its next survey.
 *
 * A port meta (0x21) holds from where it stands, but one that comes before its track's first note holds for the whole
 * track: many writers put a channel's set-up before the port it goes to.
 */
export function survey(score: Score, scratch: SurveyScratch): Survey {
  const events = score.events!;
  const { tick, status, data1, data2, blob } = events;
  const { metas, sysex, bytes } = score;
  if (scratch.slot.length < events.count) scratch.slot = new Uint16Array(events.count * 2);
  const { slot, noteOns, firstTick, struck } = scratch;
  const trackSlots: TrackSlot[] = [];
  const name = new Int32Array(score.tracks.length).fill(-1);
  let sysexBytes = 0;
  let statesPorts = false;
  const zones = mpeZones(score);
  for (const track of score.tracks) {
    const sounding: number[] = [];
    let port = 0;
    let stated = false;
    for (let i = track.eventStart; i < track.eventEnd; i++) {
      const byte = status[i]!;
      if (byte < 0xf0) {
        const target = zones === null ? port | (byte & 15) : port | zones[port | (byte & 15)]!;
        slot[i] = target;
        if (byte >= 0x90 && byte < 0xa0 && data2[i]! > 0) {
          if (noteOns[target]!++ === 0) {
            sounding.push(target);
            firstTick[target] = tick[i]!;
          }
          struck[(target << 7) | data1[i]!]!++;
        }
      } else if (byte !== 0xff) sysexBytes += sysex.length[blob[i]!]!;
      else if (data1[i] === 0x21 && metas.length[blob[i]!]! > 0) {
        port = bytes[metas.offset[blob[i]!]!]! << 4;
        if (!stated && sounding.length === 0) {
          for (let k = track.eventStart; k < i; k++) {
            slot[k] = port | (zones === null ? status[k]! & 15 : zones[port | (status[k]! & 15)]!);
          }
        }
        stated = statesPorts = true;
      } else if (data1[i] === 0x03 && name[track.index]! < 0 && !isBlank(score, blob[i]!)) {
        name[track.index] = i;
      }
    }
    sounding.sort((a, b) => a - b);
    for (const target of sounding) trackSlots.push(takeTrackSlot(scratch, track.index, target));
  }
  return { trackSlots, slot, statesPorts, name, sysexBytes };
}

/** What was counted of a slot so far; its counters start again. */
function takeTrackSlot({ noteOns, firstTick, struck }: SurveyScratch, track: number, slot: number): TrackSlot {
  const keys: number[] = [];
  const strikes: number[] = [];
  for (let key = 0, at = slot << 7; key < 128; key++, at++) {
    if (struck[at] === 0) continue;
    keys.push(key);
    strikes.push(struck[at]!);
    struck[at] = 0;
  }
  const noteCount = noteOns[slot]!;
  noteOns[slot] = 0;
  return { track, slot, noteCount, firstTick: firstTick[slot]!, keys, strikes };
}

function isBlank({ bytes, metas }: Score, meta: number): boolean {
  const offset = metas.offset[meta]!;
  for (let i = 0; i < metas.length[meta]!; i++) if (bytes[offset + i]! > 0x20) return false;
  return true;
}
