import type { Onsets } from "../beats/onsets.ts";
import { type Pulse, pulsePositions } from "../beats/pulse.ts";
import type { MeterFeature } from "../meter/meter.ts";
import type { Piece } from "../piece/piece.ts";
import { NOTE_VALUE_LIMITS, NOTE_VALUES, type NoteValue } from "./note-values.ts";
import { syncopation } from "./syncopation.ts";

/**
 * What the onsets do between the beats: how the beat is divided, how strictly, swung or not, and how often notes
 * anticipate the strong positions. Null without beats or with fewer than 8 onsets.
 */
export interface RhythmFeature {
  /**
   * How the pulse is divided, by the onsets between pulses: "straight" (halves, quarters), "triplet" (thirds, sixths),
   * "mixed" (either at least a fifth), "free" (more than a third on neither). Null when all onsets lie on the pulse.
   */
  readonly grid: "straight" | "triplet" | "mixed" | "free" | null;
  /** Length of the first against the second eighth of a pulse, the median: 1 even, 2 triplet swing, 3 dotted. Null with fewer than 8 such pairs. */
  readonly swingRatio: number | null;
  /** Whether half of the onsets lie within 4 ms, or one tick, of the grid and nine tenths within 12 ms. */
  readonly quantized: boolean;
  /** Median distance in milliseconds of onsets from the nearest 24th or 16th... of the pulse that notation would use. */
  readonly deviationMilliseconds: number;
  /** Mean syncopation of a bar of the upper voice (Longuet-Higgins & Lee 1984), 0 for none; null without a meter. */
  readonly syncopation: number | null;
  /** Notes by nearest note value of their sounding length, pulse taken as a quarter; only values that occur. */
  readonly noteValues: Readonly<Partial<Record<NoteValue, number>>>;
}

const MIN_ONSETS = 8;

export function rhythm(piece: Piece, o: Onsets, pulse: Pulse | null, meter: MeterFeature | null): RhythmFeature | null {
  if (pulse === null || o.count < MIN_ONSETS) return null;
  const positions = pulsePositions(o, pulse, piece.ticksPerQuarter);
  const secondsPerPulse =
    (o.seconds[o.count - 1]! - o.seconds[0]!) / Math.max(1e-9, positions[o.count - 1]! - positions[0]!);
  const eighth = secondEighth(positions);
  const tickMilliseconds = piece.time.secondsPerTick[0]! * 1000;
  const distances = new Uint32Array(FINE_STEPS);
  return {
    grid: division(positions, secondsPerPulse * 1000, eighth, distances),
    swingRatio: swing(eighth),
    ...strictness(distances, positions.length, tickMilliseconds),
    syncopation: meter === null ? null : syncopation(piece, pulse, meter),
    noteValues: noteValues(piece, pulse, secondsPerPulse),
  };
}

/** Distance from the beat below which an onset counts as on a position, in pulses. */
const NEAR = 0.045;

/** Steps of the histogram of distances: 0.25 ms up to 128 ms. */
const FINE = 4;
const FINE_STEPS = 128 * FINE;

/** How the pulse is divided; counts the onsets' distances from the grid in `distances`. One loop, as each onset is met once. */
function division(
  positions: Float64Array,
  pulseMilliseconds: number,
  eighth: number | null,
  distances: Uint32Array,
): RhythmFeature["grid"] {
  let straight = 0;
  let triplet = 0;
  let free = 0;
  for (let i = 0; i < positions.length; i++) {
    const part = positions[i]! - Math.floor(positions[i]!);
    const toEighth = distance(part, 8);
    const toSixth = distance(part, 6);
    const off = Math.min(toEighth, toSixth) * pulseMilliseconds;
    distances[Math.min(distances.length - 1, Math.floor(off * FINE))]!++;
    if (part < NEAR || part > 1 - NEAR) continue;
    if (distance(part, 4) < NEAR) straight++;
    else if (toSixth < NEAR) triplet++;
    // Eighths that all swing alike are no freedom.
    else if (toEighth < NEAR / 2 || (eighth !== null && Math.abs(part - eighth) < NEAR / 2)) straight++;
    else free++;
  }
  const between = straight + triplet + free;
  if (between === 0) return null;
  if (free > between / 3) return "free";
  if (triplet < 0.2 * between) return "straight";
  return straight < 0.2 * between ? "triplet" : "mixed";
}

