import { DURATION_BORDERS, TEMPO_BINS, TEMPO_FROM, TEMPO_STEP } from "./bins.ts";
import { type Columns, FAMILY_NAMES, UNKNOWN } from "./columns.ts";
import type { Asked, Matching } from "./matching.ts";

/** How many pieces stand behind each choice. What is asked for by the facet itself is left out of its own counts. */
export interface Facets {
  /** Bins of `TEMPO_STEP` beats a minute from `TEMPO_FROM`; the first and the last take what is beyond. */
  readonly tempo: readonly number[];
  /** Twice the pitch class from C, plus 1 for minor: 24 counts. */
  readonly key: readonly number[];
  readonly meter: readonly Choice[];
  readonly family: readonly Choice[];
  readonly instrument: readonly Choice[];
  readonly drums: YesNo;
  readonly performed: YesNo;
  readonly repaired: YesNo;
  /** Bars of loops. */
  readonly loop: readonly Choice[];
  /** Between the borders of `DURATION_BORDERS`, in seconds; one more than there are borders. */
  readonly duration: readonly number[];
  readonly tag: readonly Choice[];
  /** Tenths of the confidence in tempo, key and meter. */
  readonly confidence: {
    readonly tempo: readonly number[];
    readonly key: readonly number[];
    readonly meter: readonly number[];
  };
}

export interface Choice {
  readonly name: string;
  readonly count: number;
}

export interface YesNo {
  readonly yes: number;
  readonly no: number;
  readonly unknown: number;
}

/** Choices of a long list. */
const MOST_CHOICES = 40;

/** Rows by tag, as the library has them. */
export type TagRows = ReadonlyMap<string, Uint32Array>;

export function facets(columns: Columns, { misses, missed, names }: Matching, tags: TagRows): Facets {
  const { fit, but } = splitRows(columns.count, misses, missed, names.length);
  /** Rows that count for a facet: they fit, or miss nothing but what this facet asks for. */
  const rows: Rows = (name) => [fit, ...but.filter((_, at) => names[at] === name)];
  const codes = (name: Asked, column: Uint8Array): Uint32Array => {
    const counts = new Uint32Array(256);
    for (const list of rows(name)) for (let i = 0; i < list.length; i++) counts[column[list[i]!]!]!++;
    return counts;
  };
  const yesNo = (name: Asked, column: Uint8Array): YesNo => {
    const counts = codes(name, column);
    return { yes: counts[1]!, no: counts[0]!, unknown: counts[UNKNOWN]! };
  };
  const meters = codes("meters", columns.meter);
  return {
    tempo: tempoBins(columns, rows),
    key: [...codes("keys", columns.key).subarray(0, 24)],
    meter: choices(columns.meters.map((name, code) => ({ name, count: meters[code]! }))),
    ...instrumentCounts(columns, rows),
    drums: yesNo("drums", columns.drums),
    performed: yesNo("performed", columns.performed),
    repaired: yesNo("repaired", columns.repaired),
    loop: loopCounts(columns, rows),
    duration: durationBins(columns, rows),
    tag: tagCounts(misses, tags),
    confidence: {
      tempo: tenths(columns.tempoConfidence, rows),
      key: tenths(columns.keyConfidence, rows),
      meter: tenths(columns.meterConfidence, rows),
    },
  };
}

/** Lists of rows. Each facet has loops of its own over them: a shared one would call a function for every piece. */
type Rows = (name: Asked) => readonly Uint32Array[];

/** The commonest first. */
function choices(all: readonly Choice[]): Choice[] {
  return all
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_CHOICES);
}

function tempoBins({ tempo }: Columns, rows: Rows): number[] {
  const bins = new Uint32Array(TEMPO_BINS);
  for (const list of rows("tempo")) {
    for (let i = 0; i < list.length; i++) {
      const bpm = tempo[list[i]!]!;
      if (!Number.isNaN(bpm)) bins[clamp(Math.floor((bpm - TEMPO_FROM) / TEMPO_STEP), TEMPO_BINS)]!++;
    }
  }
  return [...bins];
}

function durationBins({ duration }: Columns, rows: Rows): number[] {
  const bins = new Uint32Array(DURATION_BORDERS.length + 1);
  for (const list of rows("duration")) {
    for (let i = 0; i < list.length; i++) {
      const seconds = duration[list[i]!]!;
      let bin = 0;
      while (bin < DURATION_BORDERS.length && seconds >= DURATION_BORDERS[bin]!) bin++;
      if (!Number.isNaN(seconds)) bins[bin]!++;
    }
  }
  return [...bins];
}

/** Confidence narrows only with tempo, key or meter; the counts are of what is found. */
function tenths(column: Float32Array, rows: Rows): number[] {
  const bins = new Uint32Array(10);
  for (const list of rows("confidence")) {
    for (let i = 0; i < list.length; i++) {
      const share = column[list[i]!]!;
      if (!Number.isNaN(share)) bins[clamp(Math.floor(share * 10), 10)]!++;
    }
  }
  return [...bins];
}

const clamp = (bin: number, bins: number) => Math.max(0, Math.min(bins - 1, bin));

function loopCounts({ loopBars }: Columns, rows: Rows): Choice[] {
  const counts = new Map<number, number>();
  for (const list of rows("loop")) {
    for (let i = 0; i < list.length; i++) {
      const bars = loopBars[list[i]!]!;
      if (!Number.isNaN(bars)) counts.set(bars, (counts.get(bars) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .slice(0, MOST_CHOICES)
    .map(([bars, count]) => ({ name: `${bars}`, count }));
}

/** Every instrument that is asked for must play: no choice is left out of its own counts. */
function instrumentCounts(columns: Columns, rows: Rows): { family: Choice[]; instrument: Choice[] } {
  const instruments = new Uint32Array(columns.instruments.length * 32);
  const families = new Uint32Array(32);
  for (const list of rows("confidence")) {
    for (const [at, word] of columns.instruments.entries()) addBits(word, list, instruments, at * 32);
    addBits(columns.families, list, families, 0);
  }
  return {
    family: choices(FAMILY_NAMES.map((name, i) => ({ name, count: families[i]! }))),
    instrument: choices(columns.instrumentNames.map((name, i) => ({ name, count: instruments[i]! }))),
  };
}

function addBits(column: Uint32Array, list: Uint32Array, counts: Uint32Array, from: number): void {
  for (let i = 0; i < list.length; i++) {
    for (let bits = column[list[i]!]!; bits !== 0; bits &= bits - 1) counts[from + 31 - Math.clz32(bits & -bits)]!++;
  }
}

function tagCounts(misses: Uint8Array, tags: TagRows): Choice[] {
  return choices(
    [...tags].map(([name, rows]) => {
      let count = 0;
      for (let i = 0; i < rows.length; i++) if (misses[rows[i]!] === 0) count++;
      return { name, count };
    }),
  );
}

/** Rows that fit, and by criterion those that miss it alone: the rest counts nowhere. */
function splitRows(count: number, misses: Uint8Array, missed: Uint8Array, criteria: number) {
  const fit = new Uint32Array(count);
  const but = Array.from({ length: criteria }, () => new Uint32Array(count));
  const counts = new Uint32Array(criteria);
  let fits = 0;
  for (let row = 0; row < count; row++) {
    if (misses[row] === 0) fit[fits++] = row;
    else if (misses[row] === 1) but[missed[row]!]![counts[missed[row]!]!++] = row;
  }
  return { fit: fit.subarray(0, fits), but: but.map((rows, at) => rows.subarray(0, counts[at]!)) };
}
