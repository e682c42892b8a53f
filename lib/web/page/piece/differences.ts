import type { Study } from "../base/study.ts";

/** How one piece differs from another that is much like it. */
export interface Differences {
  /** 1 for a note that the other has, too. */
  readonly inBoth: readonly [Uint8Array, Uint8Array];
  /** Notes of one alone. */
  readonly only: readonly [number, number];
  /** The second, moved to the first's pitch and time. */
  readonly moved: Study;
  /** Semitones the second stands above the first. */
  readonly transposed: number;
  /** How many times as long the second takes. */
  readonly stretched: number;
}

/** Notes this far apart, in seconds, are still the same note. */
const SAME_SECONDS = 0.07;

/** Lays the second over the first: by the shift of pitch that most notes share, and by first and last onset. */
export function differences(a: Study, b: Study): Differences {
  const transposed = shiftBetween(a, b);
  const [fromA, fromB] = [a.notes.start[0] ?? 0, b.notes.start[0] ?? 0];
  const [lengthA, lengthB] = [(a.notes.start.at(-1) ?? 0) - fromA, (b.notes.start.at(-1) ?? 0) - fromB];
  const stretched = lengthA > 0 && lengthB > 0 ? lengthB / lengthA : 1;
  const time = (seconds: number) => fromA + (seconds - fromB) / stretched;
  const drum = (study: Study, i: number) => study.voices[study.notes.voice[i]!]!.drum;
  const moved: Study = {
    ...b,
    seconds: Math.max(0, time(b.seconds)),
    notes: {
      ...b.notes,
      start: b.notes.start.map(time),
      end: b.notes.end.map(time),
      pitch: b.notes.pitch.map((pitch, i) => (drum(b, i) ? pitch : Math.max(0, Math.min(127, pitch - transposed)))),
    },
  };
  const inBoth: [Uint8Array, Uint8Array] = [new Uint8Array(a.notes.count), new Uint8Array(b.notes.count)];
  const open = new Map<number, number[]>();
  for (let i = 0; i < a.notes.count; i++) {
    const key = a.notes.pitch[i]! + (drum(a, i) ? 128 : 0);
    const list = open.get(key);
    if (list) list.push(i);
    else open.set(key, [i]);
  }
  const next = new Map<number, number>();
  let shared = 0;
  for (let j = 0; j < b.notes.count; j++) {
    const key = moved.notes.pitch[j]! + (drum(b, j) ? 128 : 0);
    const list = open.get(key) ?? [];
    let at = next.get(key) ?? 0;
    while (at < list.length && a.notes.start[list[at]!]! < moved.notes.start[j]! - SAME_SECONDS) at++;
    if (at < list.length && a.notes.start[list[at]!]! <= moved.notes.start[j]! + SAME_SECONDS) {
      inBoth[0][list[at]!] = inBoth[1][j] = 1;
      shared++;
      at++;
    }
    next.set(key, at);
  }
  return { inBoth, only: [a.notes.count - shared, b.notes.count - shared], moved, transposed, stretched };
}

/** The commonest distance between the pitches of notes at the same place in both. */
function shiftBetween(a: Study, b: Study): number {
  const pitched = (study: Study) => {
    const pitches: number[] = [];
    for (let i = 0; i < study.notes.count && pitches.length < 400; i++)
      if (!study.voices[study.notes.voice[i]!]!.drum) pitches.push(study.notes.pitch[i]!);
    return pitches;
  };
  const [one, other] = [pitched(a), pitched(b)];
  const counts = new Map<number, number>();
  for (let i = 0; i < Math.min(one.length, other.length); i++)
    counts.set(other[i]! - one[i]!, (counts.get(other[i]! - one[i]!) ?? 0) + 1);
  return [...counts].sort((x, y) => y[1] - x[1] || Math.abs(x[0]) - Math.abs(y[0]))[0]?.[0] ?? 0;
}
