import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { TempoAlternative } from "./choice.ts";
import type { PerformedFeature } from "./performed.ts";
import type { Pulse } from "./pulse.ts";

/**
 * How fast the music goes, in beats a minute, and the tempo map that says so.
 *
 * Source "meta": the file's tempo events, when the notes keep to the grid they define. The main tempo is the one that
 * holds longest in seconds of music. Source "estimated": that of the tracked beats, when the notes do not keep to the
 * grid: a recording at the 120 default says nothing in its metas. Null for SMPTE time without tracked beats.
 */
export interface TempoFeature {
  /** Best answer: quarter notes a minute from metas, or tracked beats a minute. Null when unknown. */
  readonly bpm: number | null;
  readonly source: "meta" | "estimated" | null;
  /** 0 to 1, the chance that `bpm` is within 4 % of what a listener says. */
  readonly confidence: number;
  /** Main tempo of the metas (120 for a file without any, by SMF 1.0); null for SMPTE divisions. */
  readonly metaBpm: number | null;
  /** Tempo of the tracked beats; null when none were tracked. */
  readonly estimatedBpm: number | null;
  /** Other tempi that a performance may be heard in, the likeliest first, with the chance of each; null when the tempo is a stated one. */
  readonly alternatives: readonly TempoAlternative[] | null;
  /** Whether the file has any tempo event. */
  readonly stated: boolean;
  /** Slowest and fastest tempo of the metas that hold while music sounds; null for SMPTE divisions. */
  readonly minBpm: number | null;
  readonly maxBpm: number | null;
  /** Tempo events that change the tempo by more than 0.1 % while music sounds. */
  readonly changeCount: number;
  /** The first `MAX_MAP` tempi in order, equal neighbours merged. */
  readonly map: readonly TempoChange[];
  /** Whether the map has more entries than are listed. */
  readonly mapTruncated: boolean;
}

export interface TempoChange {
  readonly tick: number;
  readonly seconds: number;
  readonly bpm: number;
}

const MAX_MAP = 1024;

export function tempo(piece: Piece, pulse: Pulse | null, played: PerformedFeature): TempoFeature {
  const map = tempoMap(piece);
  const main = mainTempo(piece, map);
  const tracked = pulse?.source === "tracked" ? pulse.bpm : null;
  const estimatedBpm = tracked === null ? null : round(tracked, 2);
  const metaBpm = main.bpm;
  const believed = metaBpm !== null && estimatedBpm === null && isTempo(metaBpm);
  const bpm = believed ? metaBpm : estimatedBpm;
  return {
    bpm,
    source: bpm === null ? null : believed ? "meta" : "estimated",
    confidence: bpm === null ? 0 : believed ? metaConfidence(piece, pulse, played) : round(pulse!.confidence, 3),
    metaBpm,
    estimatedBpm,
    alternatives: alternativesOf(pulse),
    stated: piece.score.tempos.count > 0,
    minBpm: main.min,
    maxBpm: main.max,
    changeCount: main.changes,
    map: map.slice(0, MAX_MAP),
    mapTruncated: map.length > MAX_MAP,
  };
}

/** Tempi beyond these are none that music has: a file that states one says nothing of its beat. */
const SLOWEST = 8;
const FASTEST = 1000;

function isTempo(bpm: number): boolean {
  return bpm >= SLOWEST && bpm <= FASTEST;
}

function alternativesOf(pulse: Pulse | null): TempoAlternative[] | null {
  if (pulse?.source !== "tracked") return null;
  const likely = pulse.alternatives.filter(({ weight }) => weight >= LEAST_WEIGHT);
  return likely.map(({ bpm, weight }) => ({ bpm: round(bpm, 2), weight: round(weight, 3) }));
}

const LEAST_WEIGHT = 0.01;

/**
 * Metas that notes on their grid bear out are nearly always right; without such notes a stated tempo is half believed.
 * So is the default: steady playing at 60, 90 or 180 keeps to the grid of 120, too.
 */
function metaConfidence(piece: Piece, pulse: Pulse | null, { performed }: PerformedFeature): number {
  if (piece.score.tempos.count === 0) return pulse === null ? 0.1 : performed === true ? 0.3 : 0.5;
  return pulse === null || (performed === true && isDefault(piece)) ? 0.5 : 0.95;
}

/** Whether the tempo is 120 throughout, as most programs write when nobody says another. */
function isDefault({ time, ticksPerQuarter }: Piece): boolean {
  return time.secondsPerTick.every((seconds) => Math.abs(seconds * ticksPerQuarter - 0.5) < 1e-6);
}

function tempoMap(piece: Piece): TempoChange[] {
  if (piece.score.division.kind === "smpte") return [];
  const { tick, seconds, secondsPerTick } = piece.time;
  const map: TempoChange[] = [];
  for (let i = 0; i < tick.length; i++) {
    const exact = 60 / (secondsPerTick[i]! * piece.ticksPerQuarter);
    const bpm = round(exact, 3);
    if (!Number.isFinite(exact) || map.at(-1)?.bpm === bpm) continue;
    map.push({ tick: tick[i]!, seconds: round(seconds[i]!, 4), bpm });
  }
  return map;
}

interface Main {
  readonly bpm: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly changes: number;
}

/** The tempo that holds longest between the first note and the last note's end. */
function mainTempo(piece: Piece, map: readonly TempoChange[]): Main {
  if (map.length === 0) return { bpm: null, min: null, max: null, changes: 0 };
  const from = piece.count > 0 ? piece.startSeconds[0]! : 0;
  const end = Math.max(piece.time.secondsAt(piece.score.lastNoteEndTick), from);
  const held = new Map<number, number>();
  let [min, max, changes, before] = [Number.POSITIVE_INFINITY, 0, 0, 0];
  map.forEach((change, i) => {
    // By ticks, as the map's seconds are rounded: a tempo that ends where the music begins is not heard.
    const next = map[i + 1];
    const until = next ? Math.min(end, piece.time.secondsAt(next.tick)) : end;
    const length = until - Math.max(from, piece.time.secondsAt(change.tick));
    if (length <= 0 && map.length > 1) return;
    held.set(change.bpm, (held.get(change.bpm) ?? 0) + length);
    if (before > 0 && Math.abs(change.bpm / before - 1) > 0.001) changes++;
    before = change.bpm;
    min = Math.min(min, change.bpm);
    max = Math.max(max, change.bpm);
  });
  if (held.size === 0) return { bpm: map[0]!.bpm, min: map[0]!.bpm, max: map[0]!.bpm, changes: 0 };
  return { bpm: longestHeld(held), min, max, changes };
}

/** Tempi within about 4 % of each other are one tempo that breathes: the longest held of the group that holds longest. */
function longestHeld(held: Map<number, number>): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  const groups = new Map<number, number>();
  const group = (bpm: number) => Math.round(Math.log(bpm) / 0.04);
  for (const [bpm, length] of held) groups.set(group(bpm), (groups.get(group(bpm)) ?? 0) + length);
  for (const [bpm, length] of held) {
    const near = (offset: number) => groups.get(group(bpm) + offset) ?? 0;
    const together = near(0) + 0.5 * (near(-1) + near(1)) + 1e-3 * length;
    if (together > most) {
      most = together;
      best = bpm;
    }
  }
  return best;
}
