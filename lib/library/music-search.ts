import { findTune } from "../analysis/melody/find-tune.ts";
import { tuneKeys } from "../analysis/melody/melody-keys.ts";
import { readMelodyLines } from "../analysis/melody/melody-lines.ts";
import type { MusicOf } from "../database/questions/music.ts";
import { findProgression, foldChords, type Progression, progressionKeys } from "../music/progressions.ts";

/** Music that is looked for. */
export interface MusicAsked {
  /** Pitches of a tune, in any key; with at most so many wrong notes. */
  readonly tune?: { readonly pitches: readonly number[]; readonly wrong: 0 | 1 };
  readonly progression?: Progression;
}

/** A place where it is played. */
export interface PlayedAt {
  readonly seconds: number;
  /** From 1; null where it is not known. */
  readonly bar: number | null;
  /** Track from 0 and channel from 1 of a tune; null for chords. */
  readonly track: number | null;
  readonly channel: number | null;
}

/** The keys that a piece holds which has the music: of each list of ways one, of a way all. */
export function keysAsked({ tune, progression }: MusicAsked) {
  return {
    ...(tune && { melody: tuneKeys(tune.pitches, tune.wrong).map((keys) => [...keys]) }),
    ...(progression && { progression: progressionKeys(progression.chords) }),
  };
}

/** Where a piece plays what is asked for, the truest places first; empty where it does not. */
export function playedAt({ tune, progression }: MusicAsked, { melody, chords }: MusicOf): readonly PlayedAt[] {
  const tunes = tune ? tunesAt(tune, melody) : [];
  const progressions = progression ? progressionsAt(progression, chords) : [];
  if ((tune && tunes.length === 0) || (progression && progressions.length === 0)) return [];
  return [...tunes, ...progressions];
}

function tunesAt({ pitches, wrong }: NonNullable<MusicAsked["tune"]>, melody: string | null): PlayedAt[] {
  if (melody === null) return [];
  return findTune(readMelodyLines(melody), pitches, wrong).map(({ seconds, bar, track, channel }) => ({
    seconds,
    bar: bar > 0 ? bar : null,
    track,
    channel: channel + 1,
  }));
}

function progressionsAt(asked: Progression, list: MusicOf["chords"]): PlayedAt[] {
  if (list === null) return [];
  const { chords, at } = foldChords(list.map(([, , label]) => label));
  return findProgression(chords, asked).map((n) => ({
    seconds: list[at[n]!]![1],
    bar: null,
    track: null,
    channel: null,
  }));
}
