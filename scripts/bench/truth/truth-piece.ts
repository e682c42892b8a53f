/** A piece of music with what is known about it. Everything unknown is null. Times are seconds of the file. */
export interface TruthPiece {
  /** Of the MIDI file. */
  readonly path: string;
  /** The set it comes from: scores are given by collection. */
  readonly collection: string;
  /** Pieces of one composition (several performances of it) count as one. */
  readonly composition: string;
  readonly performed: boolean | null;
  readonly key: TruthKey | null;
  readonly meter: TruthMeter | null;
  readonly beatsPerMinute: number | null;
  readonly beats: TruthBeats | null;
  readonly chords: readonly TruthChord[] | null;
  readonly localKeys: readonly TruthKeySpan[] | null;
  /** What several people heard, each a list of phrases. */
  readonly phrases: readonly (readonly TruthPhrase[])[] | null;
}

export interface TruthKey {
  /** Pitch class, 0 to 11 from C. */
  readonly tonic: number;
  readonly minor: boolean;
}

export interface TruthMeter {
  readonly numerator: number;
  readonly denominator: number;
}

export interface TruthBeats {
  readonly seconds: readonly number[];
  readonly downbeats: readonly number[];
}

export interface TruthChord {
  readonly from: number;
  readonly to: number;
  /** Pitch class of the root, -1 where no chord sounds. */
  readonly root: number;
  /** Harte's shorthand without inversion: "min7"; "N" where no chord sounds. */
  readonly kind: string;
  /** Semitones from the root up to the bass. */
  readonly bass: number;
}

export interface TruthKeySpan extends TruthKey {
  readonly from: number;
  readonly to: number;
  readonly quarters: number;
}

export interface TruthPhrase {
  /** Phrases with one letter are one another's repetitions. */
  readonly label: string;
  readonly bars: number;
}

export const UNKNOWN = {
  performed: null,
  key: null,
  meter: null,
  beatsPerMinute: null,
  beats: null,
  chords: null,
  localKeys: null,
  phrases: null,
} as const;

/** Rows of a table with a head of names, separated by tabs. */
export function tableRows(text: string): Record<string, string>[] {
  const [head = "", ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  const names = head.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]));
  });
}
