import { CHOICE } from "./learned-choice.ts";
import type { Onsets } from "./onsets.ts";
import { beatChance, type Tempogram, tempogram } from "./tempogram.ts";
import { type BeatTrack, type BeatTracker, FELT, FILLED, ODDS_TO_CHOOSE, ODDS_TO_PLACE } from "./track-beats.ts";

/**
 * The beats of a performance: which of several beat tracks a listener would tap.
 *
 * Method: the periods after which likely beats come again (tempogram.ts) are each followed through the piece by what
 * the network hears (track-beats.ts); a softmax regression over what each track shows chooses one. Weights and
 * calibration are learned (learned.ts says from what, and how often they are right).
 */
export interface ChosenBeats extends BeatTrack {
  /** Beats a minute, by the median. */
  readonly bpm: number;
  /** 0 to 1, the chance that the tempo is within 4 % of what a listener says. */
  readonly confidence: number;
  /** Other tempi that were looked at, the likeliest first, and the chance of each. */
  readonly alternatives: readonly TempoAlternative[];
  /** Share of the time from the first beat to the last in which beats were followed, 0 to 1; the rest is filled evenly. */
  readonly trackedShare: number;
  /** Its share of the regression's probability, 0 to 1: what `confidence` is made of. */
  readonly share: number;
  /** 0 to 1, how many of the beats are right: the F measure to expect. */
  readonly beatConfidence: number;
  /** What it shows, by the names of `EVIDENCE`. */
  readonly evidence: readonly number[];
}

export interface TempoAlternative {
  readonly bpm: number;
  /** 0 to 1. */
  readonly weight: number;
}

/** Candidates followed at most, through so many onsets from the middle of the piece. */
const MAX_FOLLOWED = 5;
const CHOICE_ONSETS = 2000;

/** What a track shows: the traits that the regression weighs, in order. */
export const EVIDENCE = [
  /** How strongly likely beats come again after the period, after two of them, and after half of it. */
  "again",
  "againAfterTwo",
  "againAfterHalf",
  /** Shares of its beats that are felt, and filled. */
  "felt",
  "filled",
  /** Share of the beats to expect that lie on it; mean chance and log-odds of its onsets. */
  "found",
  "chance",
  "odds",
  /** Natural logarithm of the upper over the lower quartile of the beats. */
  "uneven",
  /** Natural logarithm of the period over 0.55 seconds, and its square. */
  "slow",
  "slowSquared",
  /** Natural logarithm of the onsets to a beat, and its square. */
  "dense",
  "denseSquared",
] as const;

/** What was learned about the choice. */
export interface ChoiceWeights {
  /** By `EVIDENCE`: of the regression that chooses. */
  readonly weights: readonly number[];
  /** Of the chance that the tempo is right, a logistic regression: of the log-odds of its share, by `EVIDENCE`, its constant. */
  readonly tempo: readonly number[];
  readonly tempoBias: number;
  /** Of the share of beats that are right, a logistic regression: by `EVIDENCE`, and its constant. */
  readonly beats: readonly number[];
  readonly beatsBias: number;
}

/** A track and what it shows. */
export interface Candidate {
  readonly track: BeatTrack;
  readonly bpm: number;
  readonly evidence: readonly number[];
}

/** Null with fewer than 12 onsets, or when nothing regular is found. */
export function chooseBeats(o: Onsets, logOdds: Float32Array, tracker: BeatTracker): ChosenBeats | null {
  const chosen = choose(candidates(o, logOdds, tracker), CHOICE);
  return chosen === null ? null : place(chosen, o, logOdds, tracker);
}

/** Follows the chosen tempo once more, through more of the onsets. */
export function place(chosen: ChosenBeats, o: Onsets, logOdds: Float32Array, tracker: BeatTracker): ChosenBeats {
  const track = tracker.track(o.seconds.subarray(0, o.count), logOdds, 60 / chosen.bpm, ODDS_TO_PLACE);
  if (track === null || track.seconds.length < 4) return chosen;
  const gaps = gapsOf(track.seconds);
  return { ...chosen, ...track, bpm: 60 / gaps[gaps.length >> 1]!, trackedShare: trackedShare(track) };
}

