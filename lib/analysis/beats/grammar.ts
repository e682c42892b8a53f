import type { Onsets } from "./onsets.ts";
import { GRAMMAR, type RhythmGrammar } from "./rhythm-grammar.ts";

/**
 * The tempo of an excerpt as its rhythms tell it, in beats a minute: which beat makes the notes read as rhythms that
 * are written?
 *
 * Method: a metrical hidden Markov model as in Raphael 2002 and Nakamura et al. 2017. Each onset has a place in the
 * beat (a twelfth) and a tempo; onsets advance by whole twelfths with probabilities counted in scores, carry chords
 * and basses likelier on some places than on others, and lie off their place by Gaussian noise; the tempo wanders
 * about a usual one.
 * The best path is found by Viterbi search, paths far behind the best are dropped.
 * Null with fewer than 12 onsets in the excerpt, or beats too few to count.
 */
export function rhythmTempo(o: Onsets, from: number, to: number, grammar: RhythmGrammar = GRAMMAR): number | null {
  const count = Math.min(MAX_EXCERPT, to - from);
  if (count < 12) return null;
  return medianBeat(o, from, beatsSinceStart(search(o, from, count, grammar), count));
}

/** Onsets of one excerpt at most. */
export const MAX_EXCERPT = 400;

/** Twelfths of a beat: halves, thirds, quarters and sixths are whole. */
const PLACES = 12;
const MAX_ADVANCE = 60;
const MAX_FITS = 6;
const SHORTEST = 0.27;
const TEMPO_STEP = 0.08;
const TEMPI = 25;
const STATES = TEMPI * PLACES;
/** Noise of an onset: a constant in seconds and a share of the gap before it. */
const NOISE_SECONDS = 0.032;
const NOISE_SHARE = 0.052;
/** How much the logarithm of the tempo wanders in a second. */
const WANDER = 0.036;
/** Weight of chords and basses against rhythms. */
const ACCENT_WEIGHT = 2.25;
/** Paths this far behind the best, as a logarithm, are dropped. */
const BEAM = 10;
/** Beats expected before the first note, as a log-normal. It leans to quick ones: the rhythms lean to slow ones. */
const USUAL_PERIOD = 0.435;
const USUAL_SPREAD = 0.235;

/** How strongly each second pulls the tempo towards the usual one, against the expectation before the first note. */
const PULL = 0.19;

const periods = Float64Array.from({ length: TEMPI }, (_, k) => SHORTEST * Math.exp(k * TEMPO_STEP));
const units = periods.map((p) => p / PLACES);
const perUnit = units.map((unit) => 1 / unit);
/** Logarithm of how usual each tempo is, but for a constant. */
const usual = periods.map((p) => -0.5 * (Math.log(p / USUAL_PERIOD) / USUAL_SPREAD) ** 2);
const logUnits = units.map((unit) => Math.log(0.4 * unit));
const scores: [Float64Array, Float64Array] = [new Float64Array(STATES), new Float64Array(STATES)];
const active: [Int16Array, Int16Array] = [new Int16Array(STATES), new Int16Array(STATES)];
/** By onset and state: the state before it, shifted by eight bits, and the advance from there. */
const trail = new Int32Array(MAX_EXCERPT * STATES);
const places = new Float64Array(MAX_EXCERPT);

const PLACE = Uint8Array.from({ length: PLACES + MAX_ADVANCE }, (_, i) => i % PLACES);

/** Advances that a gap allows at each tempo: the least, how many (at most `MAX_FITS`), and what each one's misfit costs. */
const least = new Uint8Array(TEMPI);
const fits = new Uint8Array(TEMPI);
const misfit = new Float64Array(TEMPI * MAX_FITS);

/** For the tempi from `lowest` to `highest`. */
function measure(gap: number, lowest: number, highest: number): void {
  const noise = Math.sqrt(NOISE_SECONDS * NOISE_SECONDS + NOISE_SHARE * NOISE_SHARE * gap * gap);
  const logNoise = Math.log(noise);
  const perNoise = 1 / noise;
  const shortest = gap - 2.5 * noise;
  const longest = gap + 2.5 * noise;
  for (let k = lowest; k <= highest; k++) {
    const unit = units[k]!;
    const from = Math.max(1, Math.ceil(shortest * perUnit[k]!));
    const to = Math.min(MAX_ADVANCE, Math.floor(longest * perUnit[k]!), from + MAX_FITS - 1);
    const cost = logUnits[k]! - logNoise;
    least[k] = Math.min(from, MAX_ADVANCE);
    fits[k] = Math.max(0, to - from + 1);
    for (let r = from; r <= to; r++) {
      const z = (gap - r * unit) * perNoise;
      misfit[k * MAX_FITS + r - from] = cost - 0.5 * z * z;
    }
  }
}

