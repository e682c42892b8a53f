import { type AccentBuffers, createAccentBuffers } from "./accents.ts";
import { createRepetitionBuffers, type RepetitionBuffers } from "./repetition.ts";

/** What the search for the meter writes into; see `Scratch` in ../scratch.ts. */
export interface MeterScratch {
  readonly accents: AccentBuffers;
  readonly repetition: RepetitionBuffers;
}

export function createMeterScratch(): MeterScratch {
  return { accents: createAccentBuffers(), repetition: createRepetitionBuffers() };
}
