/** What the steps of this family write into while they work on one file. */
export interface PieceScratch {
  readonly sort: SortTables;
}

/** Notes by pitch and by the two lower digits of the tick; then where the next note of each goes. */
export interface SortTables {
  readonly byPitch: Uint32Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Bits of a digit of the tick, at most. */
export const MOST_DIGIT_BITS = 11;
/** Pitches are below this. */
export const PITCHES = 128;

export function createPieceScratch(): PieceScratch {
  const digits = 1 << MOST_DIGIT_BITS;
  return {
    sort: { byPitch: new Uint32Array(PITCHES), low: new Uint32Array(digits), high: new Uint32Array(digits) },
  };
}
