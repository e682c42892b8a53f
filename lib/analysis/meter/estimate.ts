import type { Onsets } from "../beats/onsets.ts";
import { type GridPulse, pulsePositions } from "../beats/pulse.ts";
import type { Piece } from "../piece/piece.ts";
import { type AccentBuffers, type Accents, accents, createAccentBuffers, HARMONY, LENGTH, ONSET } from "./accents.ts";
import { endingOf, firstBarLine } from "./bar-line.ts";
import { barsOf, type Stretch, stretches } from "./changes.ts";
import { Folds } from "./folds.ts";
import type { Signature } from "./meter.ts";
import { CALIBRATION, FORM_WEIGHTS, LAGS, METERS, type MeterCandidate, REPEAT_WEIGHTS } from "./meters.ts";
import { type Notation, notation } from "./notation.ts";
import { ratePhases } from "./phases.ts";
import { createRepetitionBuffers, type Repetition, type RepetitionBuffers, repetition } from "./repetition.ts";

/**
 * The likeliest meter of the notes themselves, and where its bars begin.
 *
 * Method: accents on a grid of sixteenths are folded on the bar of each candidate and compared with its metrical
 * hierarchy at every phase (Palmer & Krumhansl 1990), joined by how much repeats after a beat and after one, two and
 * four bars (autocorrelation, Brown 1993; Toiviainen & Eerola 2006), in a softmax regression over meters and phases
 * (tables/meters.ts). Null with fewer than 8 onsets or less than a bar of music.
 */
export interface MeterEstimate {
  readonly numerator: number;
  readonly denominator: number;
  /** 0 to 1, calibrated: the share of such answers that is right. */
  readonly confidence: number;
  readonly firstDownbeatTick: number;
  /** Where each meter begins, the opening one included; empty when it does not change or changes were not sought. */
  readonly changes: readonly (Signature & { readonly tick: number })[];
}

/** What the search for the meter writes into; see `Scratch` in ../scratch.ts. */
export interface MeterScratch {
  readonly accents: AccentBuffers;
  readonly repetition: RepetitionBuffers;
}

export function createMeterScratch(): MeterScratch {
  return { accents: createAccentBuffers(), repetition: createRepetitionBuffers() };
}

const MIN_ONSETS = 8;

/** A meter with such a share of the probability holds throughout. */
const UNMISTAKABLE = 0.8;

/** `seekChanges`: also look for changes, in a score. */
export function estimateMeter(
  piece: Piece,
  o: Onsets,
  pulse: GridPulse,
  seekChanges: boolean,
  scratch: MeterScratch,
): MeterEstimate | null {
  if (o.count < MIN_ONSETS) return null;
  const positions = pulsePositions(o, pulse, piece.ticksPerQuarter);
  const pulses = positions[o.count - 1]! - positions[0]!;
  const found = accents(
    o,
    positions,
    (o.seconds[o.count - 1]! - o.seconds[0]!) / Math.max(pulses, 1e-6),
    scratch.accents,
  );
  if (found === null) return null;
  const folds = new Folds(found);
  const written = notation(found, o, positions, piece.voices.length);
  const ending = endingOf(piece, o, pulse, positions, found.start);
  const scores = rate(found, folds, written, ending.end, scratch.repetition);
  const { best, share } = likeliest(scores);
  if (seekChanges && share < UNMISTAKABLE) {
    const parts = stretches(found, scores, (part) => rate(part, new Folds(part), written, null, scratch.repetition));
    if (parts.length > 1) return changing(piece, pulse, found, parts, written.lone);
  }
  const barLine = firstBarLine(best, found, folds, ending);
  return {
    numerator: best.numerator,
    denominator: best.denominator,
    confidence: calibrated(share, written.lone),
    firstDownbeatTick: downbeatTick(piece, pulse, found.start + barLine, best.bar),
    changes: [],
  };
}

/** The meter that holds longest, and all in order. */
function changing(piece: Piece, pulse: GridPulse, a: Accents, parts: readonly Stretch[], lone: boolean): MeterEstimate {
  const bars = barsOf(a, parts);
  const tickAt = (step: number) => Math.round(pulse.phaseTicks + ((a.start + step) * piece.ticksPerQuarter) / 4);
  const opening = downbeatTick(piece, pulse, a.start + bars[0]!.from, bars[0]!.meter.bar);
  const changes = bars.map(({ meter, from }, i) => ({
    tick: i === 0 ? opening : tickAt(from),
    numerator: meter.numerator,
    denominator: meter.denominator,
  }));
  const held = (i: number) => (bars[i + 1]?.from ?? a.length) - bars[i]!.from;
  const main = bars.reduce((longest, _, i) => (held(i) > held(longest) ? i : longest), 0);
  const { numerator, denominator } = bars[main]!.meter;
  const confidence = calibrated(likeliest(parts[main]!.scores).share, lone);
  return { numerator, denominator, confidence, firstDownbeatTick: opening, changes };
}

