import { pitchClass } from "../../music/note-names.ts";
import { UsageError } from "../script.ts";

/** Notes that a tune must have to be looked for. */
const LEAST_NOTES = 7;
const MIDDLE_C = 60;

/**
 * The pitches that `--melody` means: names of notes ("E D C D E E E"), each in the octave nearest to the note before, or
 * with an octave ("E4 D4"); or steps in semitones ("-2 -2 +2 +2 0 0").
 */
export function parseMelody(text: string): readonly number[] {
  const words = text
    .trim()
    .split(/[\s,|]+/)
    .filter(Boolean);
  const isSteps = words.every((word) => /^[+-]?\d{1,2}$/.test(word));
  const pitches = isSteps ? bySteps(words.map(Number)) : byNames(words);
  if (pitches === null || pitches.length < LEAST_NOTES) {
    throw new UsageError(
      `--melody is "${text}", expected ${LEAST_NOTES} notes or more such as "E D C D E E E" or "E4 D4 C4 ...", or their steps in semitones`,
    );
  }
  return pitches;
}

function bySteps(steps: readonly number[]): number[] {
  const pitches = [MIDDLE_C];
  for (const step of steps) pitches.push(pitches.at(-1)! + step);
  return pitches;
}

function byNames(words: readonly string[]): number[] | null {
  const pitches: number[] = [];
  for (const word of words) {
    const [, name, octave] = /^([A-Ga-g](?:#|b|♯|♭)*)(-?\d)?$/.exec(word) ?? [];
    const pitch = name === undefined ? null : pitchClass(name[0]!.toUpperCase() + name.slice(1));
    if (pitch === null) return null;
    const before = pitches.at(-1) ?? MIDDLE_C + 5;
    const up = (pitch - before + 1200) % 12;
    pitches.push(octave === undefined ? before + (up > 6 ? up - 12 : up) : pitch + 12 * (Number(octave) + 1));
  }
  return pitches;
}
