/** Kinds of values of a column of the view `library`, as they reach a program. */
interface Kinds {
  readonly text: string;
  readonly number: number;
  readonly flag: boolean;
  readonly list: readonly string[];
}

/** A column of the view `library` that a search answers with. */
export interface LibraryColumn {
  readonly kind: keyof Kinds;
  /** "always" has a value in every row; "maybe" is null where it is not known. */
  readonly known: "always" | "maybe";
  /** Whether CSV has it without being asked. */
  readonly csv: boolean;
  readonly about: string;
}

const column = <K extends keyof Kinds, N extends "always" | "maybe">(
  kind: K,
  known: N,
  about: string,
  { csv = true } = {},
) => ({ kind, known, csv, about }) as const;

/** What a search answers with for each piece, in this order. */
export const LIBRARY_COLUMNS = {
  path: column("text", "always", "where it lies; a member of an archive behind !/"),
  title: column("text", "always", "its title, else its file's name"),
  tempo: column("number", "maybe", "beats a minute"),
  key: column("text", "maybe", '"A minor"'),
  meter: column("text", "maybe", '"6/8"'),
  duration: column("number", "maybe", "seconds"),
  bars: column("number", "maybe", "bars to the end of the last note"),
  loop_bars: column("number", "maybe", "bars of a loop"),
  notes: column("number", "always", "notes, drums included"),
  drums: column("flag", "maybe", "whether a drum kit plays"),
  performed: column("flag", "maybe", "played by hand"),
  instruments: column("list", "maybe", "names of General MIDI"),
  chords: column("list", "maybe", "labels of its chords"),
  tags: column("list", "maybe", "words of the trade in its paths"),
  tempo_confidence: column("number", "maybe", "0 to 1"),
  key_confidence: column("number", "maybe", "0 to 1"),
  meter_confidence: column("number", "maybe", "0 to 1"),
  copies: column("number", "always", "places where it lies"),
  file: column("text", "always", "the file on disk: the archive for its members"),
  member: column("text", "maybe", "path inside the archive", { csv: false }),
  piece_group: column("number", "maybe", "alike for the same piece in other hands", { csv: false }),
  sha256: column("text", "always", "of the file's bytes, in hex", { csv: false }),
} as const satisfies Readonly<Record<string, LibraryColumn>>;

type Columns = typeof LIBRARY_COLUMNS;

/** A row of the view `library`. */
export type LibraryRow = {
  readonly [K in keyof Columns]: Kinds[Columns[K]["kind"]] | (Columns[K]["known"] extends "maybe" ? null : never);
};
