import type { Onsets } from "./beats-onsets.ts";
import { type Pulse, pulsePositions } from "./beats-pulse.ts";
import type { Material } from "./material.ts";
import type { Signature } from "./meter.ts";
import { ACCENTS, type Accents, accents } from "./meter-accents.ts";
import { Folds } from "./meter-folds.ts";
import { type Repetition, repetition } from "./meter-repetition.ts";
import { METERS, type MeterCandidate, PHASE_WEIGHTS, REPEAT_WEIGHTS, SHARPNESS } from "./tables/meters.ts";

/**
 * The likeliest meter of the notes themselves, and where its bars begin.
 *
 * Method: accents on a grid of sixteenths are folded on the bar of each candidate and compared with its metrical
 * hierarchy at every phase (Palmer & Krumhansl 1990), joined by how much repeats after a bar and a beat
 * (autocorrelation, Brown 1993; Toiviainen & Eerola 2006), in a softmax regression (tables/meters.ts).
 * Null with fewer than 8 onsets or less than a bar of music.
 */
export interface MeterEstimate {
  readonly numerator: number;
  readonly denominator: number;
  /** 0 to 1, calibrated: the share of such answers that is right. */
  readonly confidence: number;
  readonly firstDownbeatTick: number;
}

const MIN_ONSETS = 8;

export function estimateMeter(m: Material, o: Onsets, pulse: Pulse): MeterEstimate | null {
  if (o.count < MIN_ONSETS) return null;
  const positions = pulsePositions(o, pulse, m.ticksPerQuarter);
  const pulses = positions[o.count - 1]! - positions[0]!;
  const found = accents(o, positions, (o.seconds[o.count - 1]! - o.seconds[0]!) / Math.max(pulses, 1e-6));
  if (found === null) return null;
  const folds = new Folds(found);
  const repeats = repetition(found);
  const candidates = pulse.source === "grid" ? METERS : METERS.filter((c) => c.denominator === 4 && c.numerator <= 4);
  const scored = candidates.map((candidate) => rate(candidate, found, folds, repeats, pulse.source));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  const total = scored.reduce((sum, s) => sum + Math.exp(SHARPNESS * (s.score - best.score)), 0);
  return {
    ...written(best.candidate, pulse, positions),
    confidence: pulse.source === "grid" ? 1 / total : pulse.confidence / total,
    firstDownbeatTick: downbeatTick(m, pulse, best.downbeat, best.candidate.bar),
  };
}

const THIRDS_OVER_HALVES = 1.3;
/** Beats found in a performance blur the accents of the bar: the commonest meter is likelier than in a score. */
const TRACKED_COMMON_TIME = 0.5;

/** Tracked beats that divide into thirds are dotted quarters: two or four of them are mostly written 6/8, three 9/8. */
function written({ numerator, denominator }: MeterCandidate, pulse: Pulse, positions: Float64Array): Signature {
  if (pulse.source === "grid") return { numerator, denominator };
  let [thirds, halves] = [0, 0];
  for (const position of positions) {
    const part = position - Math.floor(position);
    if (Math.abs(part - 1 / 3) < 0.06 || Math.abs(part - 2 / 3) < 0.06) thirds++;
    else if (Math.abs(part - 0.5) < 0.08 || Math.abs(part - 0.25) < 0.05 || Math.abs(part - 0.75) < 0.05) halves++;
  }
  if (thirds <= THIRDS_OVER_HALVES * halves) return { numerator, denominator };
  return { numerator: numerator === 3 ? 9 : 6, denominator: 8 };
}

interface Rated {
  readonly candidate: MeterCandidate;
  readonly score: number;
  /** Sixteenth of the pulse grid on which a bar begins. */
  readonly downbeat: number;
}

function rate(
  candidate: MeterCandidate,
  a: Accents,
  folds: Folds,
  repeats: Repetition,
  source: Pulse["source"],
): Rated {
  const common = source === "tracked" && candidate.numerator === 4 ? TRACKED_COMMON_TIME : 0;
  const { phase, score } = bestPhase(candidate, a, folds);
  return {
    candidate,
    score: score + candidate.bias + common + repetitionScore(candidate, folds, repeats),
    downbeat: a.start + phase,
  };
}

const profile = new Float64Array(32);
const beatSums = new Float64Array(32);
const atBarLine = new Float64Array(32);