/** Viterbi search; returns the best state of the last onset. One dense loop on reused buffers. */
function search(o: Onsets, from: number, count: number, grammar: RhythmGrammar): number {
  const { transitions, accents } = grammar;
  const bass = new BassLine();
  let now = 0;
  let alive = start(bass.of(o, from), grammar);
  for (let i = 1; i < count; i++) {
    const before = scores[now]!;
    const list = active[now]!;
    const after = scores[1 - now]!.fill(Number.NEGATIVE_INFINITY);
    const next = active[1 - now]!;
    const gap = o.seconds[from + i]! - o.seconds[from + i - 1]!;
    const wander = WANDER * Math.sqrt(Math.min(1.5, Math.max(gap, 0.05)));
    const change = 0.5 * (TEMPO_STEP / wander) ** 2;
    let best = Number.NEGATIVE_INFINITY;
    for (let a = 0; a < alive; a++) if (before[list[a]!]! > best) best = before[list[a]!]!;
    const floor = best - BEAM;
    alive = prune(before, list, alive, floor);
    measure(gap, Math.max(0, tempoOf(minimum) - 2), Math.min(TEMPI - 1, tempoOf(maximum) + 2));
    const kind = bass.of(o, from + i);
    const row = i * STATES;
    const pull = PULL * Math.min(1, gap);
    let reached = 0;
    for (let a = 0; a < alive; a++) {
      const s = list[a]!;
      const value = before[s]!;
      const tempo = tempoOf(s);
      const place = s - tempo * PLACES;
      const grammarRow = place * (MAX_ADVANCE + 1);
      const highest = Math.min(TEMPI - 1, tempo + 2);
      for (let k = Math.max(0, tempo - 2); k <= highest; k++) {
        const base = value - change * (k - tempo) * (k - tempo);
        if (base < floor) continue;
        let r = least[k]!;
        for (let f = k * MAX_FITS, end = f + fits[k]!; f < end; f++, r++) {
          const target = k * PLACES + PLACE[place + r]!;
          const total = base + misfit[f]! + transitions[grammarRow + r]!;
          const known = after[target]!;
          if (total <= known) continue;
          if (known === Number.NEGATIVE_INFINITY) next[reached++] = target;
          after[target] = total;
          trail[row + target] = (s << 8) | r;
        }
      }
    }
    if (reached === 0) reached = rest(i, gap, before, list, alive, after, next);
    for (let a = 0; a < reached; a++) {
      const s = next[a]!;
      after[s]! += pull * usual[tempoOf(s)]! + ACCENT_WEIGHT * accents[(s % PLACES) * KINDS + kind]!;
    }
    now = 1 - now;
    alive = reached;
  }
  let last = active[now]![0]!;
  for (let a = 1; a < alive; a++) if (scores[now]![active[now]![a]!]! > scores[now]![last]!) last = active[now]![a]!;
  return last;
}

let minimum = 0;
let maximum = 0;

/** Keeps the states of a list that reach `floor`, noting the lowest and highest of them; returns how many. */
function prune(values: Float64Array, list: Int16Array, alive: number, floor: number): number {
  let kept = 0;
  minimum = STATES;
  maximum = 0;
  for (let a = 0; a < alive; a++) {
    const s = list[a]!;
    if (values[s]! < floor) continue;
    list[kept++] = s;
    if (s < minimum) minimum = s;
    if (s > maximum) maximum = s;
  }
  return kept;
}

function tempoOf(state: number): number {
  return (state / PLACES) | 0;
}

function start(kind: number, { opening, accents }: RhythmGrammar): number {
  for (let k = 0; k < TEMPI; k++) {
    for (let place = 0; place < PLACES; place++) {
      const s = k * PLACES + place;
      scores[0]![s] = usual[k]! + opening[place]! + ACCENT_WEIGHT * accents[place * KINDS + kind]!;
      active[0]![s] = s;
    }
  }
  return STATES;
}

/** After a gap that no rhythm spans the beat goes on at the same place, at a price. */
function rest(
  i: number,
  gap: number,
  before: Float64Array,
  list: Int16Array,
  alive: number,
  after: Float64Array,
  next: Int16Array,
): number {
  for (let a = 0; a < alive; a++) {
    const s = list[a]!;
    after[s] = before[s]! - 8;
    next[a] = s;
    const beats = Math.min(20, Math.max(1, Math.round(gap / periods[tempoOf(s)]!)));
    trail[i * STATES + s] = (s << 8) | (PLACES * beats);
  }
  return alive;
}

/** Kinds of onset: one to four or more notes, each without, near or on the bass line. */
export const KINDS = 12;

/** Follows the lowest notes: what lies within a third above the lowest of late is the bass, within an octave near it. */
export class BassLine {
  private low = 60;

  /** The kind of an onset; to be asked in order. */
  of(o: Onsets, i: number): number {
    const notes = Math.min(4, Math.max(1, o.notes[i]!)) - 1;
    const bass = o.bass[i]!;
    if (bass === 128) return notes * 3;
    const near = bass <= this.low + 4 ? 2 : bass <= this.low + 12 ? 1 : 0;
    if (near === 2) this.low = Math.min(this.low, bass);
    this.low = Math.min(this.low + 0.25, bass + 24);
    return notes * 3 + near;
  }
}

/** Beats from the beat of the first onset to each onset, on the path that ends in state `last`. */
function beatsSinceStart(last: number, count: number): Float64Array {
  let s = last;
  let total = 0;
  for (let i = count - 1; i > 0; i--) {
    const step = trail[i * STATES + s]!;
    places[i] = step & 255;
    s = step >> 8;
  }
  total = s % PLACES;
  places[0] = total / PLACES;
  for (let i = 1; i < count; i++) {
    total += places[i]!;
    places[i] = total / PLACES;
  }
  return places.subarray(0, count);
}

/** 60 over the median time between whole beats, times between onsets interpolated. */
function medianBeat(o: Onsets, from: number, at: Float64Array): number | null {
  const gaps: number[] = [];
  let before = Number.NaN;
  let i = 0;
  for (let beat = Math.ceil(at[0]!); beat <= at[at.length - 1]!; beat++) {
    while (i + 2 < at.length && at[i + 1]! <= beat) i++;
    const part = (beat - at[i]!) / (at[i + 1]! - at[i]! || 1);
    const time = o.seconds[from + i]! + part * (o.seconds[from + i + 1]! - o.seconds[from + i]!);
    if (!Number.isNaN(before)) gaps.push(time - before);
    before = time;
  }
  if (gaps.length < 3) return null;
  return 60 / gaps.sort((a, b) => a - b)[gaps.length >> 1]!;
}
