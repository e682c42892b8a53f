/** A train of beats through the onsets of a performance. */
export interface BeatTrack {
  /** Beat times in seconds, ascending. */
  readonly seconds: Float64Array;
  /** For each beat the index of its onset, `FELT` or `FILLED`. */
  readonly onset: Int32Array;
}

/** A beat that is felt, not struck: the path goes over it. */
export const FELT = -1;
/** A beat in a stretch where nothing could be followed: drawn evenly. */
export const FILLED = -2;

/** How far a beat may be from the period asked for, as a ratio. */
const SLOWEST = 1.76;
const FASTEST = 0.637;
/** Most beats one step may span: all but the last are felt, not struck. */
const MAX_SPAN = 3;
const PART = [0, 1, 1 / 2, 1 / 3] as const;
/** Tempo states kept for each onset. */
const STATES = 4;
/** Logarithms of beats over the period asked for, by 512ths, up to twice the period. */
const LOG_STEPS = 512;
const LOGARITHMS = Float64Array.from({ length: 2 * LOG_STEPS }, (_, i) => Math.log((i + 0.5) / LOG_STEPS));
/** Onsets looked back over at most: bounds the work on very dense music. */
const MAX_BACK = 40;

/** Onsets whose log-odds of a beat are lower are passed over: enough to choose by; more of them place the beats better. */
export const ODDS_TO_CHOOSE = -1.6;
export const ODDS_TO_PLACE = -3.6;
/** A beat gains its log-odds and this, by this factor: the network is shy, because most onsets are none. */
const GAIN_OFFSET = 2.57;
const GAIN_FACTOR = 0.77;
/** Cost of a squared log ratio of neighbouring beats, of a felt beat, of a squared log ratio to the period asked for. */
const CHANGE_COST = 12;
const FELT_COST = 3.1;
const PERIOD_COST = 5.1;
/** Cost of a break in the path, and of each period of music that it leaves out. */
const BREAK_COST = 4.7;
const LEFT_OUT_COST = 1;

/** Follows beats through onsets. Its buffers serve one call after the other. */
export class BeatTracker {
  private size = 0;
  /** The onsets kept: their times, gains and indices. */
  private times = new Float64Array(0);
  private gains = new Float64Array(0);
  private onsets = new Int32Array(0);
  /** By kept onset: the best path that begins on it and the onset before the break, the best that ends on it and its slot. */
  private opening = new Float64Array(0);
  private openedAfter = new Int32Array(0);
  private highest = new Float64Array(0);
  private highestSlot = new Int32Array(0);
  /** By kept onset and tempo state. Lengths are LOGARITHMS. */
  private score = new Float64Array(0);
  private length = new Float64Array(0);
  private back = new Int32Array(0);
  private spans = new Uint8Array(0);

  /**
   * Beats about `period` seconds apart, by the log-odds of a beat on each onset: the best path by dynamic programming
   * (Ellis 2007), with the tempo carried along (Dixon 2001) so that it may drift with a player. Each onset keeps the
   * best path in each of four tempo states. Where nothing can be followed the path breaks off and begins anew. Takes
   * time O(onsets * MAX_BACK * STATES). Null with fewer than four onsets to go by.
   */
  track(seconds: Float64Array, logOdds: Float32Array, period: number, leastOdds: number): BeatTrack | null {
    const count = this.keep(seconds, logOdds, leastOdds);
    return count < 4 ? null : this.trace(this.search(count, period), period);
  }

  private keep(seconds: Float64Array, logOdds: Float32Array, leastOdds: number): number {
    if (this.size < logOdds.length) this.grow(logOdds.length);
    let count = 0;
    for (let i = 0; i < logOdds.length; i++) {
      if (logOdds[i]! <= leastOdds) continue;
      this.times[count] = seconds[i]!;
      this.gains[count] = GAIN_FACTOR * (logOdds[i]! + GAIN_OFFSET);
      this.onsets[count++] = i;
    }
    return count;
  }

  private grow(size: number): void {
    this.size = size;
    this.times = new Float64Array(size);
    this.gains = new Float64Array(size);
    this.onsets = new Int32Array(size);
    this.opening = new Float64Array(size);
    this.openedAfter = new Int32Array(size);
    this.highest = new Float64Array(size);
    this.highestSlot = new Int32Array(size);
    this.score = new Float64Array(size * STATES);
    this.length = new Float64Array(size * STATES);
    this.back = new Int32Array(size * STATES);
    this.spans = new Uint8Array(size * STATES);
  }

