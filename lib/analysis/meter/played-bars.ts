import type { TrackedPulse } from "../beats/pulse.ts";

/** Beats of a bar that are told apart in a performance. */
const BAR_LENGTHS = [2, 3, 4] as const;

/** Where the bars of a performance begin. */
export interface PlayedBars {
  /** For each beat of the pulse, 1 where a bar begins. */
  readonly downbeat: Uint8Array;
  /** For each of `BAR_LENGTHS`, the share of the beats in bars of that length. */
  readonly shares: readonly number[];
  /** For each of `BAR_LENGTHS`, how well bars of that length alone explain what is heard: a log-likelihood. */
  readonly alone: readonly number[];
}

/** The network is shy of downbeats; so much is added to its log-odds. */
const ODDS_OFFSET = 1.2;
const MOST_ODDS = 6;
/** Log-odds of a bar on a beat that is felt or filled. */
const UNHEARD_ODDS = -1.4;
/** Costs, in the same logarithms: bars change their length; a bar is broken off; bars of one length alone are broken off. */
const CHANGE_COST = 3;
const BREAK_COST = 3.9;
const ALONE_BREAK_COST = 11.7;

/**
 * The likeliest bars over the beats: Viterbi search over the place of each beat in a bar of two, three or four beats,
 * by the network's log-odds of a downbeat (after Böck, Krebs & Widmer 2016).
 */
export function playedBars({ onset, downbeatOdds }: TrackedPulse): PlayedBars {
  const bar = new Float64Array(onset.length);
  const inside = new Float64Array(onset.length);
  for (let b = 0; b < onset.length; b++) {
    const at = onset[b]!;
    const odds = clip(at < 0 ? UNHEARD_ODDS : downbeatOdds[at]! + ODDS_OFFSET);
    bar[b] = -Math.log1p(Math.exp(-odds));
    inside[b] = bar[b]! - odds;
  }
  const alone = BAR_LENGTHS.map((length) => aloneScore(length, bar, inside));
  const downbeat = likeliestBars(bar, inside);
  return { downbeat, shares: lengthShares(downbeat), alone };
}

function clip(odds: number): number {
  return Math.min(MOST_ODDS, Math.max(-MOST_ODDS, odds));
}

/** The score of the best path through bars of one length. */
function aloneScore(length: number, bar: Float64Array, inside: Float64Array): number {
  let now = new Float64Array(length);
  let next = new Float64Array(length);
  for (let b = 0; b < bar.length; b++) {
    let any = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < length; place++) if (now[place]! > any) any = now[place]!;
    const begun = b === 0 ? 0 : Math.max(now[length - 1]!, any - ALONE_BREAK_COST);
    next[0] = begun + bar[b]!;
    for (let place = 1; place < length; place++) next[place] = (b === 0 ? 0 : now[place - 1]!) + inside[b]!;
    [now, next] = [next, now];
  }
  return Math.max(...now);
}

/** States by bar length and place: 2 + 3 + 4 of them. */
const FIRST = [0, 2, 5] as const;
const LAST = [1, 4, 8] as const;
const STATES = 9;

function likeliestBars(bar: Float64Array, inside: Float64Array): Uint8Array {
  const count = bar.length;
  const back = new Uint8Array(count * STATES);
  let now = new Float64Array(STATES);
  let next = new Float64Array(STATES);
  for (let b = 0; b < count; b++) {
    const whole = highestLast(now);
    const any = highest(now);
    for (let length = 0; length < FIRST.length; length++) {
      const first = FIRST[length]!;
      const last = LAST[length]!;
      let from: number = last;
      let value = now[last]!;
      if (now[whole]! - CHANGE_COST > value) [from, value] = [whole, now[whole]! - CHANGE_COST];
      if (now[any]! - BREAK_COST > value) [from, value] = [any, now[any]! - BREAK_COST];
      next[first] = value + bar[b]!;
      back[b * STATES + first] = from;
      for (let state = first + 1; state <= last; state++) {
        next[state] = now[state - 1]! + inside[b]!;
        back[b * STATES + state] = state - 1;
      }
    }
    [now, next] = [next, now];
  }
  const downbeat = new Uint8Array(count);
  for (let b = count - 1, state = highest(now); b >= 0; state = back[b * STATES + state]!, b--)
    downbeat[b] = state === FIRST[0] || state === FIRST[1] || state === FIRST[2] ? 1 : 0;
  return downbeat;
}

/** The state of the highest value. */
function highest(values: Float64Array): number {
  let top = 0;
  for (let state = 1; state < STATES; state++) if (values[state]! > values[top]!) top = state;
  return top;
}

/** The last place of the bar length that ends best. */
function highestLast(values: Float64Array): number {
  let top: number = LAST[0];
  for (const state of LAST) if (values[state]! > values[top]!) top = state;
  return top;
}

function lengthShares(downbeat: Uint8Array): number[] {
  const beats = BAR_LENGTHS.map(() => 0);
  let last = -1;
  for (let b = 0; b < downbeat.length; b++) {
    if (downbeat[b] === 0) continue;
    const length = (BAR_LENGTHS as readonly number[]).indexOf(b - last);
    if (last >= 0 && length >= 0) beats[length]! += b - last;
    last = b;
  }
  const all = beats.reduce((sum, count) => sum + count, 0);
  return beats.map((count) => count / Math.max(1, all));
}
