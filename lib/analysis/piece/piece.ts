import { mpeZones } from "../../midi/mpe-zones.ts";
import type { Score } from "../../midi/score.ts";
import { type TimeMap, timeMap } from "../../midi/time.ts";
import { trackPorts } from "../../midi/track-ports.ts";
import { drumChannels } from "./drum-channels.ts";
import { orderByTickAndPitch } from "./radix-sort.ts";
import type { PieceScratch } from "./scratch.ts";

/**
 * What every feature works on: the notes of all tracks in one order (by start tick, then pitch), in ticks and
 * seconds, with drums told apart. Made once per file; features read it and never change it.
 */
export interface Piece {
  readonly score: Score;
  readonly time: TimeMap;
  /** Ticks of one quarter note; for SMPTE divisions the ticks of half a second (a quarter at 120). */
  readonly ticksPerQuarter: number;
  readonly count: number;
  readonly startTick: Uint32Array;
  readonly endTick: Uint32Array;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly pitch: Uint8Array;
  readonly velocity: Uint8Array;
  /** Index of the note's voice in `voices`. */
  readonly voice: Uint32Array;
  /** 1 where the note is played by a drum kit. */
  readonly drum: Uint8Array;
  /** Indices of the pitched notes, in order. */
  readonly pitched: Uint32Array;
  /** Indices of the drum notes, in order. */
  readonly drums: Uint32Array;
  /** Every (track, channel) that has notes, by track, then channel. */
  readonly voices: readonly Voice[];
  /** MIDI port of each track: its first port meta, else 0. */
  readonly ports: Uint8Array;
}

/** The notes of one channel, or of one MPE zone, in one track: what a player would call one instrument's part. */
export interface Voice {
  readonly track: number;
  /** 0 to 15; of a zone the channel that manages it. */
  readonly channel: number;
  readonly port: number;
  readonly drum: boolean;
  readonly notes: number;
}

export function createPiece(score: Score, scratch: PieceScratch): Piece {
  const time = timeMap(score);
  const ports = trackPorts(score);
  const zones = mpeZones(score);
  const { voices, voiceOf } = findVoices(score, ports, drumChannels(score, ports, zones), zones);
  const columns = inOrder(score, voices, voiceOf, scratch);
  return {
    score,
    time,
    ticksPerQuarter: quarterTicks(score, time),
    count: score.notes.count,
    ...columns,
    startSeconds: time.secondsOf(columns.startTick),
    endSeconds: time.secondsOf(columns.endTick),
    voices,
    ports,
  };
}

/** The notes by start tick, then pitch: one loop, long because every note of every file passes it. */
function inOrder({ notes }: Score, voices: readonly Voice[], voiceOf: Uint32Array, scratch: PieceScratch) {
  const { count } = notes;
  const source = orderByTickAndPitch(notes.startTick, notes.pitch, scratch.sort);
  const drumVoice = Uint8Array.from(voices, (voice) => (voice.drum ? 1 : 0));
  const startTick = new Uint32Array(count);
  const endTick = new Uint32Array(count);
  const pitch = new Uint8Array(count);
  const velocity = new Uint8Array(count);
  const voice = new Uint32Array(count);
  const drum = new Uint8Array(count);
  const split = new Uint32Array(count);
  let pitchedCount = 0;
  let drumCount = 0;
  for (let i = 0; i < count; i++) {
    const n = source[i]!;
    const v = voiceOf[notes.track[n]! * 16 + notes.channel[n]!]!;
    startTick[i] = notes.startTick[n]!;
    endTick[i] = notes.endTick[n]!;
    pitch[i] = notes.pitch[n]!;
    velocity[i] = notes.velocity[n]!;
    voice[i] = v;
    if (drumVoice[v] === 1) {
      drum[i] = 1;
      split[count - ++drumCount] = i;
    } else split[pitchedCount++] = i;
  }
  const pitched = split.subarray(0, pitchedCount);
  const drums = split.subarray(pitchedCount).reverse();
  return { startTick, endTick, pitch, velocity, voice, drum, pitched, drums };
}

function quarterTicks(score: Score, time: TimeMap): number {
  return score.division.kind === "metrical" ? score.division.ticksPerQuarter : 0.5 / time.secondsPerTick[0]!;
}

function findVoices(score: Score, ports: Uint8Array, drumChannel: Uint8Array, zones: Uint8Array | null) {
  const { count, track, channel } = score.notes;
  const voiceOf = new Uint32Array(score.tracks.length * 16);
  for (let i = 0; i < count; i++) voiceOf[track[i]! * 16 + channel[i]!]!++;
  const managerOf = (key: number) => (zones ? (key & ~15) | zones[ports[key >> 4]! * 16 + (key & 15)]! : key);
  if (zones) foldZones(voiceOf, managerOf);
  const voices: Voice[] = [];
  for (let key = 0; key < voiceOf.length; key++) {
    const notes = voiceOf[key]!;
    if (notes === 0) continue;
    const port = ports[key >> 4]!;
    const drum = drumChannel[port * 16 + (key & 15)] === 1;
    voiceOf[key] = voices.length;
    voices.push({ track: key >> 4, channel: key & 15, port, drum, notes });
  }
  if (zones) for (let key = 0; key < voiceOf.length; key++) voiceOf[key] = voiceOf[managerOf(key)]!;
  return { voices, voiceOf };
}

/** Counts the notes of the members of a zone with those of the channel that manages it. */
function foldZones(notes: Uint32Array, managerOf: (key: number) => number): void {
  for (let key = 0; key < notes.length; key++) {
    const manager = managerOf(key);
    if (manager === key) continue;
    notes[manager]! += notes[key]!;
    notes[key] = 0;
  }
}
