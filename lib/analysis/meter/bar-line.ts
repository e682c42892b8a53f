import type { Onsets } from "../beats/onsets.ts";
import type { GridPulse } from "../beats/pulse.ts";
import type { Piece } from "../piece/piece.ts";
import type { Accents } from "./accents.ts";
import type { Folds } from "./folds.ts";
import { BAR_LINE_WEIGHTS, type MeterCandidate } from "./meters.ts";
import { ratePhases } from "./phases.ts";

/** Where the music ends, in sixteenths after the first onset; null where that is not known. */
export interface Ending {
  readonly lastOnset: number | null;
  readonly end: number | null;
}

export function endingOf(piece: Piece, o: Onsets, pulse: GridPulse, positions: Float64Array, start: number): Ending {
  if (o.truncated) return { lastOnset: null, end: null };
  const end = Math.round((4 * (piece.score.lastNoteEndTick - pulse.phaseTicks)) / piece.ticksPerQuarter) - start;
  return {
    lastOnset: Math.round(positions[o.count - 1]! * 4) - start,
    end,
  };
}

/**
 * The sixteenth after the first onset on which the first bar line falls, given the meter: by its accents, by the length
 * of the pickup (short ones are commoner) and by where the music ends (on a bar line, or with a chord on one).
 */
export function firstBarLine(meter: MeterCandidate, a: Accents, folds: Folds, ending: Ending): number {
  const { bar } = meter;
  const { scores } = ratePhases(meter, a, folds);
  const w = BAR_LINE_WEIGHTS;
  let best = 0;
  let top = Number.NEGATIVE_INFINITY;
  for (let phase = 0; phase < bar; phase++) {
    const opening = (bar - phase) % bar;
    let score = w.evidence * scores[phase]! + openingWeight(opening, meter);
    if (ending.lastOnset !== null) {
      const last = (((ending.lastOnset - phase) % bar) + bar) % bar;
      if (last === 0) score += w.lastOnset;
      else if (2 * last === bar && meter.numerator % 2 === 0) score += w.lastOnHalf;
    }
    if (ending.end !== null && (ending.end - phase) % bar === 0) score += w.end;
    if (score > top) {
      top = score;
      best = phase;
    }
  }
  return best;
}

/** By the place of the first onset in its bar. */
function openingWeight(place: number, { bar, beat }: MeterCandidate): number {
  if (place === 0) return BAR_LINE_WEIGHTS.onset;
  if (2 * place < bar) return BAR_LINE_WEIGHTS.early;
  return place % beat === 0 ? BAR_LINE_WEIGHTS.onBeat : 0;
}
