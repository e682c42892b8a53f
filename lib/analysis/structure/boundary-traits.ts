import type { BarContents } from "./bar-contents.ts";
import type { Similarity } from "./similarity.ts";

/** What speaks for a section beginning at a bar: `BOUNDARY_TRAITS.length` numbers a bar. */
export const BOUNDARY_TRAITS = [
  "time since the melody's last onset",
  "the melody comes or goes within four bars",
  "voices come and go",
  "notes of the bar before, against the usual",
  "notes of this bar, against the usual",
  "notes of the melody in the bar before, against the usual",
  "the melody enters",
  "the melody leaves",
  "a repetition starts, in deviations from the piece's mean",
  "a repetition ends, in deviations",
  "the melody rests, in deviations",
  "the last three, at every fourth bar from here",
  "the same at every eighth bar",
] as const;

const COUNT = BOUNDARY_TRAITS.length;
/** Where the traits begin that are counted in deviations, and the phases. */
const DEVIATIONS = 8;
const PHASES = 11;

/** Bars of a repetition that counts. */
const REPEAT = 4;

export function boundaryTraits(contents: BarContents, similarity: Similarity): Float64Array {
  const traits = new Float64Array(contents.count * COUNT);
  ofBars(contents, traits);
  const { starts, ends } = repetitions(similarity);
  const strength = new Float64Array(contents.count);
  for (const [n, values] of [starts, ends, contents.rest].entries()) {
    deviations(values, traits, DEVIATIONS + n);
    for (let bar = 0; bar < contents.count; bar++) strength[bar]! += traits[bar * COUNT + DEVIATIONS + n]!;
  }
  phases(strength, traits, PHASES, 4);
  phases(strength, traits, PHASES + 1, 8);
  return traits;
}

/** By bar: how much more alike the four bars from it are to four others than the bars before them, and up to it than those after. */
interface Repetitions {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Along every diagonal of the matrix: where four bars in a row are like four others, and what stands beside them is not. */
function repetitions({ count, matrix }: Similarity): Repetitions {
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  for (let lag = REPEAT; lag + REPEAT <= count; lag++) {
    let sum = 0;
    for (let later = lag; later < count; later++) {
      const at = later * count + later - lag;
      sum += matrix[at]!;
      const first = later - REPEAT + 1;
      if (first < lag) continue;
      const before = first > lag ? matrix[at - REPEAT * (count + 1)]! : Number.POSITIVE_INFINITY;
      if (first > lag) sum -= before;
      raise(starts, first, lag, sum / REPEAT - before);
      if (later + 1 < count) raise(ends, later + 1, lag, sum / REPEAT - matrix[at + count + 1]!);
    }
  }
  return { starts, ends };
}

function raise(values: Float64Array, bar: number, lag: number, value: number): void {
  if (value > values[bar]!) values[bar] = value;
  if (value > values[bar - lag]!) values[bar - lag] = value;
}

const MOST_DENSE = 3;

function ofBars({ count, notes, tuneNotes, voices, step }: BarContents, traits: Float64Array): void {
  const usual = medianOfSome(notes);
  const usualTune = medianOfSome(tuneNotes);
  for (let bar = 1, at = COUNT; bar < count; bar++, at += COUNT) {
    traits[at] = step[bar]!;
    traits[at + 1] = Math.abs(share(tuneNotes, bar - REPEAT, bar) - share(tuneNotes, bar, bar + REPEAT));
    traits[at + 2] = voiceChange(voices, bar);
    traits[at + 3] = Math.min(MOST_DENSE, notes[bar - 1]! / usual);
    traits[at + 4] = Math.min(MOST_DENSE, notes[bar]! / usual);
    traits[at + 5] = Math.min(MOST_DENSE, tuneNotes[bar - 1]! / usualTune);
    traits[at + 6] = tuneNotes[bar - 1] === 0 && tuneNotes[bar]! > 0 ? 1 : 0;
    traits[at + 7] = tuneNotes[bar - 1]! > 0 && tuneNotes[bar] === 0 ? 1 : 0;
  }
}

function medianOfSome(values: Uint32Array): number {
  const sorted = values.filter((value) => value > 0).sort();
  return sorted[sorted.length >> 1] ?? 1;
}

/** Share of the bars [from, to) with any. */
function share(values: Uint32Array, from: number, to: number): number {
  let some = 0;
  let all = 0;
  for (let bar = Math.max(0, from); bar < Math.min(to, values.length); bar++, all++) if (values[bar]! > 0) some++;
  return all === 0 ? 0 : some / all;
}

/** Voices that play in the two bars before or after and not in the others; half for those in one of two. */
function voiceChange(voices: Uint32Array, bar: number): number {
  const [a, b] = [voices[Math.max(0, bar - 2)]!, voices[bar - 1]!];
  const [c, d] = [voices[bar]!, voices[Math.min(voices.length - 1, bar + 1)]!];
  let change = 0;
  for (let set = a | b | c | d; set !== 0; set &= set - 1) {
    const bit = set & -set;
    const before = (a & bit ? 1 : 0) + (b & bit ? 1 : 0);
    const after = (c & bit ? 1 : 0) + (d & bit ? 1 : 0);
    change += Math.abs(before - after) / 2;
  }
  return change;
}

function deviations(values: Float64Array, traits: Float64Array, trait: number): void {
  let sum = 0;
  let squares = 0;
  for (let bar = 0; bar < values.length; bar++) {
    sum += values[bar]!;
    squares += values[bar]! * values[bar]!;
  }
  const mean = sum / values.length;
  const deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean)) + 1e-6;
  for (let bar = 0; bar < values.length; bar++) traits[bar * COUNT + trait] = (values[bar]! - mean) / deviation;
}

/** The mean of `strength` at every bar of the same phase. */
function phases(strength: Float64Array, traits: Float64Array, trait: number, period: number): void {
  const sum = new Float64Array(period);
  const times = new Float64Array(period);
  for (let bar = 0; bar < strength.length; bar++) {
    sum[bar % period]! += strength[bar]!;
    times[bar % period]!++;
  }
  for (let bar = 0; bar < strength.length; bar++)
    traits[bar * COUNT + trait] = sum[bar % period]! / times[bar % period]!;
}
