import { MAX_EXCERPT, rhythmTempo } from "./grammar.ts";
import { beatAccents } from "./onset-accents.ts";
import type { Onsets } from "./onsets.ts";
import { type BeatTrack, trackBeats } from "./track-beats.ts";

/**
 * The beats of a performance: which of several beat tracks a listener would tap.
 *
 * Method: three excerpts are read as written rhythms (beats-grammar.ts); the tempi they suggest, and their duple and
 * triple relatives, are each followed through the piece by accents (beats-track.ts); a softmax regression over what
 * each track shows chooses one, which is followed once more through more of the onsets. The five weights, and what they
 * weigh, were chosen on one half of 437 pieces with known beats and tried on the other: 39 real performances, 45 scores
 * with a player's tempo curve, 353 performances made of scores with rubato from slight to wild. Of the real ones in the
 * half left out (17), 65 % come within 4 % of the annotated tempo, 76 % of it or of its double, half, threefold or
 * third; of all 39, 69 % and 82 %.
 */
export interface ChosenBeats {
  /** Ascending. */
  readonly seconds: Float64Array;
  /** Beats a minute: the geometric mean of the medians of two tracks, by the strongest onsets and by more of them. */
  readonly bpm: number;
  /** 0 to 1, the chance that the tempo is within 4 % of the annotated one. */
  readonly confidence: number;
}

/** Null with fewer than 12 onsets, or when nothing regular is found. */
export function chooseBeats(o: Onsets): ChosenBeats | null {
  const read = excerptTempi(o);
  if (read.length === 0) return null;
  const middle = middleOf(o);
  const rated: Rated[] = [];
  for (const period of likeliest(candidatePeriods(read), read)) {
    const track = follow(middle, period, KEPT_TO_CHOOSE);
    if (track.seconds.length >= 4) rated.push(rate(middle, track, read));
  }
  if (rated.length === 0) return null;
  const best = rated.reduce((a, b) => (b.score > a.score ? b : a));
  const all = middle.seconds.length === o.count ? middle : stretch(o, 0, o.count);
  const { seconds } = follow(all, 60 / best.bpm, KEPT_TO_PLACE);
  if (seconds.length < 4) return null;
  return { seconds, bpm: Math.sqrt(best.bpm * medianBpm(seconds)), confidence: confidence(best, rated) };
}

const EXCERPTS = 3;

/** The tempi of up to three excerpts, spread over the piece. */
function excerptTempi(o: Onsets): number[] {
  const length = Math.min(o.count, MAX_EXCERPT);
  const tempi: number[] = [];
  for (let e = 0; e < (o.count > length ? EXCERPTS : 1); e++) {
    const from = Math.floor((o.count - length) * (0.04 + (0.92 * e) / (EXCERPTS - 1)));
    const bpm = rhythmTempo(o, from, from + length);
    if (bpm !== null) tempi.push(bpm);
  }
  return tempi;
}

/** Periods in seconds worth following: those read, and the middle one's double, half, three halves and two thirds. */
function candidatePeriods(read: readonly number[]): number[] {
  const middle = read.toSorted((a, b) => a - b)[read.length >> 1]!;
  const out: number[] = [];
  for (const bpm of [...read, middle * 2, middle / 2, middle * 1.5, middle / 1.5]) {
    const period = 60 / bpm;
    const known = out.some((other) => Math.abs(Math.log(period / other)) < 0.07);
    if (!known && period > 0.2 && period < 2.2) out.push(period);
  }
  return out;
}

/** Candidates followed at most. */
const MAX_FOLLOWED = 6;

/** Those that what was read, and being neither quick nor slow, speak for most. */
function likeliest(periods: readonly number[], read: readonly number[]): number[] {
  const score = (period: number) => 2.6 * agreement(60 / period, read) - 1.2 * Math.log(0.6 / period) ** 2;
  return periods.toSorted((a, b) => score(b) - score(a)).slice(0, MAX_FOLLOWED);
}

/** A stretch of onsets and their accents. */
interface Accented {
  /** Index of the first of them among the onsets. */
  readonly from: number;
  readonly seconds: Float64Array;
  readonly accents: Float32Array;
  /** The accents in ascending order. */
  readonly ranked: Float32Array;
}

/** Onsets from the middle of the piece that candidates are compared on. */
const CHOICE_ONSETS = 4000;

function middleOf(o: Onsets): Accented {
  const from = Math.max(0, Math.floor((o.count - CHOICE_ONSETS) / 2));
  return stretch(o, from, Math.min(o.count, from + CHOICE_ONSETS));
}

function stretch(o: Onsets, from: number, to: number): Accented {
  const accents = beatAccents(o).subarray(from, to);
  return { from, seconds: o.seconds.subarray(from, to), accents, ranked: accents.toSorted() };
}

