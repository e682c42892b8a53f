import { FAMILIES, FAMILY_FIFTH, FAMILY_THIRD } from "../../../music/chord-types.ts";
import { WHOLE } from "../sound/chroma.ts";

/**
 * Weights of the chord search, first as they were found, in one unit of evidence throughout: searched on half of a pop
 * corpus with chord truth and judged on the other half, where they did as well. Then in the whole numbers the search
 * counts in.
 */

/** Evidence a beat. A whole triad in root position that fills the beat scores about 4.7. */
const ROOT = 1.2;
const THIRD = 0.87;
const FIFTH = 1.23;
const EXTENSION = 0.15;
const OUTSIDE = -0.87;
/** A seventh chord all of whose four notes sound is that chord in any inversion (Am7/C, not C6). */
const COMPLETE_SEVENTH = 1.0;
/** A diminished or augmented chord is nothing without its third. */
const MISSING_THIRD = 0.8;
const BASS_ROOT = 1.37;
const BASS_THIRD = 0.53;
const BASS_FIFTH = 0.15;
const BASS_EXTENSION = 0.28;
/** What speaks for each family before a note is heard, in the order of `FAMILY_THIRD`. */
const PRIOR = [0, -0.1, -0.35 - MISSING_THIRD, -1.1 - MISSING_THIRD, -1.1, -1.2];
/** Evidence for no chord, in silence and while something sounds: a chord has to make more sense than this. */
const SILENT = 0.3;
const SENSELESS = 1;
/** Cost of a change of chord between beats, on a beat and at a bar line. */
const CHANGE_BETWEEN = 2.5;
const CHANGE_ON_BEAT = 1.4;
const CHANGE_AT_BAR = 0.55;
/** A span is about half a beat; what it says is as good as this much of one. */
const SHARE = 0.65;
/** More than one voice on a pitch class adds nothing beyond this. */
const FULL = 1.3;
/** What sounded in the span before still counts this much: broken chords. */
const ECHO = 0.3;

/**
 * In whole numbers, for which the larger of two needs no branch to mispredict: what sounds in `WHOLE`ths of a span,
 * weights in 128ths, evidence in their product, totals coarser by `TOTAL_SHIFT` bits.
 */
const WEIGHT = 128;
export const TOTAL_SHIFT = 4;
const weight = (x: number) => Math.round(WEIGHT * x);
const points = (x: number) => Math.round(WHOLE * WEIGHT * x);

/** Prior and evidence of the bass, by its interval above the root, then family; a last row for spans without bass. */
export const BASS = Int32Array.from({ length: 13 * FAMILIES }, (_, i) => {
  const interval = Math.floor(i / FAMILIES);
  const family = i % FAMILIES;
  const prior = PRIOR[family]!;
  if (interval === 12) return points(prior);
  if (interval === 0) return points(prior + BASS_ROOT);
  if (interval === FAMILY_THIRD[family]) return points(prior + BASS_THIRD);
  if (interval === FAMILY_FIFTH[family]) return points(prior + BASS_FIFTH);
  return points(prior + (interval >= 9 ? BASS_EXTENSION : 0));
});

/** A note of the chord counts for itself and is not outside. */
export const ROOT_IN = weight(ROOT - OUTSIDE);
export const THIRD_IN = weight(THIRD - OUTSIDE);
export const FIFTH_IN = weight(FIFTH - OUTSIDE);
export const DECISIVE_THIRD_IN = weight(THIRD - OUTSIDE + MISSING_THIRD);
export const EXTENSION_IN = weight(EXTENSION - OUTSIDE);
export const EXTENSION_ALONE = weight(EXTENSION);
export const COMPLETE = weight(COMPLETE_SEVENTH);
export const NOT_IN = weight(-OUTSIDE);
export const SILENCE = points(SILENT);
export const NO_SENSE = points(SENSELESS);

/** Cost of a change where a span begins between beats, on a beat, at a bar line; in the unit of totals. */
export const COSTS = [CHANGE_BETWEEN, CHANGE_ON_BEAT, CHANGE_AT_BAR].map((cost) => points(cost / SHARE) >> TOTAL_SHIFT);

export const LOUDEST = Math.round(FULL * WHOLE);
/** Shares of a span and of the one before in what is heard, in 65,536ths. */
export const OWN = Math.round(65_536 / (1 + ECHO));
export const ECHOED = 65_536 - OWN;