/** Distance of a part of a pulse from the nearest multiple of 1/steps, in pulses. */
function distance(part: number, steps: number): number {
  const scaled = part * steps;
  return Math.abs(scaled - Math.floor(scaled + 0.5)) / steps;
}

/** Where the second eighth of a swung or straight pair may lie, in pulses: up to 3 : 1, with room for a player. */
const EARLIEST = 0.42;
const LATEST = 0.79;

/**
 * Median place of the second eighth: the only onset between one pulse and the next, the first of them struck. Null with
 * fewer than 8 of them.
 */
function secondEighth(positions: Float64Array): number | null {
  const places: number[] = [];
  for (let i = 1; i < positions.length; i++) {
    const beat = Math.round(positions[i - 1]!);
    const part = positions[i]! - beat;
    if (Math.abs(positions[i - 1]! - beat) >= NEAR || part < EARLIEST || part > LATEST) continue;
    // Another note in the pulse makes it a group of sixteenths or triplets.
    if (i + 1 < positions.length && positions[i + 1]! - beat < 1 - NEAR) continue;
    places.push(part);
  }
  return places.length < MIN_ONSETS ? null : places.sort((x, y) => x - y)[places.length >> 1]!;
}

/** Length of the first against the second eighth. */
function swing(place: number | null): number | null {
  return place === null ? null : Math.round((place / (1 - place)) * 100) / 100;
}

function strictness(distances: Uint32Array, count: number, tickMilliseconds: number) {
  const median = quantile(distances, count / 2);
  const most = quantile(distances, count * 0.9);
  const exact = Math.max(4, tickMilliseconds * 1.01);
  return {
    quantized: median <= exact && most <= Math.max(12, exact),
    deviationMilliseconds: Math.round(median * 10) / 10,
  };
}

/** The distance in milliseconds, rounded down to the histogram's step, below which `rank` onsets lie. */
function quantile(distances: Uint32Array, rank: number): number {
  let seen = 0;
  let i = 0;
  while (i < distances.length - 1 && (seen += distances[i]!) < rank) i++;
  return i / FINE;
}

/** Lengths are looked up in 48ths of a quarter; what is longer than `TABLE` of them is one value. */
const TABLE = 48 * 12;
const VALUE_BY_LENGTH = Uint8Array.from({ length: TABLE + 1 }, (_, i) => {
  let v = 0;
  while (i / 48 > NOTE_VALUE_LIMITS[v]!) v++;
  return v;
});

function noteValues(piece: Piece, pulse: Pulse, secondsPerPulse: number): Partial<Record<NoteValue, number>> {
  const counts = new Uint32Array(NOTE_VALUES.length);
  if (pulse.source === "grid") count(counts, piece.startTick, piece.endTick, 48 / piece.ticksPerQuarter);
  else count(counts, piece.startSeconds, piece.endSeconds, 48 / secondsPerPulse);
  const out: Partial<Record<NoteValue, number>> = {};
  for (let v = 0; v < counts.length; v++) if (counts[v]! > 0) out[NOTE_VALUES[v]!] = counts[v]!;
  return out;
}

function count(counts: Uint32Array, start: ArrayLike<number>, end: ArrayLike<number>, scale: number): void {
  for (let i = 0; i < start.length; i++) {
    const length = (end[i]! - start[i]!) * scale;
    counts[VALUE_BY_LENGTH[length < TABLE ? Math.floor(length + 0.5) : TABLE]!]!++;
  }
}
