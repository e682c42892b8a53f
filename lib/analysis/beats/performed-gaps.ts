import type { Piece } from "../piece/piece.ts";
import { fullest, runs } from "./grid.ts";

/**
 * What the gaps between successive notes tell of the hand that placed them, without any grid or tempo.
 *
 * Note values of a score lie at least a seventh apart (septuplets beside eighths), so around a gap of a score, from
 * 11 % less to 12 % more, stands that gap alone (or two ticks, where a division rounds); a hand fills the whole range.
 */
export interface GapFit {
  readonly notes: number;
  /** Successive notes at most 35 ms apart. */
  readonly near: number;
  /** Share of those that start on one tick; null without any. */
  readonly exact: number | null;
  readonly gaps: number;
  /** Share of the gaps held by the eight most frequent ones. */
  readonly concentration: number;
  /** Share of the most frequent gap: below a half under any hand, to the tick. */
  readonly commonest: number;
  /** Share of the gaps that can tell pure from filled, each counting the more the more ticks or frames lie around it. */
  readonly telling: number;
  /** 0: neighbourhoods filled as by chance, 1: every telling gap stands alone. */
  readonly purity: number;
  /** Seconds between the times at which notes can start: the frame of a transcription, else the tick. */
  readonly stepSeconds: number;
  /** Loudness changes at fewer than one note in fifty. */
  readonly steadyVelocity: boolean;
}

const TOGETHER_SECONDS = 0.035;
/** Longer gaps are rests. */
const LONGEST_SECONDS = 3;
const SLOTS = 4096;

export function gapFit(piece: Piece): GapFit {
  const tickSeconds = piece.time.secondsPerTick[0]!;
  const shift = Math.max(0, Math.ceil(Math.log2(LONGEST_SECONDS / tickSeconds / SLOTS)));
  const tally = tallyGaps(piece, shift);
  const slotSeconds = tickSeconds * 2 ** shift;
  const frame = frameSlots(tally, slotSeconds);
  return {
    notes: tally.notes,
    near: tally.near,
    exact: tally.near > 0 ? tally.exact / tally.near : null,
    gaps: tally.gaps,
    concentration: tally.gaps > 0 ? fullest(tally.counts) / tally.gaps : 0,
    commonest: tally.gaps > 0 ? most(tally) / tally.gaps : 0,
    ...neighbourhoods(tally, frame),
    stepSeconds: frame > 1 ? frame * slotSeconds : tickSeconds,
    steadyVelocity: tally.velocities < tally.notes / 50,
  };
}

/** Counts the gaps by length in slots of 2^shift ticks. One loop over the notes, written for speed. */
function tallyGaps(piece: Piece, shift: number) {
  const counts = new Uint32Array(SLOTS);
  let notes = 0;
  let near = 0;
  let exact = 0;
  let gaps = 0;
  let velocities = 0;
  let highest = 0;
  for (const [start, end] of runs(piece.count)) {
    notes += end - start;
    for (let i = start + 1; i < end; i++) {
      const gap = piece.startTick[i]! - piece.startTick[i - 1]!;
      const seconds = piece.startSeconds[i]! - piece.startSeconds[i - 1]!;
      if (piece.velocity[i] !== piece.velocity[i - 1]) velocities++;
      if (seconds < TOGETHER_SECONDS) {
        near++;
        if (gap === 0) exact++;
      }
      if (gap === 0 || seconds > LONGEST_SECONDS) continue;
      gaps++;
      const slot = Math.min(SLOTS - 1, gap >>> shift);
      counts[slot]!++;
      if (slot > highest) highest = slot;
    }
  }
  return { counts, notes, near, exact, gaps, velocities, highest };
}

/** Gaps by length: how many lie in each slot, in all, and the last slot that holds any. */
type Tally = Pick<ReturnType<typeof tallyGaps>, "counts" | "gaps" | "highest">;

function most({ counts, highest }: Tally): number {
  let best = 0;
  for (let slot = 1; slot <= highest; slot++) if (counts[slot]! > best) best = counts[slot]!;
  return best;
}

