import { UsageError } from "../script.ts";
import { pitchClass, spellings } from "./key-argument.ts";

/** Chord types as the library writes them (Harte's shorthands), each after the ways people write them. */
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    maj: "maj M",
    min: "min m -",
    dim: "dim o °",
    aug: "aug +",
    sus4: "sus4 sus",
    sus2: "sus2",
    maj7: "maj7 M7 Δ",
    "7": "7 dom7",
    maj6: "maj6 6",
    maj9: "maj9 M9",
    "9": "9",
    "maj(9)": "maj(9) add9",
    min7: "min7 m7 -7",
    minmaj7: "minmaj7 mM7 mmaj7",
    min6: "min6 m6",
    min9: "min9 m9",
    "min(9)": "min(9) madd9",
    dim7: "dim7 o7 °7",
    hdim7: "hdim7 m7b5 ø ø7",
    "aug(b7)": "aug(b7) aug7 +7",
    "sus4(b7)": "sus4(b7) 7sus4 7sus",
    "5": "5",
  }).flatMap(([type, written]) => written.split(" ").map((name) => [name, type] as const)),
);

/** Degrees that may stand in the bass, after "/". */
const BASSES = ["", ..."b2 2 b3 3 4 b5 5 #5 6 b7 7".split(" ").map((degree) => `/${degree}`)];

/**
 * The labels that `--chord` means, over any bass and in every spelling: "Am", "F#m7", "C:maj7", "Bb"; a type without
 * a root ("dim7", "maj9") means any root.
 */
export function chordLabels(text: string): readonly string[] {
  const [, root, rest] = /^([A-G](?:#|b|♯|♭)?)?:?(.*)$/.exec(text.trim())!;
  const type = TYPES.get(root !== undefined && rest === "" ? "maj" : rest!);
  if (type === undefined) {
    throw new UsageError(`--chord is "${text}", expected a chord such as Am, F#m7, Bb, C:maj7, or a type such as dim7`);
  }
  const pitches = root === undefined ? Array.from({ length: 12 }, (_, pitch) => pitch) : [pitchClass(root)!];
  return pitches.flatMap(spellings).flatMap((name) => BASSES.map((bass) => `${name}:${type}${bass}`));
}