/** Onsets kept for each period, the strongest: some are enough to choose by, more place the beats better. */
const KEPT_TO_CHOOSE = 3;
const KEPT_TO_PLACE = 4.5;

function follow({ seconds, accents, ranked }: Accented, period: number, perPeriod: number): BeatTrack {
  const count = seconds.length;
  const wanted = Math.ceil((perPeriod * (seconds[count - 1]! - seconds[0]!)) / period);
  if (wanted >= count) return trackBeats(seconds, accents, period);
  const least = ranked[count - wanted]!;
  const keptSeconds = new Float64Array(count);
  const keptAccents = new Float32Array(count);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    if (accents[i]! < least) continue;
    keptSeconds[kept] = seconds[i]!;
    keptAccents[kept++] = accents[i]!;
  }
  return trackBeats(keptSeconds.subarray(0, kept), keptAccents.subarray(0, kept), period);
}

interface Rated {
  readonly bpm: number;
  readonly score: number;
}

/** Weights of the regression. */
const WEIGHTS = {
  /** Share of excerpts read at this tempo (within about 6 %). */
  read: 2.75,
  /** Share of excerpts read at three times this tempo or a third of it. */
  readThird: -3.2,
  /** Share of beats the path passes without an onset. */
  felt: -12,
  /** Mean accent of onsets on beats less that of the others. */
  contrast: 7.1,
  /** Natural logarithm of the upper over the lower quartile of the beats. */
  uneven: -9.4,
};

function rate(middle: Accented, track: BeatTrack, read: readonly number[]): Rated {
  const gaps = beatGaps(track.seconds);
  const bpm = 60 / gaps[gaps.length >> 1]!;
  const evidence = beatEvidence(middle, track, gaps, bpm, read);
  let score = 0;
  for (const name of Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]) score += WEIGHTS[name] * evidence[name];
  return { bpm, score };
}

/** What a track shows, by the names of `WEIGHTS`; `gaps` between its beats ascending, `bpm` by their median. */
function beatEvidence(
  middle: Accented,
  { seconds, felt }: BeatTrack,
  gaps: Float64Array,
  bpm: number,
  read: readonly number[],
): Record<keyof typeof WEIGHTS, number> {
  return {
    read: agreement(bpm, read),
    readThird: agreement(3 * bpm, read) + agreement(bpm / 3, read),
    felt: felt / seconds.length,
    contrast: accentContrast(middle, seconds),
    uneven: Math.log(gaps[(0.75 * gaps.length) | 0]! / gaps[(0.25 * gaps.length) | 0]!),
  };
}

function agreement(bpm: number, read: readonly number[]): number {
  let sum = 0;
  for (const other of read) sum += Math.exp(-0.5 * (Math.log(bpm / other) / 0.06) ** 2);
  return sum / read.length;
}

/** Mean accent of onsets on beats, within 0.09 of them, less that of the others between the first beat and the last. */
function accentContrast({ seconds, accents }: Accented, beats: Float64Array): number {
  let [on, sumOn, sumOff, b] = [0, 0, 0, 0];
  const end = beats[beats.length - 1]! + 0.03;
  let i = 0;
  while (seconds[i]! < beats[0]! - 0.03) i++;
  const first = i;
  for (; i < seconds.length && seconds[i]! <= end; i++) {
    const at = seconds[i]!;
    while (b < beats.length - 2 && beats[b + 1]! <= at) b++;
    const part = (at - beats[b]!) / (beats[b + 1]! - beats[b]!);
    if (Math.min(Math.abs(part), Math.abs(1 - part)) < 0.09) {
      on++;
      sumOn += accents[i]!;
    } else sumOff += accents[i]!;
  }
  const off = i - first - on;
  return (on > 0 ? sumOn / on : 0) - (off > 0 ? sumOff / off : 0);
}

/** 60 over the median beat. */
function medianBpm(beats: Float64Array): number {
  const gaps = beatGaps(beats);
  return 60 / gaps[gaps.length >> 1]!;
}

/** Ascending. */
function beatGaps(beats: Float64Array): Float64Array {
  return beats
    .subarray(1)
    .map((s, i) => s - beats[i]!)
    .sort();
}

/** From the softmax share of all tracks at the chosen tempo, as pieces left out of the learning bear it out. */
function confidence(best: Rated, rated: readonly Rated[]): number {
  let [same, all] = [0, 0];
  for (const other of rated) {
    const weight = Math.exp(other.score - best.score);
    all += weight;
    if (Math.abs(other.bpm / best.bpm - 1) < 0.04) same += weight;
  }
  return (0.82 * same) / all;
}