/** The phase of the bar, in sixteenths after the first onset, at which accents fit the candidate best. */
function bestPhase(candidate: MeterCandidate, a: Accents, folds: Folds): { phase: number; score: number } {
  const { bar, beat, template } = candidate;
  profile.fill(0);
  atBarLine.fill(0);
  for (let kind = 0; kind < ACCENTS.length; kind++) {
    if (!a.present[kind]) continue;
    const fold = folds.of(bar, kind);
    addProfile(fold, kind, bar);
    addBeats(fold, kind, bar, beat);
  }
  let best = { phase: 0, score: Number.NEGATIVE_INFINITY };
  for (let phase = 0; phase < bar; phase++) {
    let score = atBarLine[phase]!;
    for (let t = 0, at = phase; t < bar; t++) {
      score += profile[at]! * template[t]!;
      if (++at === bar) at = 0;
    }
    if ((a.start + phase) % bar === 0) score += PHASE_WEIGHTS.fromStart;
    if (score > best.score) best = { phase, score };
  }
  return best;
}

/** Adds one kind's folded accents, mean 0 and length 1, to the weighted profile. */
function addProfile(fold: Float64Array, kind: number, bar: number): void {
  const mean = sum(fold) / bar;
  let squares = 0;
  for (let t = 0; t < bar; t++) squares += (fold[t]! - mean) * (fold[t]! - mean);
  if (squares < 1e-18) return;
  const weight = PHASE_WEIGHTS.fit[kind]! / Math.sqrt(squares);
  for (let t = 0; t < bar; t++) profile[t]! += weight * (fold[t]! - mean);
}

/** Adds, for each phase, how the accent of the bar line stands out among the beats, and how unequal the beats are. */
function addBeats(fold: Float64Array, kind: number, bar: number, beat: number): void {
  const peak = PHASE_WEIGHTS.peak[kind] ?? 0;
  const spread = PHASE_WEIGHTS.spread[kind] ?? 0;
  const beats = Math.ceil(bar / beat);
  for (let phase = 0; phase < bar; phase++) {
    let mean = 0;
    for (let b = 0, at = phase; b < beats; b++) {
      beatSums[b] = fold[at]!;
      mean += fold[at]! / beats;
      if ((at += beat) >= bar) at -= bar;
    }
    if (mean < 1e-9) continue;
    let unequal = 0;
    for (let b = 0; b < beats; b++) {
      const off = beatSums[b]! / mean - 1;
      unequal += off * off;
    }
    atBarLine[phase]! +=
      (peak * Math.min(2, fold[phase]! / mean - 1)) / 2 + spread * Math.min(2, Math.sqrt(unequal / beats));
  }
}

function repetitionScore({ bar, beat }: MeterCandidate, folds: Folds, r: Repetition): number {
  const w = REPEAT_WEIGHTS;
  const beatOnset = folds.explained(beat, 0);
  const beatLength = folds.explained(beat, 1);
  return (
    w.pitchesAfterBar * r.pitches[bar]! +
    w.onsetsAfterBar * r.onsets[bar]! +
    w.pitchesAfterTwoBars * r.pitches[2 * bar]! +
    w.onsetsAfterTwoBars * r.onsets[2 * bar]! +
    w.pitchesAfterBeat * r.pitches[beat]! +
    w.onsetsAfterBeat * r.onsets[beat]! +
    w.barOnset * (folds.explained(bar, 0) - beatOnset) +
    w.barLength * (folds.explained(bar, 1) - beatLength) +
    w.barHarmony * (folds.explained(bar, 3) - folds.explained(beat, 3)) +
    w.barBass * (folds.explained(bar, 2) - folds.explained(beat, 2)) +
    w.barKick * (folds.explained(bar, 5) - folds.explained(beat, 5)) +
    w.beatOnset * beatOnset +
    w.beatLength * beatLength
  );
}

/** The tick of the first bar line from tick 0 on (grid), or of the tracked beat nearest the first bar line. */
function downbeatTick(m: Material, pulse: Pulse, downbeat: number, bar: number): number {
  if (pulse.source === "grid") {
    const first = ((downbeat % bar) + bar) % bar;
    const tick = pulse.phaseTicks + (first * m.ticksPerQuarter) / 4;
    const length = (bar * m.ticksPerQuarter) / 4;
    return Math.round(tick - Math.floor(tick / length) * length);
  }
  const beat = Math.min(pulse.seconds.length - 1, Math.max(0, Math.round(downbeat / 4)));
  return Math.round(m.time.tickAt(pulse.seconds[beat]!));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
