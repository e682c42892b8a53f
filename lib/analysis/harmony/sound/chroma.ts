import type { Piece } from "../../piece/piece.ts";

/**
 * Chroma: how long each pitch class sounds in each span of a time grid, and which note is the lowest there.
 * The common ground of key and chords. Drums never count; a held note counts in every span it sounds in.
 */
export interface Chroma {
  /** Number of spans. */
  readonly count: number;
  /** Boundaries of the spans in ticks, `count + 1` of them. */
  readonly tick: Float64Array;
  /** Twelve a span, C first: time each pitch class sounds, summed over its notes, in `WHOLE`ths of the span. */
  readonly weight: Int32Array;
  /** Lowest pitch of each span that is more than a passing touch, -1 in silence. */
  readonly bass: Int8Array;
  /** Highest pitch that begins in each span, -1 where none does. */
  readonly top: Int8Array;
  /** Pitch classes that begin in each span, a bit each, C the lowest. */
  readonly begins: Uint16Array;
}

/** The weight of a note that sounds all of a span: whole numbers make the loops over the chroma quick. */
export const WHOLE = 256;

/** A note is a span's bass when it sounds for this share of it, or begins with it. */
const BASS_SHARE = 0.25 * WHOLE;
const ONSET_SHARE = 0.15 * WHOLE;

/** Spans filled by a note that are entered one by one; those of a longer note are filled in by a sweep at the end. */
const SHORT = 12;

/**
 * Sums the pitched notes into the spans between `tick`s (rising). Linear in notes and spans however long the notes. One of
 * the dense loops.
 */
export function createChroma(piece: Piece, tick: Float64Array): Chroma {
  const { pitched, startTick, endTick } = piece;
  const count = Math.max(0, tick.length - 1);
  const weight = new Int32Array(count * 12);
  const low = new Uint8Array(count).fill(NO_PITCH);
  const top = new Int8Array(count).fill(-1);
  const begins = new Uint16Array(count);
  const long: LongNote[] = [];
  let at = 0;
  let from = tick[0]!;
  let to = tick[1]!;
  let scale = WHOLE / (to - from);
  for (let i = 0; i < pitched.length; i++) {
    const note = pitched[i]!;
    const start = Math.max(startTick[note]!, tick[0]!);
    const end = endTick[note]!;
    if (start >= to) {
      while (at < count && tick[at + 1]! <= start) at++;
      if (at >= count) break;
      from = tick[at]!;
      to = tick[at + 1]!;
      scale = WHOLE / (to - from);
    }
    if (end <= start) continue;
    const pitch = piece.pitch[note]!;
    const pc = pitch % 12;
    if (pitch > top[at]!) top[at] = pitch;
    begins[at] = begins[at]! | (1 << pc);
    const share = (Math.min(end, to) - start) * scale;
    weight[at * 12 + pc] = weight[at * 12 + pc]! + ((share + 0.5) | 0);
    if (pitch < low[at]! && (share >= BASS_SHARE || (start - from) * scale <= ONSET_SHARE)) low[at] = pitch;
    if (end <= to) continue;
    let span = at + 1;
    const near = Math.min(count, span + SHORT);
    for (; span < near && tick[span + 1]! <= end; span++) {
      weight[span * 12 + pc] = weight[span * 12 + pc]! + WHOLE;
      if (pitch < low[span]!) low[span] = pitch;
    }
    if (span === near && span < count && tick[span + 1]! <= end) {
      const last = spanOf(tick, span, end);
      long.push({ pitch, first: span, last });
      span = last;
    }
    if (span >= count || end <= tick[span]!) continue;
    const rest = ((end - tick[span]!) * WHOLE) / (tick[span + 1]! - tick[span]!);
    weight[span * 12 + pc] = weight[span * 12 + pc]! + ((rest + 0.5) | 0);
    if (rest >= BASS_SHARE && pitch < low[span]!) low[span] = pitch;
  }
  fillLong(long, weight, low);
  return { count, tick, weight, bass: lowestPitches(low), top, begins };
}

const NO_PITCH = 128;

function lowestPitches(low: Uint8Array): Int8Array {
  const bass = new Int8Array(low.length);
  for (let s = 0; s < bass.length; s++) bass[s] = low[s] === NO_PITCH ? -1 : low[s]!;
  return bass;
}

/** A note that fills the spans from `first` up to but without `last`. */
interface LongNote {
  readonly pitch: number;
  readonly first: number;
  readonly last: number;
}

/** Enters the long notes with one sweep over the spans, whatever their number. */
function fillLong(notes: LongNote[], weight: Int32Array, low: Uint8Array): void {
  if (notes.length === 0) return;
  const begins = notes.sort((a, b) => a.first - b.first);
  const ends = notes.toSorted((a, b) => a.last - b.last);
  const sounding = new Int32Array(NO_PITCH + 1);
  const classes = new Int32Array(12);
  sounding[NO_PITCH] = 1;
  let lowest = NO_PITCH;
  for (let span = begins[0]!.first, b = 0, e = 0; e < ends.length; span++) {
    for (; ends[e]?.last === span; e++) {
      const { pitch } = ends[e]!;
      sounding[pitch] = sounding[pitch]! - 1;
      classes[pitch % 12] = classes[pitch % 12]! - WHOLE;
    }
    for (; begins[b]?.first === span; b++) {
      const { pitch } = begins[b]!;
      sounding[pitch] = sounding[pitch]! + 1;
      classes[pitch % 12] = classes[pitch % 12]! + WHOLE;
      if (pitch < lowest) lowest = pitch;
    }
    while (sounding[lowest] === 0) lowest++;
    if (lowest === NO_PITCH) continue;
    for (let p = 0, i = span * 12; p < 12; p++, i++) weight[i] = weight[i]! + classes[p]!;
    if (lowest < low[span]!) low[span] = lowest;
  }
}

/** The span, at or after `from`, in which a moment lies (one after the last when it lies beyond). */
function spanOf(tick: Float64Array, from: number, moment: number): number {
  let low = from;
  let high = tick.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tick[middle + 1]! > moment) high = middle;
    else low = middle + 1;
  }
  return low;
}
