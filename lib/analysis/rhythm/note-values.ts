/** Note values from short to long, and the lengths in quarters they stand for. Triplet values are the eighth and quarter of a triplet. */
const LENGTHS = {
  sixtyFourth: 1 / 16,
  thirtySecond: 1 / 8,
  sixteenth: 1 / 4,
  tripletEighth: 1 / 3,
  eighth: 1 / 2,
  tripletQuarter: 2 / 3,
  dottedEighth: 3 / 4,
  quarter: 1,
  dottedQuarter: 1.5,
  half: 2,
  dottedHalf: 3,
  whole: 4,
  longer: 8,
} as const;

export type NoteValue = keyof typeof LENGTHS;

export const NOTE_VALUES = Object.freeze(Object.keys(LENGTHS) as NoteValue[]);

/** Upper bound of each value in quarters: halfway, by ratio, to the next one. */
export const NOTE_VALUE_LIMITS: readonly number[] = Object.freeze(
  NOTE_VALUES.map((name, i) => {
    const next = NOTE_VALUES[i + 1];
    return next === undefined ? Number.POSITIVE_INFINITY : Math.sqrt(LENGTHS[name] * LENGTHS[next]);
  }),
);
