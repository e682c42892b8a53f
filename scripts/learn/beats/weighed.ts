import {
  type Candidate,
  type ChoiceWeights,
  type ChosenBeats,
  candidates,
  choose,
  EVIDENCE,
  place,
  tempoEvidence,
} from "../../../lib/analysis/beats/choice.ts";
import { createBeatNetwork } from "../../../lib/analysis/beats/network.ts";
import type { NetworkTable } from "../../../lib/analysis/beats/network-weights.ts";
import type { Onsets } from "../../../lib/analysis/beats/onsets.ts";
import type { TrackedPulse } from "../../../lib/analysis/beats/pulse.ts";
import { BeatTracker } from "../../../lib/analysis/beats/track-beats.ts";
import { type PlayedBars, playedBars } from "../../../lib/analysis/meter/played-bars.ts";
import { barEvidence, type PlayedWeights, playedEvidence } from "../../../lib/analysis/meter/played-meter.ts";
import { fitChoice, fitClasses, fitRate } from "../regression.ts";
import { type Annotated, type BeatTruth, onsetsOf } from "./annotated.ts";

/** A performance heard by a network that was not taught its composition. */
export interface HeardPiece {
  readonly fold: number;
  /** Counts for less when its composition has many performances. */
  readonly weight: number;
  readonly onsets: Onsets;
  readonly beatOdds: Float32Array;
  readonly downbeatOdds: Float32Array;
  readonly truth: BeatTruth;
  readonly bpm: number;
  readonly meter: string;
  readonly candidates: readonly Candidate[];
}

/** Meters that a performance may be said to be in. */
const METERS = ["4/4", "3/4", "2/4", "6/8", "3/8", "2/2", "6/4", "12/8", "9/8", "4/2", "3/2"] as const;

export function hearPieces(
  pieces: readonly Annotated[],
  folds: Readonly<Record<string, number>>,
  tables: readonly NetworkTable[],
): HeardPiece[] {
  const networks = tables.map((table) => createBeatNetwork(table));
  const tracker = new BeatTracker();
  const counts = Map.groupBy(pieces, ({ composition }) => composition);
  return pieces.map(({ notes, truth, composition }) => {
    const fold = folds[composition]!;
    const onsets = onsetsOf(notes);
    const heard = networks[fold]!.hear(onsets);
    return {
      fold,
      weight: counts.get(composition)!.length ** -0.5,
      onsets,
      beatOdds: heard.beat,
      downbeatOdds: heard.downbeat,
      truth,
      bpm: medianBpm(truth.time),
      meter: commonest(truth.meter),
      candidates: candidates(onsets, heard.beat, tracker),
    };
  });
}

/** Half of the weight is on the right tempo, half on the best beats. */
const BEATS_SHARPNESS = 8;

export function learnChoice(heard: readonly HeardPiece[]): ChoiceWeights {
  const questions = heard.flatMap(({ candidates, truth, bpm, weight }) => {
    if (candidates.length === 0) return [];
    const near = shares(candidates.map((one) => (Math.abs(one.bpm / bpm - 1) <= 0.05 ? 1 : 0)));
    const good = shares(candidates.map(({ track }) => Math.exp(BEATS_SHARPNESS * fMeasure(track.seconds, truth.time))));
    return [
      {
        answers: candidates.map(({ evidence }) => evidence),
        right: near.map((part, i) => (part + good[i]!) / 2),
        weight,
      },
    ];
  });
  const none = questions[0]!.answers[0]!.map(() => 0);
  const plain = {
    weights: fitChoice(questions, 3e-3).map(neitherQuickNorSlow),
    tempo: [0, ...none],
    tempoBias: 0,
    beats: none,
    beatsBias: 0,
  };
  const chosen = heard.flatMap((piece) => {
    const found = chosenBeats(piece, plain);
    return found ? [{ piece, found }] : [];
  });
  const tempo = fitRate(
    chosen.map(({ piece, found }) => ({
      traits: tempoEvidence(found.share, found.evidence),
      target: isNear(found.bpm, piece.bpm) ? 1 : 0,
      weight: piece.weight,
    })),
    1e-2,
  );
  const beats = fitRate(
    chosen.map(({ piece, found }) => ({
      traits: found.evidence,
      target: fMeasure(found.seconds, piece.truth.time),
      weight: piece.weight,
    })),
    1e-3,
  );
  return { ...plain, tempo: tempo.weights, tempoBias: tempo.bias, beats: beats.weights, beatsBias: beats.bias };
}

/**
 * Piano works have long and short beats; a listener's lie about half a second. So much at least speaks against what is
 * far from that, whatever the pieces learned from say: it costs them 0.002 of their beats.
 */
