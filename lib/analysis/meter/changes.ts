import { type Accents, GAP, HARMONY, KINDS, LENGTH, QUICK_HARMONY } from "./accents.ts";
import { Folds } from "./folds.ts";
import { METERS, type MeterCandidate } from "./meters.ts";
import { ratePhases } from "./phases.ts";

/**
 * Where the notes change from bars in two to bars in three, or back.
 *
 * Method: binary segmentation (Vostrikova 1981). How much stronger accents come again after 12 and 24 sixteenths than
 * after 8, 16 and 32 is summed over blocks of two bars of 4/4; the piece is cut where that changes, if each side spans at
 * least two windows of four bars, and two bars of unlike length explain both sides better than one does. Each part is then
 * looked at in the same way. Meters whose bars are multiples of each other (2/4 and 4/4) are never told apart within a piece.
 * Of 5,245 pieces of one meter .2 % are said to change; of 12 real ones that change between twos and threes 8 are found; of
 * pairs of pieces joined .7 for classical works and folk songs, .3 for chorales and reels. To the tick: two in three of the
 * classical ones found, four in ten of the songs and chorales, one in eight of the reels.
 */
export interface Stretch {
  /** Sixteenths from the first onset to its first, and after its last. */
  readonly from: number;
  readonly to: number;
  /** Of each of `METERS`; -Infinity for those not asked. */
  readonly scores: readonly number[];
}

/** Scores each of `METERS` on part of a piece. */
export type Rate = (part: Accents) => readonly number[];

const BLOCK = 32;
const SHORTEST = 4;
/** How differently both sides lean, more in longer pieces, before they are looked at closely. */
const LEANING = 0.35;
/** How much better, as a log-odds, two meters must explain both sides than one. */
const EVIDENCE = 1;
const MAX_STRETCHES = 8;
/** Places looked at closely in one stretch. */
const PLACES = 3;
/** How far to both sides of them is looked at first: 16 bars of 4/4. */
const NEAR = 256;

/** The stretches of a piece, in order; one alone when its bars do not change. */
export function stretches(a: Accents, whole: readonly number[], rate: Rate): Stretch[] {
  const found: Stretch[] = [{ from: 0, to: a.length, scores: whole }];
  const blocks = Math.floor(a.length / BLOCK);
  if (blocks < 2 * SHORTEST) return found;
  const sums = leanings(a, blocks);
  for (let i = 0; i < found.length && found.length < MAX_STRETCHES; ) {
    const parts = cut(a, found[i]!, sums, rate);
    if (parts === null) i++;
    else found.splice(i, 1, ...parts);
  }
  return found;
}

/** Both parts of a stretch, or null when one meter explains it. */
function cut(a: Accents, { from, to }: Stretch, sums: Sums, rate: Rate): [Stretch, Stretch] | null {
  const end = to === a.length ? sums.blocks : Math.floor(to / BLOCK);
  let most = EVIDENCE;
  let at: number | null = null;
  for (const block of steepest(sums, Math.ceil(from / BLOCK), end)) {
    const place = block * BLOCK;
    const before = rate(part(a, Math.max(from, place - NEAR), place));
    const after = rate(part(a, place, Math.min(to, place + NEAR)));
    const found = evidence(before, after);
    if (found <= most) continue;
    most = found;
    at = place;
  }
  if (at === null) return null;
  const left = rate(part(a, from, at));
  const right = rate(part(a, at, to));
  if (evidence(left, right) <= EVIDENCE) return null;
  return [
    { from, to: at, scores: left },
    { from: at, to, scores: right },
  ];
}

/** How much better the best meter of each side explains both than the best bar common to both. */
function evidence(left: readonly number[], right: readonly number[]): number {
  const [l, r] = [best(left), best(right)];
  if (Math.max(l.bar, r.bar) % Math.min(l.bar, r.bar) === 0) return 0;
  let common = Number.NEGATIVE_INFINITY;
  METERS.forEach((one, i) => {
    METERS.forEach((other, k) => {
      if (one.bar === other.bar) common = Math.max(common, left[i]! + right[k]!);
    });
  });
  return Math.max(...left) + Math.max(...right) - common;
}

const best = (scores: readonly number[]) => METERS[scores.indexOf(Math.max(...scores))]!;

interface Sums {
  readonly blocks: number;
  /** Before each block: by how much accents lean to threes, and how strong they are. */
  readonly leaning: Float64Array;
  readonly strength: Float64Array;
}

const LONGEST = 32;

