import type { TimeMap } from "../../../lib/midi/time.ts";
import { pitchClass } from "../../../lib/music/note-names.ts";
import { meterOf } from "./annotated-beats.ts";
import {
  type TruthChord,
  type TruthKey,
  type TruthKeySpan,
  type TruthMeter,
  type TruthPiece,
  tableRows,
  UNKNOWN,
} from "./truth-piece.ts";

/** The types of chords in the tables as Harte writes them; augmented sixths are heard as the dominant sevenths they sound like. */
const KINDS: Readonly<Record<string, string>> = {
  M: "maj",
  m: "min",
  o: "dim",
  "+": "aug",
  Mm7: "7",
  MM7: "maj7",
  mm7: "min7",
  mM7: "minmaj7",
  o7: "dim7",
  "%7": "hdim7",
  "+7": "aug(b7)",
};

/** Semitones above the major scale's tonic. */
const MAJOR_SCALE: Readonly<Record<string, number>> = { I: 0, II: 2, III: 4, IV: 5, V: 7, VI: 9, VII: 11 };
const MINOR_SCALE: Readonly<Record<string, number>> = { I: 0, II: 2, III: 3, IV: 5, V: 7, VI: 8, VII: 10 };

/**
 * A piece with its harmony written beside it: `NAME.harmonies.tsv` (a chord a row: `quarterbeats` from the start, keys, root
 * and bass in fifths from the local tonic) and `NAME.measures.tsv` (time signatures).
 */
export function annotatedHarmony(
  path: string,
  collection: string,
  harmonies: string,
  measures: string | null,
  time: TimeMap,
  ticksPerQuarter: number,
): TruthPiece {
  const rows = tableRows(harmonies).filter((row) => row.quarterbeats !== "");
  const at = (quarters: number) => time.secondsAt(Math.round(quarters * ticksPerQuarter));
  const key = rows[0] === undefined ? null : globalKey(rows[0].globalkey!);
  return {
    ...UNKNOWN,
    path,
    collection,
    composition: path,
    performed: false,
    key,
    meter: measures === null ? null : mainMeter(measures),
    chords: rows.flatMap((row, i) => chordOf(row, rows[i + 1], at)),
    localKeys: key && keySpans(rows, at),
  };
}

type Row = Record<string, string>;

/** "F" is F major, "f#" F sharp minor. */
function globalKey(name: string): TruthKey {
  const tonic = pitchClass(name[0]!.toUpperCase() + name.slice(1));
  if (tonic === null) throw new Error(`Cannot read a key: ${name}, expected a note`);
  return { tonic, minor: name[0] !== name[0]!.toUpperCase() };
}

/** A Roman numeral in a key is a key; "V/V" is read from its end. */
function localKey(global: TruthKey, numerals: string): TruthKey {
  return numerals.split("/").reduceRight((key, numeral) => {
    const [, signs = "", degree = "I"] = /^([#b]*)([IViv]+)$/.exec(numeral) ?? [];
    const scale = key.minor ? MINOR_SCALE : MAJOR_SCALE;
    const shift = [...signs].reduce((sum, sign) => sum + (sign === "#" ? 1 : -1), 0);
    const tonic = (key.tonic + scale[degree.toUpperCase()]! + shift + 12) % 12;
    return { tonic, minor: degree === degree.toLowerCase() };
  }, global);
}

function chordOf(row: Row, next: Row | undefined, at: (quarters: number) => number): TruthChord[] {
  const from = Number(row.quarterbeats);
  const to = next ? Number(next.quarterbeats) : from + Number(row.duration_qb);
  const kind = KINDS[row.chord_type!] ?? "";
  if (kind === "" || row.root === "" || !(to > from)) return [];
  const { tonic } = localKey(globalKey(row.globalkey!), row.localkey!);
  const root = pitchOf(tonic, Number(row.root));
  const bass = (pitchOf(tonic, Number(row.bass_note)) - root + 12) % 12;
  return [{ from: at(from), to: at(to), root, kind, bass }];
}

const pitchOf = (tonic: number, fifths: number) => (((tonic + 7 * fifths) % 12) + 12) % 12;

function keySpans(rows: readonly Row[], at: (quarters: number) => number): TruthKeySpan[] {
  const spans: TruthKeySpan[] = [];
  for (let first = 0; first < rows.length; ) {
    let next = first + 1;
    while (next < rows.length && rows[next]!.localkey === rows[first]!.localkey) next++;
    const from = Number(rows[first]!.quarterbeats);
    const last = rows[next - 1]!;
    const to =
      next < rows.length ? Number(rows[next]!.quarterbeats) : Number(last.quarterbeats) + Number(last.duration_qb);
    const key = localKey(globalKey(rows[first]!.globalkey!), rows[first]!.localkey!);
    if (to > from) spans.push({ ...key, from: at(from), to: at(to), quarters: to - from });
    first = next;
  }
  return spans;
}

/** The time signature that holds longest. */
function mainMeter(measures: string): TruthMeter | null {
  const quarters = new Map<string, number>();
  for (const { timesig = "", duration_qb } of tableRows(measures))
    quarters.set(timesig, (quarters.get(timesig) ?? 0) + Number(duration_qb));
  const [main = ""] = [...quarters].sort((a, b) => b[1] - a[1])[0] ?? [];
  return meterOf(main);
}
