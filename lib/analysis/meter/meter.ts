import type { Onsets } from "../beats/onsets.ts";
import type { PerformedFeature } from "../beats/performed.ts";
import type { Pulse } from "../beats/pulse.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { estimateMeter, type MeterEstimate, type MeterScratch } from "./estimate.ts";
import { meterMetas } from "./metas.ts";
import type { PlayedMeter } from "./played-meter.ts";

/**
 * The time signature that holds for most of the piece, and where it changes.
 *
 * Source "meta": the file's own time signatures, taken by the time each one holds (a pickup bar written as 1/4 does
 * not count), unless they cannot be meant: bars of one beat, or the unset 4/4 of a recording whose notes ignore the
 * file's beats. Source "estimated": from accents and repetition (see meter-estimate.ts). Null without either.
 */
export interface MeterFeature {
  readonly numerator: number;
  readonly denominator: number;
  readonly source: "meta" | "estimated";
  /** 0 to 1, the chance that numerator and denominator are both right. */
  readonly confidence: number;
  /** Tick of the first bar line at or after the first note's bar began; with a pickup the bar line after it. */
  readonly firstDownbeatTick: number;
  readonly firstDownbeatSeconds: number;
  /** The metas' main time signature, also when it was not believed; null without one. */
  readonly meta: Signature | null;
  /** What the notes say, also when the metas were believed; null when they say nothing. */
  readonly estimated: (Signature & { readonly confidence: number }) | null;
  /** The changes the metas state or, "estimated", the notes show, the opening signature included; empty when those show none. */
  readonly changes: readonly MeterChange[];
}

export interface Signature {
  readonly numerator: number;
  readonly denominator: number;
}

export interface MeterChange extends Signature {
  readonly tick: number;
  readonly seconds: number;
}

/** Changes listed at most; a file with more has nonsense in it. */
export const MAX_CHANGES = 512;

export function meter(
  piece: Piece,
  p: PerformedFeature,
  o: Onsets,
  pulse: Pulse | null,
  played: PlayedMeter | null,
  scratch: MeterScratch,
): MeterFeature | null {
  const metas = meterMetas(piece, pulse, p);
  const estimated = estimateOf(piece, o, pulse, played, !metas?.believed, scratch);
  const guess = estimated && {
    numerator: estimated.numerator,
    denominator: estimated.denominator,
    confidence: round(estimated.confidence, 3),
  };
  if (metas?.believed) {
    const agrees = guess?.numerator === metas.main.numerator && guess.denominator === metas.main.denominator;
    return {
      ...metas.main,
      source: "meta",
      confidence: agrees ? 0.97 : metas.confidence,
      firstDownbeatTick: metas.firstDownbeatTick,
      firstDownbeatSeconds: seconds(piece, metas.firstDownbeatTick),
      meta: metas.main,
      estimated: guess,
      changes: metas.changes.slice(0, MAX_CHANGES),
    };
  }
  if (estimated === null) return null;
  return {
    numerator: estimated.numerator,
    denominator: estimated.denominator,
    source: "estimated",
    confidence: round(estimated.confidence, 3),
    firstDownbeatTick: estimated.firstDownbeatTick,
    firstDownbeatSeconds: seconds(piece, estimated.firstDownbeatTick),
    meta: metas?.main ?? null,
    estimated: guess,
    changes: estimated.changes.map((change) => ({ ...change, seconds: seconds(piece, change.tick) })),
  };
}

/** What the notes of a score, or the beats of a performance, say. */
function estimateOf(
  piece: Piece,
  o: Onsets,
  pulse: Pulse | null,
  played: PlayedMeter | null,
  seekChanges: boolean,
  scratch: MeterScratch,
): MeterEstimate | null {
  if (pulse?.source === "grid") return estimateMeter(piece, o, pulse, seekChanges, scratch);
  if (pulse === null || played === null) return null;
  const { numerator, denominator, confidence, downbeat } = played;
  const first = pulse.seconds[Math.max(0, downbeat.indexOf(1))]!;
  return { numerator, denominator, confidence, firstDownbeatTick: Math.round(piece.time.tickAt(first)), changes: [] };
}

function seconds(piece: Piece, tick: number): number {
  return round(piece.time.secondsAt(tick), 3);
}
