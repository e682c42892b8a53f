import type { Onsets } from "../beats/onsets.ts";
import { type Accents, KINDS, ONSET } from "./accents.ts";
import { NOTATION_TRAITS } from "./notation-weights.ts";

/** The note values a piece is written in, by which notated practice chooses between meters that sound alike. */
export interface Notation {
  /** One voice and hardly a chord. */
  readonly lone: boolean;
  /** By `NOTATION_TRAITS`. */
  readonly traits: Float64Array;
}

/** `positions`: where the onsets lie, in quarters. */
export function notation(a: Accents, o: Onsets, positions: Float64Array, voices: number): Notation {
  const { struckCount, length } = a;
  const { thickness, values, sixteenths, offbeats, dottedEighths, dottedQuarters } = count(a);
  const share = (v: number) => values[v]! / Math.max(1, struckCount - 1);
  let halves = 0;
  for (let v = 8; v <= 16; v++) halves += share(v);
  const lone = thickness < 0.02 && voices < Math.SQRT2;
  const traits = new Float64Array(NOTATION_TRAITS.length);
  traits.set([thickness, Math.log2(Math.max(1, voices)), halves, share(16)]);
  if (lone)
    traits.set(
      [
        1,
        sixteenths / struckCount,
        offbeats / struckCount,
        Math.log2((4 * struckCount) / length),
        halves,
        share(16),
        share(4),
        share(2),
        share(6),
        dottedEighths / struckCount,
        dottedQuarters / struckCount,
        triplets(o, positions),
      ],
      4,
    );
  return { lone, traits };
}

function count({ struck, struckCount, start, values: accent }: Accents) {
  // Onsets by the sixteenths to the next one: 1 to 15, and 16 or more.
  const values = new Uint32Array(17);
  let [notes, sixteenths, offbeats, dottedEighths, dottedQuarters, before] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < struckCount; i++) {
    const t = struck[i]! + start;
    notes += accent[i * KINDS + ONSET]!;
    if (t & 1) sixteenths++;
    else if (t & 2) offbeats++;
    if (i + 1 === struckCount) break;
    const value = Math.min(16, struck[i + 1]! - struck[i]!);
    values[value]!++;
    if (before === 3 && value === 1) dottedEighths++;
    if (before === 6 && value === 2) dottedQuarters++;
    before = value;
  }
  return { thickness: notes / struckCount - 1, values, sixteenths, offbeats, dottedEighths, dottedQuarters };
}

/** Share of onsets on a third or sixth of a quarter. */
function triplets(o: Onsets, positions: Float64Array): number {
  let found = 0;
  for (let i = 0; i < o.count; i++) {
    const sixth = 6 * (positions[i]! - Math.floor(positions[i]!));
    const nearest = Math.round(sixth);
    if (nearest % 3 !== 0 && Math.abs(sixth - nearest) < 0.18) found++;
  }
  return found / o.count;
}
