import type { MelodyLine } from "./melody-lines.ts";

/** A place where a tune is played. */
export interface TuneFound {
  readonly track: number;
  /** 0 to 15. */
  readonly channel: number;
  /** From 1; 0 where no bars are known. */
  readonly bar: number;
  /** Where its first note starts. */
  readonly seconds: number;
  /** Semitones from the tune as asked for to the tune as played. */
  readonly transposed: number;
  /** Notes that differ. */
  readonly wrong: number;
}

/** Places given at most. */
const MOST_FOUND = 64;

/**
 * Where a tune is played in any key, note for note but for at most `wrong` notes that may be others; the truest first, then
 * the earliest. Repeated notes, rests and rhythm: notes count, times do not.
 */
export function findTune(lines: readonly MelodyLine[], tune: readonly number[], wrong: 0 | 1): TuneFound[] {
  const found: TuneFound[] = [];
  for (const line of lines) findInLine(line, tune, wrong, found);
  return found.sort((a, b) => a.wrong - b.wrong || a.seconds - b.seconds || a.track - b.track).slice(0, MOST_FOUND);
}

function findInLine(line: MelodyLine, tune: readonly number[], wrong: number, found: TuneFound[]): void {
  const { track, channel, pitch, bar, seconds } = line;
  for (let at = 0; at + tune.length <= pitch.length; at++) {
    // Of the first two notes one is right.
    let by = pitch[at]! - tune[0]!;
    let misses = differing(pitch, at, tune, by, wrong);
    if (misses > wrong && wrong > 0 && tune.length > 1) {
      by = pitch[at + 1]! - tune[1]!;
      misses = differing(pitch, at, tune, by, wrong);
    }
    if (misses <= wrong)
      found.push({ track, channel, bar: bar[at]!, seconds: seconds[at]!, transposed: by, wrong: misses });
  }
}

/** How many notes differ, counted up to one more than `most`. */
function differing(pitch: Uint8Array, at: number, tune: readonly number[], by: number, most: number): number {
  let misses = 0;
  for (let i = 0; i < tune.length && misses <= most; i++) if (pitch[at + i]! - tune[i]! !== by) misses++;
  return misses;
}
