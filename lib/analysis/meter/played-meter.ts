import type { Onsets } from "../beats/onsets.ts";
import { pulsePositions, type TrackedPulse } from "../beats/pulse.ts";
import { PLAYED } from "./learned-played.ts";
import type { Signature } from "./meter.ts";
import { type PlayedBars, playedBars } from "./played-bars.ts";

/**
 * The meter of a performance, and its bar lines.
 *
 * Method: the bars heard by the network (played-bars.ts) and how onsets divide the beat, in a softmax regression over
 * meters (learned-played.ts says from what, and how often it is right).
 */
export interface PlayedMeter extends Signature {
  /** 0 to 1, the chance that numerator and denominator are both right. */
  readonly confidence: number;
  /** For each beat of the pulse, 1 where a bar begins. */
  readonly downbeat: Uint8Array;
  /** 0 to 1, how many of the bar lines are right: the F measure to expect. */
  readonly barConfidence: number;
}

/** What was learned about the meters of performances. */
export interface PlayedWeights {
  readonly meters: readonly string[];
  /** By evidence and meter; and a constant for each meter. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** Factor on the scores, by pieces left out of the learning: what makes the confidence honest. */
  readonly slope: number;
  /** Of the share of bar lines that are right, a logistic regression: by `barEvidence`, and its constant. */
  readonly bars: readonly number[];
  readonly barsBias: number;
}

/** A kind of piece that a title names, and what it says of the meter: the numerators it is written in. */
export type NamedMeter = readonly string[];

export function playedMeter(o: Onsets, pulse: TrackedPulse, named: NamedMeter | null): PlayedMeter {
  const bars = playedBars(pulse);
  const evidence = playedEvidence(o, pulse, bars);
  const scores = PLAYED.bias.map(
    (start, m) => PLAYED.slope * evidence.reduce((sum, x, i) => sum + x * PLAYED.weights[i]![m]!, start),
  );
  if (named !== null)
    PLAYED.meters.forEach((name, m) => {
      scores[m]! += named.includes(name) ? NAMED_WEIGHT : 0;
    });
  const top = Math.max(...scores);
  const all = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
  const [numerator, denominator] = PLAYED.meters[scores.indexOf(top)]!.split("/").map(Number) as [number, number];
  return {
    numerator,
    denominator,
    confidence: 1 / all,
    downbeat: bars.downbeat,
    barConfidence: barConfidence(pulse, bars),
  };
}

/** Log-odds that a title gives the meters it names. */
const NAMED_WEIGHT = 2.5;

/** What is weighed, in order: see `playedEvidence`. */
export function playedEvidence(o: Onsets, pulse: TrackedPulse, { shares, alone }: PlayedBars): number[] {
  const beats = pulse.seconds.length;
  const [two, three, four] = alone.map((score) => score / beats) as [number, number, number];
  const most = Math.max(two, three, four);
  const root = Math.sqrt(beats);
  return [
    // How far bars of each length alone fall behind the best, sure with many beats; and how they compare.
    ...[two, three, four].map((score) => (score - most) * root),
    two - four,
    two - three,
    three - four,
    most,
    ...shares,
    Math.log(pulse.bpm / 100),
    Math.log(o.count / beats),
    ...divisions(pulsePositions(o, pulse, 1)),
  ];
}

/** Shares of the onsets on halves, thirds, quarters and sixths of the beat. */
function divisions(positions: Float64Array): number[] {
  const twelfths = new Float64Array(12);
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!;
    twelfths[Math.round(12 * (position - Math.floor(position))) % 12]!++;
  }
  const share = (...places: number[]) => places.reduce((sum, place) => sum + twelfths[place]!, 0) / positions.length;
  return [share(6), share(4, 8), share(3, 9), share(2, 10)];
}

/** What tells right bar lines from wrong ones, in order. */
export function barEvidence(pulse: TrackedPulse, { downbeat }: PlayedBars): number[] {
  let [on, off, bars, others] = [0, 0, 0, 0];
  for (let b = 0; b < downbeat.length; b++) {
    const at = pulse.onset[b]!;
    const chance = at < 0 ? 0 : 1 / (1 + Math.exp(-pulse.downbeatOdds[at]!));
    if (downbeat[b] === 1) {
      on += chance;
      bars++;
    } else {
      off += chance;
      others++;
    }
  }
  return [on / Math.max(1, bars), off / Math.max(1, others), ...pulse.evidence];
}

function barConfidence(pulse: TrackedPulse, bars: PlayedBars): number {
  const odds = barEvidence(pulse, bars).reduce((sum, x, i) => sum + x * PLAYED.bars[i]!, PLAYED.barsBias);
  return 1 / (1 + Math.exp(-odds));
}
