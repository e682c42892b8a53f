import type { Piece } from "../piece/piece.ts";
import { chooseBeats } from "./choice.ts";
import type { GridFit } from "./grid.ts";
import type { Onsets } from "./onsets.ts";

/**
 * The pulse the music is counted in: the quarters of the file's grid when the notes keep to it, else tracked beats.
 * Null when the notes keep to no grid and no pulse is found.
 */
export interface Pulse {
  readonly source: "grid" | "tracked";
  /** Grid: ticks from 0 to the first quarter. Tracked: tick of the first beat. */
  readonly phaseTicks: number;
  /** Tracked beats in seconds, ascending; empty for a grid, whose quarters are `ticksPerQuarter` apart. */
  readonly seconds: Float64Array;
  /** Tracked: beats a minute. Null for a grid, whose tempo the metas tell. */
  readonly bpm: number | null;
  /** 0 to 1. */
  readonly confidence: number;
}

export function pulse(piece: Piece, grid: GridFit, o: Onsets): Pulse | null {
  if (o.count === 0) return null;
  if (grid.aligned) {
    const { phaseTicks, coherence } = grid;
    return { source: "grid", phaseTicks, seconds: new Float64Array(0), bpm: null, confidence: coherence };
  }
  const found = chooseBeats(o);
  if (found === null) return null;
  const phaseTicks = piece.time.tickAt(found.seconds[0]!);
  return { source: "tracked", phaseTicks, ...found };
}

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
