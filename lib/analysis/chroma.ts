import type { Material } from "./material.ts";

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
}

/** The weight of a note that sounds all of a span: whole numbers make the loops over the chroma quick. */
export const WHOLE = 256;

/** A note is a span's bass when it sounds for this share of it, or begins with it. */
const BASS_SHARE = 0.25 * WHOLE;
const ONSET_SHARE = 0.15 * WHOLE;

/** Sums the pitched notes into the spans between `tick`s (rising). Linear in notes and spans however long the notes. */
export function chroma(m: Material, tick: Float64Array): Chroma {
  const { pitched, startTick, endTick } = m;
  const count = Math.max(0, tick.length - 1);
  const weight = new Int32Array(count * 12);
  const bass = new Int8Array(count).fill(-1);
  const top = new Int8Array(count).fill(-1);
  const whole = new WholeSpans(weight, bass);
  let at = 0;
  let scale = WHOLE / (tick[1]! - tick[0]!);
  for (let i = 0; i < pitched.length; i++) {
    const note = pitched[i]!;
    const start = Math.max(startTick[note]!, tick[0]!);
    const end = endTick[note]!;
    if (start >= tick[at + 1]!) {
      while (at < count && tick[at + 1]! <= start) at++;
      if (at >= count) break;
      scale = WHOLE / (tick[at + 1]! - tick[at]!);
    }
    if (end <= start) continue;
    const pitch = m.pitch[note]!;
    if (pitch > top[at]!) top[at] = pitch;
    const share = (Math.min(end, tick[at + 1]!) - start) * scale;
    add(weight, at, pitch, share);
    if (share >= BASS_SHARE || (start - tick[at]!) * scale <= ONSET_SHARE) lower(bass, at, pitch);
    if (end <= tick[at + 1]!) continue;
    const last = whole.add(tick, at + 1, end, pitch);
    if (last >= count || end <= tick[last]!) continue;
    const rest = ((end - tick[last]!) / (tick[last + 1]! - tick[last]!)) * WHOLE;
    add(weight, last, pitch, rest);
    if (rest >= BASS_SHARE) lower(bass, last, pitch);
  }
  whole.sweep();
  return { count, tick, weight, bass, top };
}

function add(weight: Int32Array, span: number, pitch: number, share: number): void {
  const i = span * 12 + (pitch % 12);
  weight[i] = weight[i]! + Math.round(share);
}

function lower(bass: Int8Array, span: number, pitch: number): void {
  const lowest = bass[span]!;
  if (lowest < 0 || pitch < lowest) bass[span] = pitch;
}

/** Spans of a note that are entered one by one; those of a longer one are filled in by the sweep. */
const SHORT = 12;

/** The spans that notes sound through from end to end. */
class WholeSpans {
  readonly #weight: Int32Array;
  readonly #bass: Int8Array;
  /** Long notes, by first span. */
  readonly #pitch: number[] = [];
  readonly #first: number[] = [];
  /** Pitches of the long notes that no longer fill a span, by span. */
  readonly #ended = new Map<number, number[]>();

  constructor(weight: Int32Array, bass: Int8Array) {
    this.#weight = weight;
    this.#bass = bass;
  }

  /** Enters a note from the beginning of span `first`; returns the span it does not fill. */
  add(tick: Float64Array, first: number, end: number, pitch: number): number {
    const count = this.#bass.length;
    const near = Math.min(count, first + SHORT);
    let last = first;
    while (last < near && tick[last + 1]! <= end) last++;
    if (last === near && last < count) {
      last = spanOf(tick, last, end);
      this.#pitch.push(pitch);
      this.#first.push(first);
      const ended = this.#ended.get(last);
      if (ended) ended.push(pitch);
      else this.#ended.set(last, [pitch]);
      return last;
    }
    for (let span = first; span < last; span++) {
      add(this.#weight, span, pitch, WHOLE);
      lower(this.#bass, span, pitch);
    }
    return last;
  }

  sweep(): void {
    if (this.#pitch.length === 0) return;
    const sounding = new Int32Array(129);
    const classes = new Int32Array(12);
    sounding[128] = 1;
    let low = 128;
    let next = 0;
    for (let span = this.#first[0]!; span < this.#bass.length; span++) {
      for (const pitch of this.#ended.get(span) ?? []) {
        sounding[pitch]!--;
        classes[pitch % 12]! -= WHOLE;
      }
      for (; this.#first[next] === span; next++) {
        const pitch = this.#pitch[next]!;
        sounding[pitch]!++;
        classes[pitch % 12]! += WHOLE;
        if (pitch < low) low = pitch;
      }
      while (sounding[low] === 0) low++;
      if (low === 128) continue;
      for (let p = 0, i = span * 12; p < 12; p++, i++) this.#weight[i]! += classes[p]!;
      lower(this.#bass, span, low);
    }
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
