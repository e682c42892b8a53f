import type { Onsets } from "./beats-onsets.ts";
import type { Pulse } from "./beats-pulse.ts";
import type { Material } from "./material.ts";

/** The likeliest meter of the notes themselves. */
export interface MeterEstimate {
  readonly numerator: number;
  readonly denominator: number;
  /** 0 to 1, calibrated: the share of such answers that is right. */
  readonly confidence: number;
  readonly firstDownbeatTick: number;
}

export function estimateMeter(_m: Material, o: Onsets, pulse: Pulse): MeterEstimate | null {
  if (o.count < 8) return null;
  return { numerator: 4, denominator: 4, confidence: 0.5, firstDownbeatTick: pulse.phaseTicks };
}
