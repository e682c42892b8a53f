import type { IdentityScratch } from "./scratch.ts";

/**
 * Some of the phrases of a line, chosen so that two lines with phrases in common choose the same of them: the ones whose
 * hashes are smallest (bottom-k sketch, Broder 1997), in the order in which they first come.
 */
export interface Sketch {
  readonly hashes: Int32Array;
  /** Distinct phrases of the line. */
  readonly phrases: number;
}

/** What counts as a phrase: so many steps that are neither a scale nor an alternation. */
export interface PhraseKind {
  /** Keeps the hashes of one kind apart from those of another. */
  readonly salt: number;
  /** Least steps of five that move. */
  readonly moving: number;
}

/** The `size` smallest phrase hashes of a line; fewer when it has fewer. */
export function sketch(pitch: Uint8Array, kind: PhraseKind, size: number, scratch: IdentityScratch): Sketch {
  const distinct = phrases(pitch, kind, scratch);
  if (distinct.length <= size) return { hashes: distinct.slice(), phrases: distinct.length };
  const order = scratch.order.subarray(0, distinct.length);
  order.set(distinct);
  const largest = nthSmallest(order, size - 1);
  const hashes = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < distinct.length; i++) if (distinct[i]! <= largest) hashes[count++] = distinct[i]!;
  return { hashes, phrases: distinct.length };
}

/** Steps of a phrase: six notes. */
const STEPS = 5;
const STEP_BITS = 6;
const PHRASE_MASK = (1 << (STEPS * STEP_BITS)) - 1;
const LARGEST_STEP = 31;
/** By a set of steps: how many there are. */
const BITS = Uint8Array.from({ length: 2 ** STEPS }, (_, set) => set.toString(2).replaceAll("0", "").length);

/**
 * The hashes of the phrases of a line, each where it first comes. A phrase is five steps in semitones. Left out: steps that
 * all go up or all go down by two at most (scales, repeated notes), steps of period two (trills, Alberti octaves) and
 * phrases that hardly move: they are everybody's. One loop, long because every note passes it.
 */
function phrases(pitch: Uint8Array, { salt, moving }: PhraseKind, { found, table }: IdentityScratch): Int32Array {
  const mask = tableMask(pitch.length);
  table.fill(0, 0, mask + 1);
  let count = 0;
  let packed = 0;
  let up = 0;
  let down = 0;
  let alternating = 0;
  let last = 0;
  let lastButOne = 0;
  // Bit n: whether the step n before this one moves.
  let moves = 0;
  for (let i = 1; i < pitch.length; i++) {
    let step = (pitch[i]! - pitch[i - 1]!) | 0;
    if (step > LARGEST_STEP) step = LARGEST_STEP;
    else if (step < -LARGEST_STEP) step = -LARGEST_STEP;
    packed = ((packed << STEP_BITS) | (step + LARGEST_STEP + 1)) & PHRASE_MASK;
    up = step >= 0 && step <= 2 ? up + 1 : 0;
    down = step <= 0 && step >= -2 ? down + 1 : 0;
    alternating = i > 2 && step === lastButOne ? alternating + 1 : 0;
    moves = ((moves << 1) | (step === 0 ? 0 : 1)) & (2 ** STEPS - 1);
    lastButOne = last;
    last = step;
    if (i < STEPS || up >= STEPS || down >= STEPS || alternating >= STEPS - 2 || BITS[moves]! < moving) continue;
    const hash = mix(packed ^ salt);
    let at = hash & mask;
    while (table[at] !== 0 && table[at] !== hash) at = (at + 1) & mask;
    if (table[at] !== 0) continue;
    table[at] = hash;
    found[count++] = hash;
  }
  return found.subarray(0, count);
}

/** Of a table with at least twice as many places as notes. */
function tableMask(notes: number): number {
  return (1 << (33 - Math.clz32(notes))) - 1;
}

/** The last steps of MurmurHash3 (Appleby): spreads whole numbers of 32 bits, each to one of its own. Never 0 for the phrases here. */
function mix(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The value that would stand at `n` if all were sorted (Hoare's quickselect); moves them about. */
function nthSmallest(values: Int32Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (n <= j) high = j;
    else if (n >= i) low = i;
    else break;
  }
  return values[n]!;
}