/** Scores each of `METERS`, -Infinity those not asked. `end`: sixteenths from the first onset to the last note's end. */
function rate(
  a: Accents,
  folds: Folds,
  { lone, traits }: Notation,
  end: number | null,
  buffers: RepetitionBuffers,
): number[] {
  const repeats = repetition(a, buffers);
  return METERS.map((candidate) => {
    if (!worthAsking(candidate, repeats)) return Number.NEGATIVE_INFINITY;
    let score = candidate.bias;
    for (let i = 0; i < traits.length; i++) score += traits[i]! * candidate.notation[i]!;
    if (lone && end !== null) score += formScore(candidate.bar, end);
    return score + ratePhases(candidate, a, folds).total + repetitionScore(candidate, folds, repeats);
  });
}

/** The best meter and its share of the probability of all. */
function likeliest(scores: readonly number[]): { best: MeterCandidate; share: number } {
  const top = Math.max(...scores);
  const all = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
  return { best: METERS[scores.indexOf(top)]!, share: 1 / all };
}

function calibrated(share: number, lone: boolean): number {
  const { slope, offset, most } = lone ? CALIBRATION.lone : CALIBRATION.full;
  const odds = Math.exp(offset) * (share / (1 - share + 1e-9)) ** slope;
  return Math.min(most, odds / (1 + odds));
}

/** Whether more comes again after a bar of five, seven or nine than after one a beat shorter or longer; others always are. */
function worthAsking({ numerator, bar, beat }: MeterCandidate, { pitches, onsets }: Repetition): boolean {
  if (numerator !== 5 && numerator !== 7 && numerator !== 9) return true;
  const after = (lag: number) => pitches[lag]! + onsets[lag]!;
  return after(bar) > after(bar - beat) && after(bar) > after(bar + beat);
}

function repetitionScore({ bar, beat }: MeterCandidate, folds: Folds, { pitches, onsets }: Repetition): number {
  const w = REPEAT_WEIGHTS;
  const fourBars = 4 * bar <= LAGS.at(-1)! ? 4 * bar : 48;
  const beatOnset = folds.explained(beat, ONSET);
  const beatLength = folds.explained(beat, LENGTH);
  return (
    w.pitchesAfterBar * pitches[bar]! +
    w.onsetsAfterBar * onsets[bar]! +
    w.pitchesAfterTwoBars * pitches[2 * bar]! +
    w.onsetsAfterTwoBars * onsets[2 * bar]! +
    w.pitchesAfterFourBars * pitches[fourBars]! +
    w.onsetsAfterFourBars * onsets[fourBars]! +
    w.pitchesAfterBeat * pitches[beat]! +
    w.onsetsAfterBeat * onsets[beat]! +
    w.barOnset * (folds.explained(bar, ONSET) - beatOnset) +
    w.barLength * (folds.explained(bar, LENGTH) - beatLength) +
    w.barHarmony * (folds.explained(bar, HARMONY) - folds.explained(beat, HARMONY)) +
    w.beatOnset * beatOnset +
    w.beatLength * beatLength
  );
}

/** What a tune's length says of its bar, both in sixteenths. */
function formScore(bar: number, length: number): number {
  const w = FORM_WEIGHTS;
  const whole = (bars: number) => {
    const over = length % (bars * bar);
    return over < 2 || over > bars * bar - 2;
  };
  const near = (bars: number) => Math.abs(length / bar - bars) < 0.26;
  let score = length < 7.5 * bar ? w.few : 0;
  if (whole(2)) score += w.twoBars;
  if (whole(4)) score += w.fourBars;
  if (whole(8)) score += w.eightBars;
  if (whole(16)) score += w.sixteenBars;
  if (near(8)) score += w.eight;
  if (near(16)) score += w.sixteen;
  return score;
}

/** The tick of the first bar line from tick 0 on. */
function downbeatTick(piece: Piece, pulse: GridPulse, downbeat: number, bar: number): number {
  const first = ((downbeat % bar) + bar) % bar;
  const tick = pulse.phaseTicks + (first * piece.ticksPerQuarter) / 4;
  const length = (bar * piece.ticksPerQuarter) / 4;
  return Math.round(tick - Math.floor(tick / length) * length);
}
