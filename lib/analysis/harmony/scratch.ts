import { ChordSearch } from "./chord-path.ts";
import { createSegmentScratch, type SegmentScratch } from "./chord-segments.ts";
import { createSpelledChords, type SpelledChords } from "./chord-spelling.ts";
import { createKeyScratch, type KeyScratch } from "./key-evidence.ts";

/** What the harmony writes into while it works on one file. Belongs to one analyser. */
export interface HarmonyScratch {
  readonly search: ChordSearch;
  readonly segment: SegmentScratch;
  readonly key: KeyScratch;
  readonly spelled: SpelledChords;
}

export function createHarmonyScratch(): HarmonyScratch {
  return {
    search: new ChordSearch(),
    segment: createSegmentScratch(),
    key: createKeyScratch(),
    spelled: createSpelledChords(),
  };
}
