/** A train of beats found in onsets. */
export interface BeatTrack {
  /** Beat times in seconds, ascending. */
  readonly seconds: Float64Array;
  /** Beats without an onset: felt, not struck. */
  readonly felt: number;
}

/** How far a beat may be from the period asked for, as a ratio. */
const SLOWEST = 1.45;
const FASTEST = 0.69;
/** Most beats one step may span: all but the last are felt, not struck. */
const MAX_SPAN = 3;
const PART = [0, 1, 1 / 2, 1 / 3] as const;
/** Tempo states kept for each onset. */
const STATES = 3;
/** Logarithms of beats over the period asked for, by 512ths, up to twice the period. */
const STEPS = 512;
const LOGARITHMS = Float64Array.from({ length: 2 * STEPS }, (_, i) => Math.log((i + 0.5) / STEPS));
/** A beat gains its accent (1 is the mean) less this. */
const GAIN_OFFSET = 0.5;
/** Cost of a squared log ratio of neighbouring beats, of a felt beat, of a stray accent. */
const CHANGE_COST = 24;
const FELT_COST = 2;
const STRAY_COST = 0.13;
/** Pull towards the period asked for. */
const PERIOD_COST = 2.2;
/** Onsets looked back over at most: bounds the work on very dense music. */
const MAX_BACK = 48;

/** Working space of one call, by onset and tempo state; grows with the longest piece seen. Lengths are LOGARITHMS. */
let score = new Float64Array(0);
let length = new Float64Array(0);
let highest = new Float64Array(0);
let opening = new Float64Array(0);
let back = new Int32Array(0);
let spans = new Uint8Array(0);

function clear(onsets: number): void {
  const size = onsets * STATES;
  if (score.length < size) {
    score = new Float64Array(size);
    length = new Float64Array(size);
    highest = new Float64Array(onsets);
    opening = new Float64Array(onsets);
    back = new Int32Array(size);
    spans = new Uint8Array(size);
  }
  score.fill(Number.NEGATIVE_INFINITY, 0, size);
  highest.fill(Number.NEGATIVE_INFINITY, 0, onsets);
}

/**
 * Beats about `period` seconds apart through onsets at `seconds` with accents of mean 1: the best path by dynamic
 * programming, after Ellis 2007, with the tempo carried along as in Dixon 2001, so that it may drift with a player.
 * Each onset keeps the best path in each of three tempo states. Takes time O(onsets * MAX_BACK * STATES).
 * The dense loop is one function: every step of it runs a million times for a long piece.
 */
export function trackBeats(seconds: Float64Array, accents: Float32Array, period: number): BeatTrack {
  const n = seconds.length;
  clear(n);
  const steps = STEPS / period;
  const low = Math.log(FASTEST);
  const perState = STATES / Math.log(SLOWEST / FASTEST);
  const shortest = period * FASTEST;
  const longest = period * SLOWEST;
  const late = FELT_COST / period;
  // A path may begin with any beat; what it leaves unexplained before it costs as felt beats do.
  for (let i = 0; i < n; i++) opening[i] = Math.min(0, accents[i]! - GAIN_OFFSET) - late * (seconds[i]! - seconds[0]!);
  for (let i = 1; i < n; i++) {
    const now = seconds[i]!;
    const gain = accents[i]! - GAIN_OFFSET;
    const first = Math.max(0, i - MAX_BACK);
    const row = i * STATES;
    let top = Number.NEGATIVE_INFINITY;
    for (let j = i - 1; j >= first; j--) {
      const gap = now - seconds[j]!;
      if (gap > MAX_SPAN * longest) break;
      if (gap < shortest) continue;
      const begin = opening[j]!;
      const most = Math.max(begin, highest[j]!);
      for (let span = gap <= longest ? 1 : gap <= 2 * longest ? 2 : 3; span <= MAX_SPAN; span++) {
        if (gap < span * shortest) break;
        const off = LOGARITHMS[(gap * steps * PART[span]!) | 0]!;
        const free = gain - FELT_COST * (span - 1) - PERIOD_COST * off * off;
        const slot = row + Math.min(STATES - 1, ((off - low) * perState) | 0);
        const known = score[slot]!;
        // Nothing that comes from j can win: what is left out below only costs.
        if (most + free <= known) continue;
        let best = begin;
        let from = -1 - j;
        for (let s = j * STATES, end = s + STATES; s < end; s++) {
          const change = off - length[s]!;
          const total = score[s]! - CHANGE_COST * change * change;
          if (total > best) {
            best = total;
            from = s + 1;
          }
        }
        if (best + free <= known) continue;
        const step = free - strays(seconds, accents, j, i, span);
        if (best + step <= known) continue;
        score[slot] = best + step;
        length[slot] = off;
        back[slot] = from;
        spans[slot] = span;
        if (best + step > top) top = best + step;
      }
    }
    highest[i] = top;
  }
  return trace(seconds, late);
}

/** Accents of the onsets between two beats that no division of the beat by 2, 3 or 4 explains, or that a felt beat passes over. */
function strays(seconds: Float64Array, accents: Float32Array, from: number, to: number, span: number): number {
  const start = seconds[from]!;
  const scale = (span * PLACES) / (seconds[to]! - start);
  let cost = 0;
  for (let k = from + 1; k < to; k++) cost += accents[k]! * STRAY[((seconds[k]! - start) * scale) | 0]!;
  return STRAY_COST * cost;
}

const PLACES = 48;

/** Cost by 48th of a beat, over as many beats as a step spans. */
const STRAY = Float64Array.from({ length: PLACES * MAX_SPAN }, (_, i) => {
  const part = ((i % PLACES) + 0.5) / PLACES;
  const off = (steps: number) => Math.abs(part * steps - Math.round(part * steps)) / steps;
  return Math.min(off(3), off(4)) * 8 + (Math.min(part, 1 - part) < 0.06 ? 1 : 0);
});

function trace(seconds: Float64Array, late: number): BeatTrack {
  let slot = lastSlot(seconds, late);
  const times: number[] = [];
  let felt = 0;
  while (slot >= 0) {
    const i = Math.floor(slot / STATES);
    const from = back[slot]!;
    const j = from < 0 ? -1 - from : Math.floor((from - 1) / STATES);
    const span = spans[slot]!;
    felt += span - 1;
    for (let b = 0; b < span; b++) times.push(seconds[i]! - ((seconds[i]! - seconds[j]!) * b) / span);
    if (from < 0) times.push(seconds[j]!);
    slot = from < 0 ? -1 : from - 1;
  }
  return { seconds: Float64Array.from(times.reverse()), felt };
}

/** Where the best path ends; the music left after it costs as felt beats do. -1 when no two onsets are a beat apart. */
function lastSlot(seconds: Float64Array, late: number): number {
  const end = seconds[seconds.length - 1]!;
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < seconds.length; i++) {
    const value = highest[i]! - late * (end - seconds[i]!);
    if (value > top) {
      top = value;
      best = i;
    }
  }
  return best < 0 ? -1 : score.indexOf(highest[best]!, best * STATES);
}
