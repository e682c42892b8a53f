import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { GridFit } from "./grid.ts";
import { type GapFit, gapFit } from "./performed-gaps.ts";

/**
 * Score or performance: were the notes placed on a grid, or played by hand?
 *
 * Method: after GigaMIDI's NOMML (Lee et al. 2025), which looks at how deep in the metrical grid onsets lie, joined by
 * measures that need no grid: notes of one chord start on exactly the same tick in a score and milliseconds apart
 * under human hands; a score has few distinct gaps between onsets, and each of them stands alone (`GapFit.purity`).
 * Each is corrected for what chance gives at the file's resolution, or at the frames of a transcription from audio,
 * and counts as far as there is enough of it; a logistic regression joins them. Null with fewer than 12 notes, or
 * when the measures hold the balance: quantised music with a hand-played part, or loosened by a few ticks.
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
  /** How far each gap stands alone among those of about its length, 0 to 1; null when too few can tell. */
  readonly gapPurity: number | null;
}

const MIN_NOTES = 12;

export function performed(piece: Piece, grid: GridFit): PerformedFeature {
  const gaps = gapFit(piece);
  const simultaneity = gaps.near >= 10 && gaps.near >= 0.04 * gaps.notes ? gaps.exact : null;
  const certainty = 1 / (1 + Math.exp(-leaning(piece, grid, gaps, simultaneity)));
  const open = piece.count < MIN_NOTES || Math.abs(certainty - 0.5) < 0.1;
  return {
    performed: open ? null : certainty > 0.5,
    confidence: round(piece.count < MIN_NOTES ? 0.5 : Math.max(certainty, 1 - certainty), 3),
    simultaneity: simultaneity === null ? null : round(simultaneity, 3),
    gridConcentration: round(grid.concentration, 3),
    gapConcentration: round(gaps.concentration, 3),
    gapPurity: gaps.gaps * gaps.telling < 10 ? null : round(gaps.purity, 3),
  };
}

/** Notes of a chord under one hand that fall on one step by chance: as if spread evenly over so long. */
const SPREAD_SECONDS = 0.013;
/** Purity of a score however loosely it is made; hands stay well below. */
const PURE = 0.4;

/**
 * Log odds of a hand. The weights are fitted to one half (by checksum of the name) of 51 real performances, stretched,
 * re-divided, cut short and laid on frames, of about 1,500 scores of all kinds, re-divided, swung, shifted, with
 * ornaments and tuplets, one voice of them alone, and of scores played to a click with a scatter of 4 to 30 ms; the
 * other half checks them. Exact chords and one gap throughout weigh more, by hand: no player of either half came near.
 */
function leaning(piece: Piece, grid: GridFit, gaps: GapFit, simultaneity: number | null): number {
  const chance = gaps.stepSeconds / (gaps.stepSeconds + SPREAD_SECONDS);
  const together = simultaneity === null ? 0 : beyond(simultaneity, chance);
  const chords = Math.min(1, gaps.near / 30);
  const told = Math.min(1, 2 * gaps.telling) * Math.min(1, gaps.gaps / 40);
  const fine =
    piece.ticksPerQuarter >= 24 ? Math.min(1, piece.ticksPerQuarter / 96) * Math.min(1, grid.onsets / 40) : 0;
  return (
    2.3 -
    2.1 * chords * together -
    3.4 * told * (Math.min(PURE, gaps.purity) / PURE - 0.5) -
    2.4 * fine * (concentration(piece, grid, gaps) - 0.5) -
    1.3 * beyond(grid.coherence, 0.15) -
    1.2 * gaps.concentration -
    1.1 * (gaps.steadyVelocity ? 1 : 0) -
    // Beyond any hand: nearly all chords exact, gaps that stand alone, most gaps one and the same to the tick.
    3.5 * chords * beyond(together, 0.85) -
    2 * told * beyond(gaps.purity, 0.5) -
    4 * Math.min(1, gaps.gaps / 40) * beyond(gaps.commonest, 0.5)
  );
}

/** The grid's concentration beyond what frames give, whose steps are few in a quarter. */
function concentration(piece: Piece, grid: GridFit, gaps: GapFit): number {
  const steps = (piece.ticksPerQuarter * piece.time.secondsPerTick[0]!) / gaps.stepSeconds;
  const framed = gaps.stepSeconds > piece.time.secondsPerTick[0]! && steps > 8.4;
  return framed ? beyond(grid.concentration, 8 / steps) : grid.concentration;
}

/** The part of a share that exceeds `chance`, 0 to 1. */
function beyond(share: number, chance: number): number {
  return Math.max(0, (share - chance) / (1 - chance));
}