  /** Fills the tables and returns the onset on which the best path ends. The dense loop is one function. */
  private search(count: number, period: number): number {
    const { times, gains, opening, openedAfter, highest, highestSlot, score, length, back, spans } = this;
    score.fill(Number.NEGATIVE_INFINITY, 0, count * STATES);
    const steps = LOG_STEPS / period;
    const low = Math.log(FASTEST);
    const perState = STATES / Math.log(SLOWEST / FASTEST);
    const shortest = period * FASTEST;
    const longest = period * SLOWEST;
    const leftOut = LEFT_OUT_COST / period;
    // The best path so far, were it the last: what is left out after it costs by the second.
    let bestEnd = Number.NEGATIVE_INFINITY;
    let bestEndAt = -1;
    for (let j = 0; j < count; j++) {
      const now = times[j]!;
      const gain = gains[j]!;
      const fresh = -leftOut * (now - times[0]!);
      const broken = bestEnd - leftOut * now - BREAK_COST;
      let top = gain + Math.max(broken, fresh);
      let topSlot = -1;
      opening[j] = top;
      openedAfter[j] = broken > fresh ? bestEndAt : -1;
      const row = j * STATES;
      for (let i = j - 1, first = j > MAX_BACK ? j - MAX_BACK : 0; i >= first; i--) {
        const gap = now - times[i]!;
        if (gap > MAX_SPAN * longest) break;
        if (gap < shortest) continue;
        const begin = opening[i]!;
        const most = highest[i]!;
        for (let span = gap <= longest ? 1 : gap <= 2 * longest ? 2 : 3; span <= MAX_SPAN; span++) {
          if (gap < span * shortest) break;
          const off = LOGARITHMS[(gap * steps * PART[span]!) | 0]!;
          const step = gain - FELT_COST * (span - 1) - PERIOD_COST * span * off * off;
          const slot = row + Math.min(STATES - 1, ((off - low) * perState) | 0);
          const known = score[slot]!;
          // Nothing that comes from i can win: what is left out below only costs.
          if (most + step <= known) continue;
          let best = begin;
          let from = -1 - i;
          for (let s = i * STATES, end = s + STATES; s < end; s++) {
            const change = off - length[s]!;
            const total = score[s]! - CHANGE_COST * change * change;
            if (total > best) {
              best = total;
              from = s + 1;
            }
          }
          if (best + step <= known) continue;
          score[slot] = best + step;
          length[slot] = off;
          back[slot] = from;
          spans[slot] = span;
          if (best + step > top) {
            top = best + step;
            topSlot = slot;
          }
        }
      }
      highest[j] = top;
      highestSlot[j] = topSlot;
      if (top + leftOut * now > bestEnd) {
        bestEnd = top + leftOut * now;
        bestEndAt = j;
      }
    }
    return bestEndAt;
  }

  private trace(end: number, period: number): BeatTrack {
    const { times, onsets, openedAfter, highestSlot, back, spans } = this;
    const seconds: number[] = [];
    const onset: number[] = [];
    let at = end;
    let slot = highestSlot[end]!;
    for (;;) {
      const now = times[at]!;
      seconds.push(now);
      onset.push(onsets[at]!);
      const begun = slot < 0;
      const from = begun ? 0 : back[slot]!;
      const before = begun ? openedAfter[at]! : from < 0 ? -1 - from : Math.floor((from - 1) / STATES);
      if (before < 0) break;
      const gap = now - times[before]!;
      const parts = begun ? Math.max(1, Math.round(gap / lastGap(seconds, period))) : spans[slot]!;
      for (let b = 1; b < parts; b++) {
        seconds.push(now - (gap * b) / parts);
        onset.push(begun ? FILLED : FELT);
      }
      slot = begun ? highestSlot[before]! : from < 0 ? -1 : from - 1;
      at = before;
    }
    return { seconds: Float64Array.from(seconds.reverse()), onset: Int32Array.from(onset.reverse()) };
  }
}

/** The gap between the two beats found last, of beats found backwards. */
function lastGap(seconds: readonly number[], otherwise: number): number {
  return seconds.length < 2 ? otherwise : seconds.at(-2)! - seconds.at(-1)!;
}
