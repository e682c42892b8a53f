import type { Onsets } from "../beats/onsets.ts";

/**
 * What could make a listener hear a beat, on a grid of sixteenths (quarters of the pulse): one value a step for each
 * kind of accent. The kinds are those of Lerdahl & Jackendoff 1983 (metrical preference rules) that notes alone show.
 */
export interface Accents {
  /** Sixteenths covered, at most `MAX_STEPS`. */
  readonly length: number;
  /** Sixteenth of the pulse grid on which step 0 lies: that of the first onset. */
  readonly start: number;
  /** Steps on which something starts, ascending; `struckCount` of them. */
  readonly struck: Uint16Array;
  readonly struckCount: number;
  /** Steps on which nothing starts while a note sounds; `heldCount` of them. */
  readonly held: Uint16Array;
  readonly heldCount: number;
  /** Value of accent kind k on struck step i at `[i * KINDS + k]`. */
  readonly values: Float32Array;
  /** Pitch classes struck on each step. */
  readonly pitchClasses: Uint16Array;
}

/**
 * How many start; how long the longest lasts; a low note and how long; change of harmony from one half note to the
 * next; loudness; bass drum; snare; time to the next onset (Povel & Essens 1985); change of harmony from one quarter
 * to the next; nothing starts though a note sounds (listed in `held`, not among the values).
 */
export const ONSET = 0;
export const LENGTH = 1;
const BASS = 2;
export const HARMONY = 3;
const VELOCITY = 4;
const KICK = 5;
const SNARE = 6;
export const GAP = 7;
export const QUICK_HARMONY = 8;
export const HELD = 9;
export const KINDS = 10;

/** 128 bars of 4/4: enough to hear a meter, and the bound on time and memory. */
const MAX_STEPS = 2048;

/** Steps of a quarter note, and the steps before and after the music that its harmony is compared with. */
const QUARTER = 4;
const MARGIN = 2 * QUARTER;

/** Columns by step, and accents by struck step. */
export interface AccentBuffers {
  readonly values: Float32Array;
  readonly masks: Uint16Array;
  readonly struck: Uint16Array;
  readonly held: Uint16Array;
  /** Pitch classes struck in the quarter note before step t - MARGIN. */
  readonly quarters: Uint16Array;
}

export function createAccentBuffers(): AccentBuffers {
  return {
    values: new Float32Array(MAX_STEPS * KINDS),
    masks: new Uint16Array(MAX_STEPS),
    struck: new Uint16Array(MAX_STEPS),
    held: new Uint16Array(MAX_STEPS),
    quarters: new Uint16Array(MAX_STEPS + 2 * MARGIN),
  };
}

/** The result lies on `buffers`, and holds until they are used again. Null when the music spans less than a bar. */
export function accents(
  o: Onsets,
  positions: Float64Array,
  secondsPerPulse: number,
  buffers: AccentBuffers,
): Accents | null {
  const { values, masks, struck, held } = buffers;
  const start = Math.round(positions[0]! * 4);
  const { struckCount, heldCount } = fill(o, positions, start, secondsPerPulse, buffers);
  const length = struck[struckCount - 1]! + 1;
  if (length < 16) return null;
  harmonyChange(length, struckCount, buffers);
  return { length, start, struck, struckCount, held, heldCount, values, pitchClasses: masks };
}

const LOG_NOTES = Float64Array.from({ length: 64 }, (_, n) => Math.log2(1 + n));

function logNotes(notes: number): number {
  return notes < LOG_NOTES.length ? LOG_NOTES[notes]! : Math.log2(1 + notes);
}

/** One dense loop over the onsets: it adds up those that fall on one step. */
function fill(
  o: Onsets,
  positions: Float64Array,
  start: number,
  secondsPerPulse: number,
  { values, masks, struck, held }: AccentBuffers,
) {
  const { count, notes, velocity, drums, bass, bassLength, longest, pitchClasses } = o;
  const { mean, deviation } = spread(o);
  const perSecond = 1 / secondsPerPulse;
  const perDeviation = deviation > 2 ? 1 / deviation : 0;
  masks.fill(0);
  let struckCount = 0;
  let heldCount = 0;
  let last = -1;
  let at = 0;
  // The lowest pitch of late, rising a quarter tone an onset: what lies within a third above it is the bass.
  let low = 60;
  // The step until which a note sounds.
  let until = 0;
  for (let i = 0; i < count; i++) {
    const t = Math.round(positions[i]! * 4) - start;
    if (t >= MAX_STEPS) break;
    if (t < last) continue;
    if (t > last) {
      if (last >= 0) values[at + GAP] = t - last < 8 ? (t - last) / 4 : 2;
      for (let step = last + 1; step < t && step < until; step++) held[heldCount++] = step;
      at = struckCount * KINDS;
      for (let k = 0; k < HELD; k++) values[at + k] = 0;
      struck[struckCount++] = t;
      last = t;
    }
    values[at] = values[at]! + logNotes(notes[i]!);
    const louder = (velocity[i]! - mean) * perDeviation;
    if (louder > values[at + VELOCITY]!) values[at + VELOCITY] = Math.min(louder, 2);
    if (drums[i]! & 1) values[at + KICK] = 1;
    if (drums[i]! & 2) values[at + SNARE] = 1;
    const lowest = bass[i]!;
    if (lowest === 128) continue;
    const length = longest[i]! * perSecond;
    const end = t + Math.round(length * 4);
    if (end > until) until = end;
    if (length > values[at + LENGTH]!) values[at + LENGTH] = Math.min(length, 2);
    if (lowest <= low + 4) {
      const weight = 0.25 + Math.min(2, bassLength[i]! * perSecond);
      if (weight > values[at + BASS]!) values[at + BASS] = weight;
      if (lowest < low) low = lowest;
    }
    low = Math.min(low + 0.25, lowest + 24);
    masks[t] = masks[t]! | pitchClasses[i]!;
  }
  values[at + GAP] = 2;
  return { struckCount, heldCount };
}

function spread(o: Onsets): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < o.count; i++) {
    sum += o.velocity[i]!;
    squares += o.velocity[i]! * o.velocity[i]!;
  }
  const mean = sum / o.count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / o.count - mean * mean)) };
}

const BITS = Uint8Array.from({ length: 4096 }, (_, i) => i.toString(2).replaceAll("0", "").length);
const ROOTS = Float64Array.from({ length: 145 }, (_, i) => 1 / Math.sqrt(i));

/** Distance between the pitch classes of the half (quarter) note before and after each eighth with an onset. */
function harmonyChange(length: number, struckCount: number, { values, masks, struck, quarters }: AccentBuffers): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let t = 0; t < length + MARGIN; t++) {
    quarters[t + MARGIN] = a | b | c | d;
    a = b;
    b = c;
    c = d;
    d = t < length ? masks[t]! : 0;
  }
  for (let i = 0; i < struckCount; i++) {
    const t = struck[i]!;
    if (t % 2 !== 0 || masks[t] === 0) continue;
    const at = t + MARGIN;
    const before = quarters[at]!;
    const after = quarters[at + QUARTER]!;
    values[i * KINDS + QUICK_HARMONY] = distance(before, after);
    values[i * KINDS + HARMONY] = distance(before | quarters[at - QUARTER]!, after | quarters[at + MARGIN]!);
  }
}

/** 1 less the share of pitch classes in common (their number over the geometric mean of both); 0 with nothing to compare. */
function distance(before: number, after: number): number {
  return before === 0 || after === 0 ? 0 : 1 - BITS[before & after]! * ROOTS[BITS[before]! * BITS[after]!]!;
}
