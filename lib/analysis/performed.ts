import { fullest, type GridFit, runs } from "./beats-grid.ts";
import type { Material } from "./material.ts";

/**
 * Score or performance: were the notes placed on a grid, or played by hand?
 *
 * Method: after GigaMIDI's NOMML (Lee et al. 2025), which looks at how deep in the metrical grid onsets lie, joined by
 * two measures that need no grid: notes of one chord start on exactly the same tick in a score and milliseconds
 * apart under human hands, and a score has few distinct gaps between onsets. Each says 0 (hand) to 1 (grid), corrected
 * for what chance gives at the file's resolution; the label is their weighted mean, by a logistic curve.
 * Null with fewer than 12 notes, or when the measures hold the balance.
 */
export interface PerformedFeature {
  /** True: played. False: written, or quantised. */
  readonly performed: boolean | null;
  /** 0.5 (open) to 1; how sure the label is. */
  readonly confidence: number;
  /** Share of the notes struck together (within 35 ms) that start on exactly one tick; null with too few of them. */
  readonly simultaneity: number | null;
  /** Onsets' hold on the file's grid beyond chance, 0 to 1 (GridFit.concentration). */
  readonly gridConcentration: number;
  /** Share of the gaps between onsets held by the eight most frequent gaps. */
  readonly gapConcentration: number;
}

const TOGETHER_SECONDS = 0.035;
const MIN_NOTES = 12;
/** Half of hand-played chord notes lie within about this of each other (Goebl 2001 finds melody leads of 10 to 30 ms). */
const SPREAD_SECONDS = 0.008;

export function performed(m: Material, grid: GridFit): PerformedFeature {
  const s = spacing(m);
  const simultaneity = s.near >= 10 && s.near >= 0.04 * s.notes ? s.exact / s.near : null;
  const evidence = weigh(m, grid, simultaneity, s);
  const certainty = 1 / (1 + Math.exp(-14 * (0.42 - evidence)));
  const open = m.count < MIN_NOTES || Math.abs(certainty - 0.5) < 0.1;
  return {
    performed: open ? null : certainty > 0.5,
    confidence: round(m.count < MIN_NOTES ? 0.5 : Math.max(certainty, 1 - certainty)),
    simultaneity: simultaneity === null ? null : round(simultaneity),
    gridConcentration: round(grid.concentration),
    gapConcentration: round(s.gaps),
  };
}

interface Spacing {
  readonly notes: number;
  /** Successive notes at most 35 ms apart, and those of them on one tick. */
  readonly near: number;
  readonly exact: number;
  readonly gaps: number;
  readonly steadyVelocity: boolean;
}

const SLOT_MASK = 4095;
const counts = new Uint32Array(SLOT_MASK + 1);

function spacing(m: Material): Spacing {
  counts.fill(0);
  let notes = 0;
  let near = 0;
  let exact = 0;
  let gaps = 0;
  let velocities = 0;
  for (const [start, end] of runs(m.count)) {
    notes += end - start;
    for (let i = start + 1; i < end; i++) {
      const gap = m.startTick[i]! - m.startTick[i - 1]!;
      const seconds = m.startSeconds[i]! - m.startSeconds[i - 1]!;
      if (m.velocity[i] !== m.velocity[i - 1]) velocities++;
      if (seconds < TOGETHER_SECONDS) {
        near++;
        if (gap === 0) exact++;
      }
      if (gap === 0 || seconds > 3) continue;
      gaps++;
      // Real gaps are small numbers; the rare longer ones share slots.
      counts[gap & SLOT_MASK]!++;
    }
  }
  return { notes, near, exact, gaps: gaps > 0 ? fullest(counts) / gaps : 0, steadyVelocity: velocities < notes / 50 };
}

/** 0 for hand, 1 for grid. */
function weigh(m: Material, grid: GridFit, simultaneity: number | null, s: Spacing): number {
  const tickSeconds = m.time.secondsPerTick[0]!;
  const fine = m.ticksPerQuarter >= 24 ? Math.min(1, m.ticksPerQuarter / 96) : 0;
  const chance = tickSeconds / (tickSeconds + SPREAD_SECONDS);
  const together = simultaneity === null ? 0 : Math.max(0, (simultaneity - chance) / (1 - chance));
  const gaps = Math.min(1, Math.max(0, (s.gaps - 0.35) / 0.5));
  const weights = [simultaneity === null ? 0 : 1.2, fine, 0.5, 0.6];
  const values = [together, grid.concentration, Math.max(0, (grid.coherence - 0.15) / 0.85), gaps];
  let sum = 0;
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]! * values[i]!;
    total += weights[i]!;
  }
  // One loudness throughout, or eight gaps for everything, is not what hands do.
  return sum / total + (s.steadyVelocity ? 0.25 : 0) + (s.gaps > 0.95 && s.notes >= 64 ? 0.3 : 0);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
