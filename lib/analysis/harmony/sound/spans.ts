import { type Beats, mostBeats } from "../../meter/beats.ts";
import type { Piece } from "../../piece/piece.ts";

/** The time grid of the harmony: boundaries for the chroma, about an eighth note apart. */
export interface HarmonySpans {
  /** Rising boundaries in ticks. */
  readonly tick: Float64Array;
  /** How a span begins: 2 on a bar line, 1 on a beat, 0 between beats. */
  readonly strength: Uint8Array;
}

/** Spans at most; a longer piece is cut coarser. */
const MAX_SPANS = 24_576;

/**
 * Beats cut into eighths (a tracked beat in two); without beats, eighths of the file's own quarter note. From the first
 * pitched note's beat to the last note's end. Empty without pitched notes.
 */
export function harmonySpans(piece: Piece, beats: Beats | null): HarmonySpans {
  if (piece.pitched.length === 0) return { tick: new Float64Array(0), strength: new Uint8Array(0) };
  const first = piece.startTick[piece.pitched[0]!]!;
  const end = Math.max(piece.score.lastNoteEndTick, first + 1);
  const most = Math.min(MAX_SPANS, 2 * mostBeats(piece.count));
  const beat = beats !== null && beats.count > 1 ? beats.tick : quarters(piece, first, end, most);
  const eighth = piece.ticksPerQuarter / 2;
  const parts = beats?.source === "tracked" ? 2 : Math.max(1, Math.round((beat[1]! - beat[0]!) / eighth));
  return cut(
    beat,
    beats?.tick === beat ? beats.downbeat : null,
    Math.min(parts, Math.max(1, Math.floor(most / beat.length))),
    first,
    end,
    most,
  );
}

function quarters(piece: Piece, first: number, end: number, most: number): Float64Array {
  const quarter = Math.max(piece.ticksPerQuarter, (2 * (end - first)) / most);
  const from = Math.floor(first / quarter);
  const count = Math.ceil(end / quarter) - from + 1;
  return Float64Array.from({ length: count }, (_, i) => (from + i) * quarter);
}

function cut(
  beat: Float64Array,
  downbeat: Uint8Array | null,
  parts: number,
  first: number,
  end: number,
  most: number,
): HarmonySpans {
  const tick: number[] = [];
  const strength: number[] = [];
  const last = beat.length - 1;
  for (let i = 0; i < last; i++) {
    if (beat[i + 1]! <= first) continue;
    for (let p = 0; p < parts; p++) {
      const at = beat[i]! + ((beat[i + 1]! - beat[i]!) * p) / parts;
      if (at >= end) break;
      tick.push(at);
      strength.push(p > 0 ? 0 : downbeat?.[i] ? 2 : 1);
    }
  }
  const step = Math.max(1, (beat[last]! - beat[last - 1]!) / parts);
  for (let at = beat[last]!; at < end && tick.length < most; at += step) {
    tick.push(at);
    strength.push(1);
  }
  tick.push(end);
  strength.push(1);
  return { tick: Float64Array.from(tick), strength: Uint8Array.from(strength) };
}
