import { CHORD_TYPES, POWER_CHORD } from "../../music/chord-types.ts";

const DEGREES = ["I", "II", "III", "IV", "V", "VI", "VII"];
/** Figured bass of inversions, root position first. */
const TRIAD_FIGURES = ["", "6", "64"];
const SEVENTH_FIGURES = ["7", "65", "43", "42"];
const SUFFIX: Record<string, string> = {
  dim: "o",
  dim7: "o",
  hdim7: "ø",
  aug: "+",
  "aug(b7)": "+",
  sus4: "sus4",
  sus2: "sus2",
  "sus4(b7)": "7sus4",
  "5": "5",
};

/**
 * A chord as a Roman numeral in a key: upper case for major thirds, lower for minor, `o ø +` for diminished,
 * half-diminished and augmented, figured bass for inversions, accidentals against the major scale on the tonic (in minor
 * against the natural minor scale, the raised leading tone as `#vii`), as in Tymoczko et al., "The Romantext format",
 * ISMIR 2019.
 * `root` and `tonic` are places on the line of fifths; `bass` is semitones above the root.
 */
export function romanNumeral(root: number, type: number, bass: number, tonic: number, minor: boolean): string {
  const chord = CHORD_TYPES[type]!;
  const steps = root - tonic;
  const degree = (((steps * 4) % 7) + 7) % 7;
  const scale = minor ? MINOR_SCALE[degree]! : MAJOR_SCALE[degree]!;
  const accidentals = Math.round((steps - scale) / 7);
  const accidental = accidentals < 0 ? "b".repeat(-accidentals) : "#".repeat(accidentals);
  const lower = type < POWER_CHORD && (chord.family === 1 || chord.family === 2);
  const numeral = lower ? DEGREES[degree]!.toLowerCase() : DEGREES[degree]!;
  return accidental + numeral + (SUFFIX[chord.name] ?? "") + figures(type, bass);
}

/** Places of the scale degrees on the line of fifths from the tonic. */
const MAJOR_SCALE = [0, 2, 4, -1, 1, 3, 5];
const MINOR_SCALE = [0, 2, -3, -1, 1, -4, -2];

function figures(type: number, bass: number): string {
  const { name, family, intervals } = CHORD_TYPES[type]!;
  if (family >= 4 || type >= POWER_CHORD) return "";
  const at = intervals.indexOf(bass);
  const seventh = intervals.length >= 4 && /7/.test(name);
  if (seventh) return SEVENTH_FIGURES[at] ?? "7";
  const added = intervals.length > 3 && at <= 0 ? name.replace(/^(maj|min)/, "").replace(/[()]/g, "") : "";
  return added === "6" ? "add6" : added === "9" ? (intervals.length === 5 ? "9" : "add9") : (TRIAD_FIGURES[at] ?? "");
}
