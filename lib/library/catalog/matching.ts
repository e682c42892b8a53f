import type { SearchableFlag } from "../../columns/searchable.ts";
import type { Criteria, Range } from "../../database/search.ts";
import { type Columns, keyCode, UNKNOWN } from "./columns.ts";

/** What a facet asks for: a name of `Criteria` or of its `fields`, or "repaired". */
export type Asked = keyof Criteria | SearchableFlag | "repaired";

/** Fields that stand in the columns; others are for the database. */
export const FIELD_COLUMNS = {
  duration: "duration",
  notes: "notes",
  drums: "drums",
  performed: "performed",
  loop: "loopBars",
} as const satisfies { readonly [F in SearchableFlag]?: keyof Columns };

/** How far each piece is from what is asked for: a facet counts what fits but for its own criterion. */
export interface Matching {
  /** Criteria that the piece does not meet, 0 for a match. */
  readonly misses: Uint8Array;
  /** Index in `names` of one of them. */
  readonly missed: Uint8Array;
  readonly names: readonly Asked[];
}

/** Criteria, and whether the piece was repaired. */
export interface CatalogCriteria extends Criteria {
  readonly repaired?: boolean;
}

type Test = (row: number) => boolean;

/**
 * Holds every piece against `criteria`, a pass over one or two columns for each. `only` has a 1 for the pieces that
 * meet what the columns cannot tell (words, chords, likeness), null when nothing such is asked for.
 */
export function matching(
  columns: Columns,
  criteria: CatalogCriteria,
  tagged: (tag: string) => Uint8Array,
  only: Uint8Array | null,
): Matching {
  const tests = testsOf(columns, criteria, tagged);
  if (only) tests.push(["words", (row) => only[row] === 1]);
  const misses = new Uint8Array(columns.count);
  const missed = new Uint8Array(columns.count);
  for (const [at, [, test]] of tests.entries()) {
    for (let row = 0; row < columns.count; row++) {
      if (test(row)) continue;
      misses[row]!++;
      missed[row] = at;
    }
  }
  return { misses, missed, names: tests.map(([name]) => name) };
}

function testsOf(
  columns: Columns,
  criteria: CatalogCriteria,
  tagged: (tag: string) => Uint8Array,
): [name: Asked, test: Test][] {
  const { tempo, keys, meters, confidence = 0, fields = {}, repaired } = criteria;
  const tests: [Asked, Test][] = [];
  // A confidence that is not known is NaN, which is at least nothing: it counts only where one is asked for.
  const sure = (column: Float32Array, test: Test): Test =>
    confidence > 0 ? (row) => test(row) && column[row]! >= confidence : test;
  if (tempo) tests.push(["tempo", sure(columns.tempoConfidence, inRanges(columns.tempo, tempo))]);
  if (keys) tests.push(["keys", sure(columns.keyConfidence, oneOf(columns.key, keys.map(keyCode)))]);
  if (meters) {
    const codes = meters.map((meter) => columns.meters.indexOf(meter)).filter((code) => code >= 0);
    tests.push(["meters", sure(columns.meterConfidence, oneOf(columns.meter, codes))]);
  }
  for (const [name, value] of Object.entries(fields)) {
    const column = FIELD_COLUMNS[name as keyof typeof FIELD_COLUMNS];
    if (column) tests.push([name as SearchableFlag, fits(columns[column], value)]);
  }
  if (repaired !== undefined) tests.push(["repaired", fits(columns.repaired, repaired)]);
  for (const names of criteria.instruments ?? []) tests.push(["instruments", playsOneOf(columns, names)]);
  for (const tag of criteria.tags ?? []) {
    const marks = tagged(tag);
    tests.push(["tags", (row) => marks[row] === 1]);
  }
  return tests;
}

function inRanges(column: NumberColumn, ranges: readonly Range[]): Test {
  const [only, ...more] = ranges.map(({ least, most }) => ({ from: least ?? -Infinity, to: most ?? Infinity }));
  if (only && more.length === 0) return (row) => column[row]! >= only.from && column[row]! <= only.to;
  return (row) => [only!, ...more].some(({ from, to }) => column[row]! >= from && column[row]! <= to);
}

function oneOf(column: Uint8Array, codes: readonly number[]): Test {
  const wanted = new Uint8Array(256);
  for (const code of codes) if (code !== UNKNOWN) wanted[code] = 1;
  return (row) => wanted[column[row]!] === 1;
}

type NumberColumn = Float32Array | Float64Array | Uint32Array | Uint8Array;

function fits(column: NumberColumn, value: Range | boolean): Test {
  if (typeof value !== "boolean") return inRanges(column, [value]);
  const wanted = value ? 1 : 0;
  return (row) => column[row] === wanted;
}

function playsOneOf(columns: Columns, names: readonly string[]): Test {
  const masks = new Uint32Array(columns.instruments.length);
  for (const name of names) {
    const bit = columns.instrumentNames.indexOf(name);
    if (bit >= 0) masks[bit >> 5]! |= 1 << (bit & 31);
  }
  const words = [...masks].flatMap((mask, at) => (mask === 0 ? [] : [[columns.instruments[at]!, mask] as const]));
  return (row) => words.some(([column, mask]) => (column[row]! & mask) !== 0);
}
