import { createSpelledChords, type SpelledChords } from "./chord-spelling.ts";
import { createKeyScratch, type KeyScratch } from "./key-evidence.ts";
import { ChordSearch } from "./search/chord-path.ts";
import { createSegmentScratch, type SegmentScratch } from "./search/chord-segments.ts";
import { SpreadChordSearch } from "./search/spread-chords.ts";

/** What the harmony writes into while it works on one file. Belongs to one analyser. */
export interface HarmonyScratch {
  readonly struck: ChordSearch;
  readonly spread: SpreadChordSearch;
  readonly segment: SegmentScratch;
  readonly key: KeyScratch;
  readonly spelled: SpelledChords;
}

export function createHarmonyScratch(): HarmonyScratch {
  return {
    struck: new ChordSearch(),
    spread: new SpreadChordSearch(),
    segment: createSegmentScratch(),
    key: createKeyScratch(),
    spelled: createSpelledChords(),
  };
}
