import type { Piece } from "../piece/piece.ts";
import { type ChosenBeats, chooseBeats } from "./choice.ts";
import type { GridFit } from "./grid.ts";
import type { Onsets } from "./onsets.ts";
import type { BeatsScratch } from "./scratch.ts";

/** The pulse the music is counted in: the quarters of the file's grid when the notes keep to it, else tracked beats. */
export type Pulse = GridPulse | TrackedPulse;

/** The quarters of the file, `ticksPerQuarter` apart; the metas tell their tempo. */
export interface GridPulse {
  readonly source: "grid";
  /** Ticks from 0 to the first quarter. */
  readonly phaseTicks: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/** Beats found in a performance. */
export interface TrackedPulse extends ChosenBeats {
  readonly source: "tracked";
  /** Tick of the first beat. */
  readonly phaseTicks: number;
  /** For each onset, the log-odds that a bar begins on it. */
  readonly downbeatOdds: Float32Array;
}

/** Null when the notes keep to no grid and no pulse is found. */
export function pulse(piece: Piece, grid: GridFit, o: Onsets, scratch: BeatsScratch): Pulse | null {
  if (o.count === 0) return null;
  if (grid.aligned) return { source: "grid", phaseTicks: grid.phaseTicks, confidence: grid.coherence };
  if (o.count < MIN_ONSETS) return null;
  const heard = scratch.network.hear(o);
  const found = chooseBeats(o, heard.beat, scratch.tracker);
  if (found === null) return null;
  const phaseTicks = piece.time.tickAt(found.seconds[0]!);
  return { source: "tracked", phaseTicks, downbeatOdds: heard.downbeat, ...found };
}

const MIN_ONSETS = 12;

/** Where each onset lies, counted in pulses: whole numbers on the pulse, extended evenly before the first and after the last beat. */
export function pulsePositions(o: Onsets, pulse: Pulse, ticksPerQuarter: number): Float64Array {
  const out = new Float64Array(o.count);
  if (pulse.source === "grid") {
    for (let i = 0; i < o.count; i++) out[i] = (o.tick[i]! - pulse.phaseTicks) / ticksPerQuarter;
    return out;
  }
  const beats = pulse.seconds;
  let k = 0;
  for (let i = 0; i < o.count; i++) {
    const at = o.seconds[i]!;
    while (k < beats.length - 2 && beats[k + 1]! <= at) k++;
    out[i] = k + (at - beats[k]!) / (beats[k + 1]! - beats[k]!);
  }
  return out;
}