function leanings(a: Accents, blocks: number): Sums {
  const accent = accentBySteps(a);
  const leaning = new Float64Array(blocks + 1);
  const strength = new Float64Array(blocks + 1);
  for (let i = 0; i < a.struckCount; i++) {
    const t = a.struck[i]!;
    const block = Math.min(blocks - 1, Math.floor(t / BLOCK));
    const own = accent[t]!;
    const threes = accent[t + 12]! + accent[t + 24]!;
    const twos = 0.5 * accent[t + 8]! + accent[t + 16]! + 0.5 * accent[t + 32]!;
    leaning[block + 1]! += own * (threes - twos);
    strength[block + 1]! += own * own;
  }
  for (let b = 0; b < blocks; b++) {
    leaning[b + 1]! += leaning[b]!;
    strength[b + 1]! += strength[b]!;
  }
  return { blocks, leaning, strength };
}

function accentBySteps({ length, struck, struckCount, values }: Accents): Float64Array {
  const accent = new Float64Array(length + LONGEST);
  for (let i = 0, v = 0; i < struckCount; i++, v += KINDS)
    accent[struck[i]!] =
      values[v + LENGTH]! + 0.4 * values[v + HARMONY]! + 0.33 * values[v + GAP]! + 0.3 * values[v + QUICK_HARMONY]!;
  return accent;
}

/** The blocks before which the leaning changes most; none when it never does so much. */
function steepest({ leaning, strength }: Sums, first: number, end: number): number[] {
  const mean = (from: number, to: number) =>
    (leaning[to]! - leaning[from]!) / Math.max(1e-9, strength[to]! - strength[from]!);
  const found: { at: number; spread: number }[] = [];
  for (let at = first + SHORTEST; at <= end - SHORTEST; at++) {
    const spread = Math.abs(mean(first, at) - mean(at, end)) * Math.sqrt(((at - first) * (end - at)) / (end - first));
    if (spread > LEANING) found.push({ at, spread });
  }
  found.sort((one, other) => other.spread - one.spread);
  return found.slice(0, PLACES).map(({ at }) => at);
}

/** The accents of part of a piece, from step `from` until before step `to`. */
function part(a: Accents, from: number, to: number): Accents {
  const first = lowerBound(a.struck, a.struckCount, from);
  const last = lowerBound(a.struck, a.struckCount, to);
  const firstHeld = lowerBound(a.held, a.heldCount, from);
  const lastHeld = lowerBound(a.held, a.heldCount, to);
  return {
    length: to - from,
    start: a.start + from,
    struck: a.struck.slice(first, last).map((t) => t - from),
    struckCount: last - first,
    held: a.held.slice(firstHeld, lastHeld).map((t) => t - from),
    heldCount: lastHeld - firstHeld,
    values: a.values.subarray(first * KINDS),
    pitchClasses: a.pitchClasses.subarray(from),
  };
}

function lowerBound(ascending: Uint16Array, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface BarStretch {
  readonly meter: MeterCandidate;
  /** Step of a bar line: the first of the piece, or that from which the meter holds. */
  readonly from: number;
}

/** The meters of the stretches, each from a bar line on. */
export function barsOf(a: Accents, found: readonly Stretch[]): BarStretch[] {
  const accent = accentBySteps(a);
  const mean = accent.reduce((sum, value) => sum + value, 0) / a.length;
  const out: BarStretch[] = [];
  for (const { from, to, scores } of found) {
    const meter = best(scores);
    const line = from + strongestPhase(meter, part(a, from, to));
    const before = out.at(-1);
    const at = before === undefined ? line : seam(accent, mean, from, before, { meter, from: line });
    out.push({ meter, from: at });
  }
  return out;
}

function strongestPhase(meter: MeterCandidate, a: Accents): number {
  const { scores } = ratePhases(meter, a, new Folds(a));
  let top = 0;
  for (let phase = 1; phase < meter.bar; phase++) if (scores[phase]! > scores[top]!) top = phase;
  return top;
}

/** Of the later meter's bar lines near the cut the one at which the accents change over from the earlier one's. */
function seam(accent: Float64Array, mean: number, cut: number, before: BarStretch, after: BarStretch): number {
  const [first, last] = [cut - REACH, cut + REACH];
  const [long, short] = [before.meter.bar, after.meter.bar];
  let best = after.from;
  let top = Number.NEGATIVE_INFINITY;
  for (let at = after.from - Math.ceil(REACH / short) * short; at <= last; at += short) {
    if (at < first) continue;
    let score = mod(at - before.from, long) === 0 ? SEAMLESS : 0;
    for (let t = first + mod(before.from - first, long); t < at; t += long) score += ((accent[t] ?? 0) - mean) * long;
    for (let t = at; t < last; t += short) score += ((accent[t] ?? 0) - mean) * short;
    if (score <= top) continue;
    top = score;
    best = at;
  }
  return best;
}

/** What it counts that the earlier meter's last bar is whole. */
const SEAMLESS = 60;
const REACH = 80;

const mod = (value: number, by: number) => ((value % by) + by) % by;
