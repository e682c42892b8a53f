import { fifthsName } from "../../music/note-names.ts";

/** A key among 24: 0 to 11 the major keys from C, 12 to 23 the minor ones. */
export type KeyIndex = number;

/** Place of the tonic on the line of fifths, C = 0, as composers write the key: five to six accidentals at most. */
const MAJOR_FIFTHS = [0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5] as const;
const MINOR_FIFTHS = [0, 7, 2, -3, 4, -1, 6, 1, 8, 3, -2, 5] as const;

/** Tonic's place on the line of fifths (C 0, G 1, F -1). A signature of that very key (sharps, or minus flats) decides between two spellings. */
export function tonicFifths(key: KeyIndex, signature: number | null = null): number {
  const usual = key < 12 ? MAJOR_FIFTHS[key]! : MINOR_FIFTHS[key - 12]!;
  if (signature === null) return usual;
  const written = key < 12 ? signature : signature + 3;
  return (written - usual) % 12 === 0 ? written : usual;
}

/** The same pitch a step round the circle, Fb to B#: nobody reads a chord on Ebb. */
const FLATTEST = -8;
const SHARPEST = 12;

/**
 * A pitch class as written in a key: from five fifths below its tonic (the lowered second) to six above (the raised
 * fourth), with one accidental at most.
 */
export function nameInKey(pc: number, tonic: number): string {
  const place = tonic - 5 + ((((pc * 7 - tonic + 5) % 12) + 12) % 12);
  return fifthsName(place < FLATTEST ? place + 12 : place > SHARPEST ? place - 12 : place);
}
