import { type BeatsScratch, createBeatsScratch } from "./beats/scratch.ts";
import { createHarmonyScratch, type HarmonyScratch } from "./harmony/scratch.ts";
import { createIdentityScratch, type IdentityScratch } from "./identity/scratch.ts";
import { createMeterScratch, type MeterScratch } from "./meter/estimate.ts";
import { createPieceScratch, type PieceScratch } from "./piece/scratch.ts";
import { createStructureScratch, type StructureScratch } from "./structure/scratch.ts";
import { createTracksScratch, type TracksScratch } from "./tracks/scratch.ts";

/**
 * The buffers that the steps write into while they work on one file, a family each. They belong to one analyser, so two
 * analysers in one thread do not disturb each other. What stands in them holds until the same analyser's next file.
 */
export interface Scratch {
  readonly beats: BeatsScratch;
  readonly harmony: HarmonyScratch;
  readonly identity: IdentityScratch;
  readonly meter: MeterScratch;
  readonly piece: PieceScratch;
  readonly structure: StructureScratch;
  readonly tracks: TracksScratch;
}

export function createScratch(): Scratch {
  return {
    beats: createBeatsScratch(),
    harmony: createHarmonyScratch(),
    identity: createIdentityScratch(),
    meter: createMeterScratch(),
    piece: createPieceScratch(),
    structure: createStructureScratch(),
    tracks: createTracksScratch(),
  };
}
