import { beatAccents } from "./beats-accents.ts";
import { MAX_EXCERPT, rhythmTempo } from "./beats-grammar.ts";
import type { Onsets } from "./beats-onsets.ts";
import { type BeatTrack, trackBeats } from "./beats-track.ts";

/**
 * The beats of a performance: which of several beat tracks a listener would tap.
 *
 * Method: six excerpts are read as written rhythms (beats-grammar.ts); the tempi they suggest, and their duple and
 * triple relatives, are each followed through the whole piece by accents (beats-track.ts); a softmax regression over
 * what each track shows, learned on 107 performances with known beats (22 real, 39 fugues, the rest
 * scores under the tempo curves of players), chooses one.
 */
export interface ChosenBeats {
  /** Ascending. */
  readonly seconds: Float64Array;
  /** Median tempo in beats a minute. */
  readonly bpm: number;
  /** 0 to 1, the chance that the tempo is within 4 % of the annotated one. */
  readonly confidence: number;
}

/** Null with fewer than 12 onsets, or when nothing regular is found. */
export function chooseBeats(o: Onsets): ChosenBeats | null {
  const read = excerptTempi(o);
  if (read.length === 0) return null;
  const accents = beatAccents(o);
  const tracks = candidatePeriods(read).map((period) => {
    const kept = strongest(o, accents, KEPT_TO_CHOOSE, period);
    return trackBeats(kept.seconds, kept.accents, period);
  });
  const rated = tracks.filter((track) => track.seconds.length >= 4).map((track) => rate(o, accents, track, read));
  if (rated.length === 0) return null;
  const best = rated.reduce((a, b) => (b.score > a.score ? b : a));
  const kept = strongest(o, accents, KEPT_TO_FOLLOW, 60 / best.bpm);
  const { seconds } = trackBeats(kept.seconds, kept.accents, 60 / best.bpm);
  return { seconds, bpm: medianBpm(seconds), confidence: confidence(best, rated) };
}

const EXCERPTS = 6;
const EXCERPT_ONSETS = 160;

/** The tempi of up to six excerpts, spread over the piece. */
function excerptTempi(o: Onsets): number[] {
  const length = Math.min(o.count, EXCERPT_ONSETS, MAX_EXCERPT);
  const tempi: number[] = [];
  for (let e = 0; e < (o.count > length ? EXCERPTS : 1); e++) {
    const from = Math.floor(((o.count - length) * 0.9 * e) / (EXCERPTS - 1));
    const bpm = rhythmTempo(o, from, from + length);
    if (bpm !== null) tempi.push(bpm);
  }
  return tempi;
}

/** Periods in seconds worth following: those read, and the middle one's double, half, and thirds. */
function candidatePeriods(read: readonly number[]): number[] {
  const middle = read.toSorted((a, b) => a - b)[read.length >> 1]!;
  const out: number[] = [];
  for (const bpm of [...read, middle * 2, middle / 2, middle * 1.5, middle / 1.5]) {
    const period = 60 / bpm;
    const known = out.some((other) => Math.abs(Math.log(period / other)) < 0.07);
    if (!known && period > 0.22 && period < 2.2) out.push(period);
  }
  return out;
}

/** Onsets kept for each period, the strongest: few are enough to choose by, more place the beats better. */
const KEPT_TO_CHOOSE = 3;
const KEPT_TO_FOLLOW = 5;

function strongest(
  o: Onsets,
  accents: Float32Array,
  perPeriod: number,
  period: number,
): { seconds: Float64Array; accents: Float32Array } {
  const length = o.seconds[o.count - 1]! - o.seconds[0]!;
  const wanted = Math.ceil((perPeriod * length) / period);
  if (wanted >= o.count) return { seconds: o.seconds.subarray(0, o.count), accents };
  const least = accents.toSorted()[o.count - wanted]!;
  const kept: number[] = [];
  for (let i = 0; i < o.count; i++) if (accents[i]! >= least) kept.push(i);
  return {
    seconds: Float64Array.from(kept, (i) => o.seconds[i]!),
    accents: Float32Array.from(kept, (i) => accents[i]!),
  };
}

interface Rated {
  readonly seconds: Float64Array;
  readonly bpm: number;
  readonly score: number;
}

/** Weights of the regression. */
const WEIGHTS = {
  /** Score of the path, a second. */
  pathScore: 0.295,
  /** Mean accent of onsets on beats less that of the others. */
  contrast: 4.81,
  /** Natural logarithm of the tempo over 100 a minute, and its square. */
  slow: -0.061,
  slowSquared: -0.5,
  /** Share of excerpts read at this tempo, nearly (6 %) or about (15 %). */
  readClose: 1.478,
  readNear: 1.549,
};

function rate(o: Onsets, accents: Float32Array, track: BeatTrack, read: readonly number[]): Rated {
  const evidence = beatEvidence(o, accents, track, read);
  let score = 0;
  for (const name of Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]) score += WEIGHTS[name] * evidence[name];
  return { seconds: track.seconds, bpm: medianBpm(track.seconds), score };
}

/** What a track shows, by the names of `WEIGHTS`. */
function beatEvidence(
  o: Onsets,
  accents: Float32Array,
  track: BeatTrack,
  read: readonly number[],
): Record<keyof typeof WEIGHTS, number> {
  const { seconds } = track;
  const bpm = medianBpm(seconds);
  const slow = Math.log(bpm / 100);
  return {
    pathScore: track.score / (seconds[seconds.length - 1]! - seconds[0]!),
    contrast: contrast(o, accents, seconds),
    slow,
    slowSquared: slow * slow,
    readClose: agreement(bpm, read, 0.06),
    readNear: agreement(bpm, read, 0.15),
  };
}

function agreement(bpm: number, read: readonly number[], spread: number): number {
  let sum = 0;
  for (const other of read) sum += Math.exp(-0.5 * (Math.log(bpm / other) / spread) ** 2);
  return sum / read.length;
}

/** Mean accent of onsets on beats (within a tenth of a beat) less that of the others between first and last beat. */
function contrast(o: Onsets, accents: Float32Array, beats: Float64Array): number {
  let [on, off, sumOn, sumOff, b] = [0, 0, 0, 0, 0];
  const last = beats[beats.length - 1]!;
  for (let i = 0; i < o.count; i++) {
    const at = o.seconds[i]!;
    if (at < beats[0]! - 0.03) continue;
    if (at > last + 0.03) break;
    while (b < beats.length - 2 && beats[b + 1]! <= at) b++;
    const part = (at - beats[b]!) / (beats[b + 1]! - beats[b]!);
    if (Math.min(Math.abs(part), Math.abs(1 - part)) < 0.09) {
      on++;
      sumOn += accents[i]!;
    } else {
      off++;
      sumOff += accents[i]!;
    }
  }
  return (on > 0 ? sumOn / on : 0) - (off > 0 ? sumOff / off : 0);
}

/** 60 over the median beat. */
export function medianBpm(beats: Float64Array): number {
  const gaps = beats.subarray(1).map((s, i) => s - beats[i]!);
  gaps.sort();
  return 60 / gaps[gaps.length >> 1]!;
}

/** From the softmax share of all tracks at the chosen tempo, as pieces left out of the learning bear it out. */
function confidence(best: Rated, rated: readonly Rated[]): number {
  let [same, all] = [0, 0];
  for (const other of rated) {
    const weight = Math.exp(other.score - best.score);
    all += weight;
    if (Math.abs(other.bpm / best.bpm - 1) < 0.04) same += weight;
  }
  return 0.15 + (0.65 * same) / all;
}