const LEAST_AGAINST_EXTREMES = -0.8;

function neitherQuickNorSlow(weight: number, trait: number): number {
  return EVIDENCE[trait] === "slowSquared" ? Math.min(weight, LEAST_AGAINST_EXTREMES) : weight;
}

function shares(values: readonly number[]): number[] {
  const all = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (all > 0 ? value / all : 0));
}

export const isNear = (said: number, truth: number) => Math.abs(said / truth - 1) <= 0.04;

const placing = new BeatTracker();

function chosenBeats({ candidates, onsets, beatOdds }: HeardPiece, weights: ChoiceWeights): ChosenBeats | null {
  const chosen = choose(candidates, weights);
  return chosen === null ? null : place(chosen, onsets, beatOdds, placing);
}

/** A performance with its beats chosen and its bars laid. */
export interface Followed {
  readonly piece: HeardPiece;
  readonly pulse: TrackedPulse;
  readonly bars: PlayedBars;
  readonly evidence: readonly number[];
}

export function follow(piece: HeardPiece, weights: ChoiceWeights): Followed | null {
  const chosen = chosenBeats(piece, weights);
  if (chosen === null) return null;
  const pulse: TrackedPulse = { source: "tracked", phaseTicks: 0, downbeatOdds: piece.downbeatOdds, ...chosen };
  const bars = playedBars(pulse);
  return { piece, pulse, bars, evidence: playedEvidence(piece.onsets, pulse, bars) };
}

export function learnPlayed(followed: readonly Followed[]): PlayedWeights {
  const known = followed.filter(({ piece }) => (METERS as readonly string[]).includes(piece.meter));
  const examples = known.map(({ piece, evidence }) => ({
    traits: evidence,
    target: (METERS as readonly string[]).indexOf(piece.meter),
    weight: piece.weight,
  }));
  const { weights, bias } = fitClasses(examples, METERS.length, 0.3);
  const rates = followed.map(({ piece, pulse, bars }) => ({
    traits: barEvidence(pulse, bars),
    target: fMeasure(downbeatsOf(pulse, bars), downbeatTimes(piece.truth)),
    weight: piece.weight,
  }));
  const { weights: barWeights, bias: barsBias } = fitRate(rates, 1e-3);
  return { meters: METERS, weights, bias, slope: 1, bars: barWeights, barsBias };
}

/** The log-likelihood of each meter. */
export function meterScores({ evidence }: Followed, { weights, bias }: PlayedWeights): number[] {
  return bias.map((start, m) => evidence.reduce((sum, x, i) => sum + x * weights[i]![m]!, start));
}

export function meterOf(followed: Followed, played: PlayedWeights): string {
  const scores = meterScores(followed, played);
  return played.meters[scores.indexOf(Math.max(...scores))]!;
}

/** The factor on the scores of pieces left out that makes the truth likeliest. */
export function sharpness(pieces: readonly { scores: readonly number[]; target: number; weight: number }[]): number {
  let [best, top] = [1, Number.NEGATIVE_INFINITY];
  for (let slope = 0.5; slope < 4; slope *= 1.05) {
    const likelihood = pieces.reduce((sum, { scores, target, weight }) => {
      const all = scores.reduce((total, score) => total + Math.exp(slope * score), 0);
      return target < 0 ? sum : sum + weight * (slope * scores[target]! - Math.log(all));
    }, 0);
    if (likelihood > top) [best, top] = [slope, likelihood];
  }
  return best;
}

export function downbeatsOf(pulse: TrackedPulse, bars: PlayedBars): Float64Array {
  return pulse.seconds.filter((_, b) => bars.downbeat[b] === 1);
}

export function downbeatTimes({ time, downbeat }: BeatTruth): number[] {
  return time.filter((_, b) => downbeat[b]);
}

/** F measure of times within 70 ms, the first 5 seconds left out. */
export function fMeasure(said: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [i, j, hits] = [0, 0, 0];
  while (i < said.length && said[i]! < 5) i++;
  while (j < truth.length && truth[j]! < 5) j++;
  const all = said.length - i + truth.length - j;
  while (i < said.length && j < truth.length) {
    const off = said[i]! - truth[j]!;
    if (Math.abs(off) <= 0.07) {
      hits++;
      i++;
      j++;
    } else if (off < 0) i++;
    else j++;
  }
  return all === 0 ? 1 : (2 * hits) / all;
}

function medianBpm(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  return 60 / gaps.sort((a, b) => a - b)[gaps.length >> 1]!;
}

function commonest(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}
