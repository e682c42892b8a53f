import { CHORD_TYPES } from "./chord-types.ts";
import { pitchClass } from "./note-names.ts";

/** A chord as a progression sees it: inversions and added notes are folded into the triad. */
export interface FoldedChord {
  /** 0 to 11 from C; where only numerals are known, from the tonic. */
  readonly root: number;
  /** Index of the triad's family, see `CHORD_TYPES`. */
  readonly family: number;
}

const FAMILY = new Map(CHORD_TYPES.map(({ name, family }) => [name, family]));

/** A label of the analysis such as `A:min7/3` as a progression sees it; null where no chord sounds. */
function foldChord(label: string): FoldedChord | null {
  const [, root, type] = /^([A-G][#b]*):([^/]*)/.exec(label) ?? [];
  const family = type === undefined ? undefined : FAMILY.get(type);
  return root === undefined || family === undefined || type === "1" ? null : { root: pitchClass(root)!, family };
}

/** Chords that follow each other, repetitions left out, with the number of the label that each begins with. */
export function foldChords(labels: readonly string[]): { readonly chords: FoldedChord[]; readonly at: number[] } {
  const chords: FoldedChord[] = [];
  const at: number[] = [];
  for (const [n, label] of labels.entries()) {
    const chord = foldChord(label);
    const last = chords.at(-1);
    if (!chord || (last && last.root === chord.root && last.family === chord.family)) continue;
    chords.push(chord);
    at.push(n);
  }
  return { chords, at };
}

/** Chords a key stands for. */
const GRAM = 3;

/**
 * Keys to look progressions up by: each stands for three chords in a row, their families and the intervals between their
 * roots, so that the key of the music plays no part.
 */
export function progressionKeys(chords: readonly FoldedChord[]): number[] {
  const keys = new Set<number>();
  for (let i = 0; i + GRAM <= chords.length; i++) {
    let key = chords[i]!.family;
    for (let n = 1; n < GRAM; n++) {
      const step = (chords[i + n]!.root - chords[i + n - 1]!.root + 12) % 12;
      key = (key * 12 + step) * 8 + chords[i + n]!.family;
    }
    keys.add(key);
  }
  return [...keys];
}

/** A progression that is looked for. */
export interface Progression {
  readonly chords: readonly FoldedChord[];
  /** Whether the roots are meant as they stand; else any key will do. */
  readonly absolute: boolean;
}

/** Where a progression is played: indices of `chords`. */
export function findProgression(chords: readonly FoldedChord[], { chords: asked, absolute }: Progression): number[] {
  const found: number[] = [];
  for (let at = 0; at + asked.length <= chords.length; at++) {
    const shift = absolute ? 0 : chords[at]!.root - asked[0]!.root;
    const matches = asked.every(({ root, family }, n) => {
      const chord = chords[at + n]!;
      return chord.family === family && (chord.root - root - shift + 24) % 12 === 0;
    });
    if (matches) found.push(at);
  }
  return found;
}

/** Chords that a progression must have to be looked up. */
export const LEAST_PROGRESSION = GRAM;
