import type { Piece } from "./piece.ts";
import { round } from "./round.ts";

/**
 * How much there is to follow: Shannon entropies of what the upper line does, each over the classes of the MIDI Toolbox
 * (Eerola & Toiviainen 2004: `pcdist1`, `ivdist1`, `durdist1`) and divided by the highest it can reach. The upper line is
 * the highest pitched note at each onset. Null with fewer than `LEAST` onsets of pitched notes.
 */
export interface ComplexityFeature {
  /** Mean of the three below: 0 one repeated note, 1 every class alike. */
  readonly score: number;
  /** Entropy of the pitch classes over log2 12. */
  readonly pitchClasses: number;
  /** Entropy of the steps from note to note, -12 to 12 semitones (larger leaps count as octaves), over log2 25. */
  readonly intervals: number;
  /** Entropy of the times between onsets in nine classes from a sixteenth to a whole note, half an octave each, over log2 9. */
  readonly durations: number;
}

const LEAST = 8;
const DURATIONS = 9;

export function complexity(piece: Piece): ComplexityFeature | null {
  const pitchClasses = new Uint32Array(12);
  const intervals = new Uint32Array(25);
  const durations = new Uint32Array(DURATIONS);
  const { pitched, startTick, pitch } = piece;
  let onsets = 0;
  let lastTick = -1;
  let lastTop = -1;
  // The last time between onsets and its class: it mostly comes again.
  let between = 0;
  let duration = 0;
  for (let k = 0; k < pitched.length; ) {
    const tick = startTick[pitched[k]!]!;
    // Notes of one tick stand in order of pitch: the last is the highest.
    while (k + 1 < pitched.length && startTick[pitched[k + 1]!] === tick) k++;
    const top = pitch[pitched[k++]!]!;
    onsets++;
    pitchClasses[top % 12]!++;
    if (lastTop >= 0) {
      intervals[Math.max(-12, Math.min(12, top - lastTop)) + 12]!++;
      if (tick - lastTick !== between) {
        between = tick - lastTick;
        duration = durationClass(between / piece.ticksPerQuarter);
      }
      durations[duration]!++;
    }
    lastTick = tick;
    lastTop = top;
  }
  if (onsets < LEAST) return null;
  const parts = [entropy(pitchClasses), entropy(intervals), entropy(durations)] as const;
  return {
    score: round((parts[0] + parts[1] + parts[2]) / 3, 3),
    pitchClasses: round(parts[0], 3),
    intervals: round(parts[1], 3),
    durations: round(parts[2], 3),
  };
}

/** Half an octave around a sixteenth, an eighth of a triplet ... a whole note; what is shorter or longer goes to the ends. */
const LIMITS = Float64Array.from({ length: DURATIONS - 1 }, (_, i) => 2 ** ((i - 3.5) / 2));

function durationClass(quarters: number): number {
  let at = 0;
  while (at < LIMITS.length && quarters >= LIMITS[at]!) at++;
  return at;
}

/** Shannon entropy of counts, over that of equal counts: 0 to 1. */
function entropy(counts: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i]!;
  let bits = 0;
  for (let i = 0; i < counts.length; i++) {
    const share = counts[i]! / total;
    if (share > 0) bits -= share * Math.log2(share);
  }
  return bits / Math.log2(counts.length);
}
