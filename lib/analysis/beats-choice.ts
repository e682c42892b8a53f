import { beatAccents } from "./beats-accents.ts";
import { MAX_EXCERPT, rhythmTempo } from "./beats-grammar.ts";
import type { Onsets } from "./beats-onsets.ts";
import { type BeatTrack, trackBeats } from "./beats-track.ts";

/**
 * The beats of a performance: which of several beat tracks a listener would tap.
 *
 * Method: six excerpts are read as written rhythms (beats-grammar.ts); the tempi they suggest, and their duple and
 * triple relatives, are each followed through the middle of the piece by accents (beats-track.ts); a softmax
 * regression over what each track shows chooses one, which is followed through the whole piece. The regression was
 * learned on 107 performances with known beats: 22 real ones, 39 fugues and 46 other scores under tempo curves.
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
  const middle = middleOf(o, accents);
  const tracks = candidatePeriods(read).map((period) => follow(middle, KEPT_TO_CHOOSE, period));
  const rated = tracks.filter((track) => track.seconds.length >= 4).map((track) => rate(o, accents, track, read));
  if (rated.length === 0) return null;
  const best = rated.reduce((a, b) => (b.score > a.score ? b : a));
  const { seconds } = follow({ seconds: o.seconds.subarray(0, o.count), accents }, KEPT_TO_FOLLOW, 60 / best.bpm);
  if (seconds.length < 4) return null;
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

/** Periods in seconds worth following: those read, and the middle one's double, half, three halves and two thirds. */
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

/** Onsets and their accents. */
interface Accented {
  readonly seconds: Float64Array;
  readonly accents: Float32Array;
}

/** Onsets from the middle of the piece that candidates are compared on. */
const CHOICE_ONSETS = 900;

function middleOf(o: Onsets, accents: Float32Array): Accented {
  const from = Math.max(0, Math.floor((o.count - CHOICE_ONSETS) / 2));
  const to = Math.min(o.count, from + CHOICE_ONSETS);
  return { seconds: o.seconds.subarray(from, to), accents: accents.subarray(from, to) };
}

/** Onsets kept for each period, the strongest: few are enough to choose by, more place the beats better. */
const KEPT_TO_CHOOSE = 2.5;
const KEPT_TO_FOLLOW = 4;

function follow(all: Accented, perPeriod: number, period: number): BeatTrack {
  const { seconds, accents } = strongest(all, perPeriod, period);
  return trackBeats(seconds, accents, period);
}

function strongest(all: Accented, perPeriod: number, period: number): Accented {
  const { seconds, accents } = all;
  const count = seconds.length;
  const wanted = Math.ceil((perPeriod * (seconds[count - 1]! - seconds[0]!)) / period);
  if (wanted >= count) return all;
  const least = accents.toSorted()[count - wanted]!;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) if (accents[i]! >= least) kept.push(i);
  return {
    seconds: Float64Array.from(kept, (i) => seconds[i]!),
    accents: Float32Array.from(kept, (i) => accents[i]!),
  };
}

interface Rated {
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
  return { bpm: medianBpm(track.seconds), score };
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
