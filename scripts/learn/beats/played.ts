import type { Random } from "../random.ts";
import { type BeatTruth, inOrder, type Notes } from "./annotated.ts";

/** A piece and its beats, in seconds. */
export interface Played {
  readonly notes: Notes;
  readonly truth: BeatTruth;
}

/** The same performance by somebody else: faster or slower, less exact, with notes left out, louder, flatter, shorter. */
export function playedOtherwise({ notes, truth }: Played, random: Random): Played {
  const pace = Math.exp(random.between(-0.3, 0.3));
  const scatter = random.oneOf([0, 0.004, 0.008, 0.014]);
  const missed = random.next() < 0.5 ? 0 : random.between(0, 0.15);
  const flat = random.next() < 0.15;
  const dynamics = random.between(0.6, 1.3);
  const held = random.next() < 0.5 ? 1 : Math.exp(0.35 * random.gauss());
  const kept: number[] = [];
  for (let i = 0; i < notes.start.length; i++) if (random.next() >= missed) kept.push(i);
  const start = Float64Array.from(kept, (i) => Math.max(0, notes.start[i]! * pace + scatter * random.gauss()));
  const end = start.map((at, k) => at + Math.max(0.02, (notes.end[kept[k]!]! - notes.start[kept[k]!]!) * pace * held));
  const pitch = Uint8Array.from(kept, (i) => notes.pitch[i]!);
  const velocity = Uint8Array.from(kept, (i) =>
    flat ? 64 : loudness(64 + (notes.velocity[i]! - 64) * dynamics + 3 * random.gauss()),
  );
  return {
    notes: inOrder({ start, end, pitch, velocity }),
    truth: { ...truth, time: truth.time.map((time) => time * pace) },
  };
}

/** A score as a player might play it: a wandering tempo, phrases that slow down, chords that are not together. */
export function playedFromScore({ notes, truth }: Played, random: Random): Played {
  const count = truth.time.length;
  if (count < 8) return { notes, truth };
  const unit = (truth.time[count - 1]! - truth.time[0]!) / (count - 1);
  const times = beatTimes(notes, truth, unit, random);
  const at = (time: number) => secondsAt(time, truth.time, times, unit);
  const spread = random.between(0.003, 0.017);
  const [loud, swell, melody] = [random.between(45, 80), random.between(0, 14), random.between(0, 14)];
  const legato = random.between(0.6, 1.3);
  const shift = 1 - Math.min(0, at(notes.start[0]!) - 0.5);
  const start = new Float64Array(notes.start.length);
  const end = new Float64Array(notes.start.length);
  const velocity = new Uint8Array(notes.start.length);
  let high = 60;
  for (let i = 0; i < start.length; i++) {
    const time = at(notes.start[i]!) + shift + spread * random.gauss();
    start[i] = Math.max(0, time);
    end[i] = start[i]! + Math.max(0.04, (at(notes.end[i]!) - at(notes.start[i]!)) * legato);
    high = Math.max(high - 0.2, notes.pitch[i]!);
    const top = notes.pitch[i]! > high - 5 ? melody : 0;
    velocity[i] = loudness(loud + swell * Math.sin(time / 5) + top + 5 * random.gauss());
  }
  return {
    notes: inOrder({ start, end, pitch: notes.pitch.slice(), velocity }),
    truth: { ...truth, time: truth.time.map((time) => at(time) + shift) },
  };
}

/** Seconds of each beat, and of some after the last. */
function beatTimes(notes: Notes, truth: BeatTruth, unit: number, random: Random): number[] {
  const count = truth.time.length;
  const period = playablePeriod(notes, unit, random);
  const wander = random.between(0.01, 0.07);
  const phrase = random.oneOf([4, 8, 16]);
  const slowing = random.next() * random.next() * 0.5;
  const hurry = random.between(0, 0.06);
  const drift = 0.1 * random.gauss();
  const times = [0.5];
  let off = 0;
  for (let b = 1; b < count + 40; b++) {
    off = 0.9 * off + wander * random.gauss();
    const place = (b % phrase) / phrase;
    const bend = place > 0.75 ? slowing * (place - 0.75) * 4 : -hurry * Math.sin(Math.PI * place);
    const close = b > count - 6 ? 0.36 * (b - count + 6) * slowing : 0;
    const gap = b < count ? truth.time[b]! - truth.time[b - 1]! : unit;
    const change = off + bend + close + drift * Math.sin(b / 60) + 0.012 * random.gauss();
    times.push(times[b - 1]! + period * (gap / unit) * Math.exp(change));
  }
  return times;
}

/** Seconds of a beat at which hands can play the notes and an ear can follow them. */
function playablePeriod(notes: Notes, unit: number, random: Random): number {
  const beats = (notes.end.at(-1)! - notes.start[0]!) / unit;
  const onsets = new Set(notes.start).size;
  let period = 0.6;
  for (let tries = 0; tries < 20; tries++) {
    period = 0.58 * Math.exp(0.4 * random.gauss());
    const rate = onsets / (beats * period);
    if (rate > 2 && rate < 13) break;
  }
  return period;
}

function secondsAt(time: number, beats: readonly number[], times: readonly number[], unit: number): number {
  if (time < beats[0]!) return times[0]! + ((time - beats[0]!) / unit) * (times[1]! - times[0]!);
  let [low, high] = [0, beats.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (beats[middle]! <= time) low = middle;
    else high = middle;
  }
  const gap = low + 1 < beats.length ? beats[low + 1]! - beats[low]! : unit;
  return times[low]! + ((time - beats[low]!) / gap) * (times[low + 1]! - times[low]!);
}

function loudness(value: number): number {
  return Math.min(127, Math.max(1, Math.round(value)));
}