/** Neighbourhood of a gap, as ratios of it. */
const LOW = 0.89;
const HIGH = 1.12;

/** How much of its neighbourhood each gap holds with the fuller slot beside it, beyond chance, over the telling gaps. */
function neighbourhoods({ counts, gaps, highest }: Tally, frame: number): { telling: number; purity: number } {
  const last = Math.min(SLOTS - 2, highest);
  const sums = new Uint32Array(SLOTS + 1);
  for (let i = 0; i <= last + 1; i++) sums[i + 1] = sums[i]! + counts[i]!;
  let telling = 0;
  let pure = 0;
  for (let gap = 5; gap <= last; gap++) {
    const count = counts[gap]!;
    if (count === 0) continue;
    const low = Math.ceil(gap * LOW);
    const high = Math.min(last + 1, Math.floor(gap * HIGH));
    const places = frame > 1 ? framesWithin(gap * LOW, gap * HIGH, frame) : (Math.floor(gap * HIGH) - low + 1) / 2;
    if (places <= 1) continue;
    const around = sums[high + 1]! - sums[low]! - 1;
    if (around < 1) continue;
    const share = (count + Math.max(counts[gap - 1]!, counts[gap + 1]!) - 1) / around;
    telling += count * (1 - 1 / places);
    pure += count * Math.max(0, share - 1 / places);
  }
  return { telling: gaps > 0 ? telling / gaps : 0, purity: telling > 0 ? pure / telling : 0 };
}

function framesWithin(low: number, high: number, frame: number): number {
  return Math.floor((Math.floor(high) + 0.5) / frame) - Math.ceil((Math.ceil(low) - 0.5) / frame) + 1;
}

/** Transcribers of audio work in frames of 5 to 35 ms (Onsets and Frames: 32 ms; high-resolution ones round to 10 ms). */
const LONGEST_FRAME_SECONDS = 0.04;
const SHORTEST_FRAME_SLOTS = 2.5;
const MULTIPLES = 24;

/** The shortest frequent gap, in slots, of which nearly all gaps are multiples; 1 when there is none. */
function frameSlots({ counts, gaps, highest }: Tally, slotSeconds: number): number {
  const longest = Math.min(highest, Math.floor(LONGEST_FRAME_SECONDS / slotSeconds));
  for (let slot = 3; slot <= longest; slot++) {
    const count = counts[slot]! + counts[slot + 1]!;
    if (count < 0.02 * gaps || counts[slot]! < 0.2 * counts[slot + 1]!) continue;
    const frame = refined(counts, slot + counts[slot + 1]! / count);
    if (Math.abs(frame - slot) <= 1 && frame >= SHORTEST_FRAME_SLOTS && onMultiples(counts, frame, highest) > 0.8)
      return frame;
  }
  return 1;
}

/** The frame by least squares through the gaps near its multiples, one multiple after another. */
function refined(counts: Uint32Array, first: number): number {
  let frame = first;
  let products = 0;
  let squares = 0;
  for (let k = 1; k * frame < SLOTS - 2 && k < MULTIPLES && Math.abs(frame - first) <= 2; k++) {
    const at = Math.round(k * frame);
    for (let slot = at - 1; slot <= at + 1; slot++) {
      products += counts[slot]! * k * slot;
      squares += counts[slot]! * k * k;
    }
    if (squares > 0) frame = products / squares;
  }
  return frame;
}

/** Share of the gaps within three quarters of a slot of a multiple, beyond chance. */
function onMultiples(counts: Uint32Array, frame: number, highest: number): number {
  let hits = 0;
  let all = 0;
  for (let slot = 1; slot <= highest; slot++) {
    const count = counts[slot]!;
    if (count === 0) continue;
    all += count;
    if (Math.abs(slot - Math.round(slot / frame) * frame) <= 0.75) hits += count;
  }
  const chance = Math.min(0.95, 1.9 / frame);
  return (hits / all - chance) / (1 - chance);
}
