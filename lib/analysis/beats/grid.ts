import type { Piece } from "../piece/piece.ts";

/**
 * How well the notes keep to the file's own grid of quarter notes.
 *
 * Method: the distribution of onset ticks folded on the quarter, read twice: the share held by its eight fullest
 * ticks (a quantised file fills few; after the onset grid of GigaMIDI's NOMML, Lee et al. 2025), and the circular
 * mean resultant length at 1, 2, 3, 4 and 6 steps a quarter (Rayleigh), which also sees played notes that follow the grid.
 */
export interface GridFit {
  /** Distinct onsets looked at (at most `SAMPLE`). */
  readonly onsets: number;
  /** 0 spread as by chance, 1 all onsets on eight ticks of the quarter. */
  readonly concentration: number;
  /** Largest resultant length (0 to 1) over the subdivisions. */
  readonly coherence: number;
  /** Subdivision of the quarter at which it occurs. */
  readonly subdivision: number;
  /** Whether the metas' quarters hold for the notes: then the grid is the beat, else beats must be found. */
  readonly aligned: boolean;
  /** Ticks from tick 0 to the first quarter of the grid, 0 unless the whole file is shifted against it. */
  readonly phaseTicks: number;
}

/** Notes looked at: in spread-out runs when a file has more. */
const SAMPLE = 8192;
const RUNS = 8;
const STEPS = [1, 2, 3, 4, 5, 6, 8, 12, 16] as const;
/** Over the root of the number of onsets: the coherence that one in a hundred pieces of random onsets reaches at any of the steps. */
const BY_CHANCE = 2.5;
const SLOTS = 48;

export function gridFit(piece: Piece): GridFit {
  const quarter = Math.max(1, piece.ticksPerQuarter);
  const fold = foldOnsets(piece, quarter);
  const { onsets, concentration } = fold;
  const { coherence, subdivision } = resultant(fold.slots, onsets);
  const follows = concentration > 0.5 ? coherence > 0.12 : coherence > Math.max(0.3, BY_CHANCE / Math.sqrt(fold.apart));
  const aligned = onsets > 0 && piece.score.division.kind === "metrical" && follows;
  return { onsets, concentration, coherence, subdivision, aligned, phaseTicks: aligned ? phase(fold, quarter) : 0 };
}

interface Fold {
  readonly onsets: number;
  /** Those of them a sixteenth of a quarter or more after the one before: a spread chord is one. */
  readonly apart: number;
  readonly concentration: number;
  /** Onsets in each 48th of the quarter, centred on it. */
  readonly slots: Float64Array;
  /** Exact counts by tick of the quarter. */
  readonly ticks: Uint32Array;
}

function foldOnsets(piece: Piece, quarter: number): Fold {
  const whole = Math.round(quarter);
  const { startTick } = piece;
  const ticks = new Uint32Array(whole);
  const spread = whole / 16;
  let onsets = 0;
  let apart = 0;
  for (const [start, end] of runs(piece.count)) {
    let before = -1;
    for (let i = start; i < end; i++) {
      const tick = startTick[i]!;
      if (tick === before) continue;
      if (before < 0 || tick - before >= spread) apart++;
      before = tick;
      onsets++;
      ticks[tick % whole]!++;
    }
  }
  const slots = new Float64Array(SLOTS);
  const perTick = SLOTS / whole;
  for (let t = 0; t < whole; t++) if (ticks[t] !== 0) slots[Math.round(t * perTick) % SLOTS]! += ticks[t]!;
  return { onsets, apart, concentration: concentration(ticks, onsets), slots, ticks };
}

/** Index ranges that hold at most SAMPLE notes, spread over the file. */
export function runs(count: number): [number, number][] {
  if (count <= SAMPLE) return [[0, count]];
  const length = SAMPLE / RUNS;
  return Array.from({ length: RUNS }, (_, i) => {
    const start = Math.floor(((count - length) * i) / (RUNS - 1));
    return [start, start + length];
  });
}

function concentration(ticks: Uint32Array, onsets: number): number {
  if (onsets === 0 || ticks.length <= FULLEST) return 0;
  const share = fullest(ticks) / onsets;
  // By chance eight ticks hold 8/length of many onsets, and of few onsets no less than 8/onsets.
  const chance = Math.min(0.95, Math.max(FULLEST / ticks.length, FULLEST / onsets));
  return Math.max(0, (share - chance) / (1 - chance));
}

const FULLEST = 8;

/** Sum of the eight largest counts, kept in descending order on the way. */
export function fullest(ticks: Uint32Array): number {
  const top = new Float64Array(FULLEST);
  for (let i = 0; i < ticks.length; i++) {
    const count = ticks[i]!;
    if (count <= top[FULLEST - 1]!) continue;
    let at = FULLEST - 1;
    for (; at > 0 && top[at - 1]! < count; at--) top[at] = top[at - 1]!;
    top[at] = count;
  }
  return top.reduce((sum, count) => sum + count, 0);
}

const COSINES = STEPS.map((steps) =>
  Float64Array.from({ length: SLOTS }, (_, s) => Math.cos((2 * Math.PI * steps * s) / SLOTS)),
);
const SINES = STEPS.map((steps) =>
  Float64Array.from({ length: SLOTS }, (_, s) => Math.sin((2 * Math.PI * steps * s) / SLOTS)),
);

function resultant(slots: Float64Array, onsets: number): { coherence: number; subdivision: number } {
  let coherence = 0;
  let subdivision = 1;
  for (let n = 0; n < STEPS.length; n++) {
    let x = 0;
    let y = 0;
    for (let s = 0; s < SLOTS; s++) {
      x += slots[s]! * COSINES[n]![s]!;
      y += slots[s]! * SINES[n]![s]!;
    }
    const length = onsets > 0 ? Math.hypot(x, y) / onsets : 0;
    if (length > coherence + 1e-9) {
      coherence = length;
      subdivision = STEPS[n]!;
    }
  }
  return { coherence, subdivision };
}

/** Sixteenths and sixteenth triplets, in 48ths of the quarter. */
const COMB = [0, 8, 12, 16, 24, 32, 36, 40] as const;

/** The tick of the quarter on which the grid stands: 0 when the sixteenths and triplets from 0 hold the notes, else the fullest. */
function phase(fold: Fold, quarter: number): number {
  const near = withNeighbours(fold.slots);
  const held = (offset: number) => {
    let sum = 0;
    for (const step of COMB) sum += near[(step + offset) % SLOTS]!;
    return sum;
  };
  let most = 0;
  for (let s = 0; s < SLOTS; s++) most = Math.max(most, held(s));
  return held(0) >= 0.6 * most ? 0 : fullestTick(near, fold.ticks, quarter);
}

/** Onsets of each slot and, at half weight, of its neighbours. */
function withNeighbours(slots: Float64Array): Float64Array {
  return slots.map((count, s) => count + 0.5 * (slots[(s + 1) % SLOTS]! + slots[(s + SLOTS - 1) % SLOTS]!));
}

function fullestTick(near: Float64Array, ticks: Uint32Array, quarter: number): number {
  let best = 0;
  for (let s = 1; s < SLOTS; s++) if (near[s]! > near[best]!) best = s;
  const centre = (best / SLOTS) * quarter;
  const reach = Math.max(1, quarter / SLOTS);
  let tick = Math.round(centre);
  for (let t = Math.floor(centre - reach); t <= centre + reach; t++) {
    const index = ((t % ticks.length) + ticks.length) % ticks.length;
    if (ticks[index]! > (ticks[tick % ticks.length] ?? 0)) tick = index;
  }
  return tick % ticks.length;
}
