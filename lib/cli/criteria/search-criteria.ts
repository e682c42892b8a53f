import { resolve } from "node:path";
import { SEARCHABLE, type Searchable, type SearchableFlag } from "../../columns/searchable.ts";
import { type Criteria, instrumentNames, type Range } from "../../library/search.ts";
import { type Flag, UsageError, type Values } from "../script.ts";
import { chordLabels } from "./chord-argument.ts";
import { keyNames } from "./key-argument.ts";
import { parseRange, parseSeconds } from "./range-argument.ts";

type FieldFlags = { readonly [F in SearchableFlag]: Flag & { readonly type: "string" } };

/** The flags of `SEARCHABLE`. */
const fieldFlags = Object.fromEntries(
  Object.entries(SEARCHABLE).map(([name, { kind, about }]) => [
    name,
    kind === "yes-no"
      ? { type: "string", valueHint: "yes|no", options: ["yes", "no"], description: about }
      : { type: "string", valueHint: name === "loop" ? "BARS" : "RANGE", description: about },
  ]),
) as unknown as FieldFlags;

/** What may be looked for. */
export const criteriaFlags = {
  bpm: { type: "string", valueHint: "RANGE", description: "Tempo: 118-124, 120, 140- or -90" },
  octaves: { type: "boolean", description: "With --bpm: half and double that tempo, too" },
  key: { type: "list", valueHint: "KEY", description: 'Key: "A minor", Am, C#m, Eb, or 8A (Camelot); one of them' },
  compatible: {
    type: "boolean",
    description: "With --key: also its relative key and those a fifth up and down",
  },
  meter: { type: "list", valueHint: "METER", description: "Meter: 4/4, 6/8; one of them" },
  "min-confidence": {
    type: "number",
    valueHint: "0..1",
    least: 0,
    description: "How sure tempo, key and meter must be where they are asked for",
  },
  instrument: {
    type: "list",
    valueHint: "NAME",
    description: "General MIDI instrument or family: violin, sax, strings; all of them",
  },
  chord: { type: "list", valueHint: "CHORD", description: "Chord: Am, F#m7, or of any root: dim7; all of them" },
  mode: { type: "string", options: ["major", "minor"], description: "Any major key, or any minor one" },
  ...fieldFlags,
  under: { type: "string", valueHint: "DIR", description: "In this folder or below it" },
  repaired: {
    type: "string",
    valueHint: "any|CODE",
    description: "Had to be repaired: in any way, or in that of the code",
  },
  since: { type: "string", valueHint: "DATE", description: "Came into the library then or later: 2026-11-28" },
  tag: { type: "list", valueHint: "TAG", description: "Tag from the file's name or folder: house, bass; all of them" },
  text: {
    type: "string",
    valueHint: "WORDS",
    description: "Words, or their beginnings, in title, artist, tracks, comments, lyrics, path and tags; all of them",
  },
} as const;

/** What the flags ask for. Throws `UsageError` where they make no sense. */
export function parseCriteria(values: Values<typeof criteriaFlags>): Criteria {
  const { bpm, key, meter, minConfidence, instrument, chord, tag, text } = values;
  const fields = Object.entries(SEARCHABLE).flatMap(([name, { kind }]) => {
    const asked = values[name as SearchableFlag];
    return asked === undefined ? [] : [[name, fieldValue(name, kind, asked)] as const];
  });
  if (values.octaves && bpm === undefined) throw new UsageError("--octaves stands alone, expected --bpm with it");
  if (values.compatible && key.length === 0) throw new UsageError("--compatible stands alone, expected --key with it");
  if ((minConfidence ?? 0) > 1) throw new UsageError(`--min-confidence is ${minConfidence}, expected 0 to 1`);
  if (
    minConfidence !== undefined &&
    bpm === undefined &&
    key.length + meter.length === 0 &&
    values.mode === undefined
  ) {
    throw new UsageError("--min-confidence stands alone, expected --bpm, --key, --mode or --meter with it");
  }
  return {
    ...(bpm !== undefined && { tempo: tempi(parseRange("bpm", bpm, 0.5), values.octaves) }),
    ...(key.length > 0 && { keys: key.flatMap((name) => keyNames(name, values.compatible)) }),
    ...(meter.length > 0 && { meters: meter.map(parseMeter) }),
    ...(minConfidence !== undefined && { confidence: minConfidence }),
    ...(values.mode !== undefined && { mode: values.mode }),
    ...(values.under !== undefined && { under: resolve(values.under) }),
    ...(values.repaired !== undefined && { repair: values.repaired }),
    ...(values.since !== undefined && { since: parseDate(values.since) }),
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
    ...(instrument.length > 0 && { instruments: instrument.map(parseInstrument) }),
    ...(chord.length > 0 && { chords: chord.map(chordLabels) }),
    ...(tag.length > 0 && { tags: tag.map((name) => name.toLowerCase()) }),
    ...(text !== undefined && { words: parseWords(text) }),
  };
}

function fieldValue(flag: string, kind: Searchable["kind"], text: string): Range | boolean {
  if (kind === "yes-no") return text === "yes";
  if (text === "any") return { least: 0, most: null };
  return kind === "seconds" ? parseRange(flag, text, 0.5, parseSeconds) : parseRange(flag, text);
}

function tempi(range: Range, octaves: boolean): readonly Range[] {
  const times = (factor: number): Range => ({
    least: range.least === null ? null : range.least * factor,
    most: range.most === null ? null : range.most * factor,
  });
  return octaves ? [range, times(0.5), times(2)] : [range];
}

function parseMeter(text: string): string {
  if (/^[1-9]\d?\/(1|2|4|8|16|32)$/.test(text)) return text;
  throw new UsageError(`--meter is "${text}", expected a meter such as 4/4 or 6/8`);
}

function parseInstrument(text: string): readonly string[] {
  const names = instrumentNames(text);
  if (names.length > 0) return names;
  throw new UsageError(`--instrument is "${text}", expected a General MIDI instrument or family: violin, sax, strings`);
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new UsageError(`--since is "${text}", expected a date such as 2026-11-28`);
}

function parseWords(text: string): readonly string[] {
  if (/[\p{L}\p{N}]/u.test(text)) return text.trim().split(/\s+/);
  throw new UsageError(`--text is "${text}", expected words`);
}
