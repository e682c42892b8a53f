import { ANALYSIS_COLUMNS } from "./analyses.ts";
import { LIBRARY_COLUMNS } from "./library.ts";
import { TRACK_COLUMNS } from "./tracks.ts";

/** Types of exported values; a list or tree is JSON. */
export type ExportType = "text" | "integer" | "number" | "boolean" | "json";

export interface ExportColumn {
  readonly name: string;
  readonly type: ExportType;
  readonly about: string;
}

const column = (name: string, type: ExportType, about: string): ExportColumn => ({ name, type, about });
const SHA256 = column("sha256", "text", "SHA-256 of the file's bytes, in hex: it joins the tables");
const START_SECONDS = column("start_seconds", "number", "seconds from the start");

const KINDS: Readonly<Record<string, ExportType>> = { text: "text", number: "number", flag: "boolean", list: "json" };
const SQL_TYPES: Readonly<Record<string, ExportType>> = {
  boolean: "boolean",
  integer: "integer",
  smallint: "integer",
  bigint: "integer",
  text: "text",
  real: "number",
  "double precision": "number",
};
const declared = (columns: readonly { readonly name: string; readonly type: string; readonly about: string }[]) =>
  columns.map(({ name, type, about }) => column(name, SQL_TYPES[type] ?? "json", about));

/** What can be exported, and the columns of each table. */
export const EXPORTS = {
  pieces: {
    about: "a row a piece, as a search finds it",
    columns: Object.entries(LIBRARY_COLUMNS).map(([name, { kind, about }]) => column(name, KINDS[kind]!, about)),
  },
  analyses: {
    about: "a row a piece: every typed column of its analysis",
    columns: [SHA256, ...declared(ANALYSIS_COLUMNS)],
  },
  tracks: { about: "a row a sounding (track, channel)", columns: [SHA256, ...declared(TRACK_COLUMNS)] },
  chords: {
    about: "a row a chord",
    columns: [
      SHA256,
      column("number", "integer", "number of the chord, from 0"),
      column("start_tick", "integer", "ticks from the start"),
      START_SECONDS,
      column("end_seconds", "number", "where the next chord begins, or the last one ends"),
      column("label", "text", "as C:maj, A:min7/3"),
      column("roman", "text", "Roman numeral in the key that holds there"),
    ],
  },
  keys: {
    about: "a row a stretch of one key",
    columns: [
      SHA256,
      column("start_tick", "integer", "ticks from the start"),
      START_SECONDS,
      column("tonic", "text", "as spelt"),
      column("mode", "text", "major or minor"),
    ],
  },
  beats: {
    about: "a row a tracked beat; pieces on their file's grid have none",
    columns: [
      SHA256,
      column("number", "integer", "number of the beat, from 0"),
      column("seconds", "number", "seconds from the start"),
    ],
  },
  sections: {
    about: "a row a section",
    columns: [
      SHA256,
      column("number", "integer", "number of the section, from 0"),
      column("label", "text", "alike sections share a letter"),
      column("start_bar", "integer", "from 1"),
      column("bars", "integer", "length"),
      START_SECONDS,
    ],
  },
  features: {
    about: "a row a piece: all that the analysis says, as one tree",
    columns: [SHA256, column("features", "json", "see the page of fields")],
  },
  notes: {
    about: "a row a note, read from the files",
    columns: [
      SHA256,
      column("track", "integer", "number of the track, from 0"),
      column("channel", "integer", "0 to 15"),
      column("pitch", "integer", "MIDI key, 60 is middle C"),
      column("velocity", "integer", "1 to 127"),
      column("start_tick", "integer", "ticks from the start"),
      column("end_tick", "integer", "ticks from the start"),
      START_SECONDS,
      column("end_seconds", "number", "seconds from the start"),
    ],
  },
} as const satisfies Readonly<Record<string, { readonly about: string; readonly columns: readonly ExportColumn[] }>>;

export type ExportName = keyof typeof EXPORTS;
export const EXPORT_NAMES = Object.keys(EXPORTS) as readonly ExportName[];