/** The likeliest of the candidates, by other weights if need be; null without any. */
export function choose(found: readonly Candidate[], learned: ChoiceWeights): ChosenBeats | null {
  if (found.length === 0) return null;
  const scores = found.map(({ evidence }) => dot(evidence, learned.weights));
  const top = Math.max(...scores);
  const chances = scores.map((score) => Math.exp(score - top));
  const all = chances.reduce((sum, chance) => sum + chance, 0);
  const { track, bpm, evidence } = found[scores.indexOf(top)]!;
  const tempi = merged(found.map((one, i) => ({ bpm: one.bpm, weight: chances[i]! / all })));
  const share = tempi.find((other) => same(other.bpm, bpm))!.weight;
  const confidence = logistic(dot(tempoEvidence(share, evidence), learned.tempo) + learned.tempoBias);
  const rest = (1 - confidence) / Math.max(1e-9, 1 - share);
  return {
    ...track,
    bpm,
    evidence,
    confidence,
    share,
    beatConfidence: logistic(dot(evidence, learned.beats) + learned.beatsBias),
    alternatives: tempi.flatMap((other) =>
      same(other.bpm, bpm) ? [] : { bpm: other.bpm, weight: other.weight * rest },
    ),
    trackedShare: trackedShare(track),
  };
}

/** What tells a right tempo from a wrong one. */
export function tempoEvidence(share: number, evidence: readonly number[]): number[] {
  return [Math.min(8, Math.log(share / Math.max(1e-9, 1 - share))), ...evidence];
}

const logistic = (odds: number) => 1 / (1 + Math.exp(-odds));

/** Every track worth choosing from. */
export function candidates(o: Onsets, logOdds: Float32Array, tracker: BeatTracker): Candidate[] {
  if (o.count < 12) return [];
  const from = Math.max(0, (o.count - CHOICE_ONSETS) >> 1);
  const to = Math.min(o.count, from + CHOICE_ONSETS);
  return candidatesOf(o.seconds.subarray(from, to), logOdds.subarray(from, to), tracker);
}

function candidatesOf(seconds: Float64Array, logOdds: Float32Array, tracker: BeatTracker): Candidate[] {
  const chances = logOdds.map(beatChance);
  const again = tempogram(seconds, chances);
  const expected = chances.reduce((sum, chance) => sum + chance, 0);
  const out: Candidate[] = [];
  for (const period of again.peaks.slice(0, MAX_FOLLOWED)) {
    const track = tracker.track(seconds, logOdds, period, ODDS_TO_CHOOSE);
    if (track === null || track.seconds.length < 4) continue;
    const gaps = gapsOf(track.seconds);
    const bpm = 60 / gaps[gaps.length >> 1]!;
    out.push({ track, bpm, evidence: evidenceOf(track, gaps, again, logOdds, chances, expected) });
  }
  return out;
}

function evidenceOf(
  { onset }: BeatTrack,
  gaps: Float64Array,
  again: Tempogram,
  logOdds: Float32Array,
  chances: Float32Array,
  expected: number,
): number[] {
  const period = gaps[gaps.length >> 1]!;
  let [felt, filled, struck, chance, odds] = [0, 0, 0, 0, 0];
  for (const at of onset) {
    if (at === FELT) felt++;
    else if (at === FILLED) filled++;
    else {
      struck++;
      chance += chances[at]!;
      odds += Math.min(3, Math.max(-4, logOdds[at]!));
    }
  }
  const slow = Math.log(period / 0.55);
  const dense = Math.log(logOdds.length / onset.length);
  return [
    again.at(period),
    again.at(2 * period),
    again.at(period / 2),
    felt / onset.length,
    filled / onset.length,
    chance / Math.max(1e-9, expected),
    chance / struck,
    odds / struck,
    Math.log(gaps[(0.75 * gaps.length) | 0]! / gaps[(0.25 * gaps.length) | 0]!),
    slow,
    slow * slow,
    dense,
    dense * dense,
  ];
}

function trackedShare({ seconds, onset }: BeatTrack): number {
  let filled = 0;
  for (let b = 1; b < seconds.length; b++)
    if (onset[b] === FILLED || onset[b - 1] === FILLED) filled += seconds[b]! - seconds[b - 1]!;
  return 1 - filled / (seconds[seconds.length - 1]! - seconds[0]!);
}

const dot = (values: readonly number[], weights: readonly number[]) =>
  values.reduce((sum, value, i) => sum + value * weights[i]!, 0);

const same = (one: number, other: number) => Math.abs(one / other - 1) < 0.04;

/** The likeliest first; tempi within 4 % are one. */
function merged(all: readonly TempoAlternative[]): TempoAlternative[] {
  const out: { bpm: number; weight: number }[] = [];
  for (const { bpm, weight } of all.toSorted((a, b) => b.weight - a.weight)) {
    const known = out.find((other) => same(other.bpm, bpm));
    if (known) known.weight += weight;
    else out.push({ bpm, weight });
  }
  return out.sort((a, b) => b.weight - a.weight);
}

/** Ascending. */
function gapsOf(beats: Float64Array): Float64Array {
  return beats
    .subarray(1)
    .map((second, i) => second - beats[i]!)
    .sort();
}
