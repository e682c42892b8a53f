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
  /** Twelve a span, C first: time each pitch class sounds, summed over its notes, as a share of the span. */
  readonly weight: Float32Array;
  /** Lowest pitch of each span that is more than a passing touch, -1 in silence. */
  readonly bass: Int8Array;
  /** Highest pitch that begins in each span, -1 where none does. */
  readonly top: Int8Array;
}

/** A note is a span's bass when it sounds for this share of it, or begins with it. */
const BASS_SHARE = 0.25;
const ONSET_SHARE = 0.15;

/** Sums the pitched notes into the spans between `tick`s (rising). Linear in notes and spans however long the notes. */
export function chroma(m: Material, tick: Float64Array): Chroma {
  const count = Math.max(0, tick.length - 1);
  const weight = new Float32Array(count * 12);
  const held = new Float32Array((count + 1) * 12);
  const bass = new Int8Array(count).fill(-1);
  const top = new Int8Array(count).fill(-1);
  const lowest = new LowestSounding(count, m.pitched.length);
  let at = 0;
  for (let i = 0; i < m.pitched.length; i++) {
    const note = m.pitched[i]!;
    const start = Math.max(m.startTick[note]!, tick[0]!);
    const end = m.endTick[note]!;
    while (at < count && tick[at + 1]! <= start) at++;
    if (at >= count) break;
    if (end <= start) continue;
    const pitch = m.pitch[note]!;
    const pc = pitch % 12;
    const last = spanBefore(tick, at, count, end);
    const width = tick[at + 1]! - tick[at]!;
    const first = Math.min(end, tick[at + 1]!) - start;
    weight[at * 12 + pc] = weight[at * 12 + pc]! + first / width;
    if (pitch > top[at]!) top[at] = pitch;
    let lastShare = 1;
    if (last > at) {
      lastShare = (end - tick[last]!) / (tick[last + 1]! - tick[last]!);
      weight[last * 12 + pc] = weight[last * 12 + pc]! + lastShare;
      held[(at + 1) * 12 + pc] = held[(at + 1) * 12 + pc]! + 1;
      held[last * 12 + pc] = held[last * 12 + pc]! - 1;
    }
    const rooted = first >= BASS_SHARE * width || start - tick[at]! <= ONSET_SHARE * width;
    lowest.add(pitch, rooted ? at : at + 1, lastShare >= BASS_SHARE ? last : last - 1);
  }
  for (let i = 12; i < count * 12; i++) {
    held[i] = held[i]! + held[i - 12]!;
    weight[i] = weight[i]! + held[i]!;
  }
  lowest.sweep(bass);
  return { count, tick, weight, bass, top };
}

/** Index of the span that holds the moment just before `end`, searched from `from` on. */
function spanBefore(tick: Float64Array, from: number, count: number, end: number): number {
  if (end <= tick[from + 1]!) return from;
  let low = from + 1;
  let high = Math.min(count - 1, from + 8);
  if (tick[high + 1]! < end) high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tick[middle + 1]! >= end) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Lowest pitch per span from ranges of spans: a sweep with one counter a pitch. */
class LowestSounding {
  private readonly firstStart: Int32Array;
  private readonly firstEnd: Int32Array;
  private readonly nextStart: Int32Array;
  private readonly nextEnd: Int32Array;
  private readonly pitch: Uint8Array;
  private readonly spans: number;
  private count = 0;

  constructor(spans: number, notes: number) {
    this.spans = spans;
    this.firstStart = new Int32Array(spans + 1).fill(-1);
    this.firstEnd = new Int32Array(spans + 1).fill(-1);
    this.nextStart = new Int32Array(notes);
    this.nextEnd = new Int32Array(notes);
    this.pitch = new Uint8Array(notes);
  }

  add(pitch: number, from: number, to: number): void {
    if (from > to || from >= this.spans) return;
    const note = this.count++;
    this.pitch[note] = pitch;
    this.nextStart[note] = this.firstStart[from]!;
    this.firstStart[from] = note;
    this.nextEnd[note] = this.firstEnd[to]!;
    this.firstEnd[to] = note;
  }

  sweep(bass: Int8Array): void {
    const sounding = new Int32Array(129);
    sounding[128] = 1;
    let low = 128;
    for (let span = 0; span < this.spans; span++) {
      for (let n = this.firstStart[span]!; n >= 0; n = this.nextStart[n]!) {
        const pitch = this.pitch[n]!;
        sounding[pitch] = sounding[pitch]! + 1;
        if (pitch < low) low = pitch;
      }
      bass[span] = low < 128 ? low : -1;
      for (let n = this.firstEnd[span]!; n >= 0; n = this.nextEnd[n]!) {
        const pitch = this.pitch[n]!;
        sounding[pitch] = sounding[pitch]! - 1;
      }
      while (sounding[low] === 0) low++;
    }
  }
}
