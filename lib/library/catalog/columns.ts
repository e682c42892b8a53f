import type { CatalogChunk } from "../../database/catalog.ts";
import { DRUMS, FAMILIES, INSTRUMENTS } from "../../music/general-midi.ts";

/** What is known of every piece, a typed array a column, in the order of their numbers: about 80 bytes a piece. */
export interface Columns {
  readonly count: number;
  readonly id: Float64Array;
  /** Beats a minute; NaN where not known, as in the other columns of numbers. */
  readonly tempo: Float32Array;
  readonly tempoConfidence: Float32Array;
  /** Twice the pitch class from C, plus 1 for minor; `UNKNOWN` without a key. */
  readonly key: Uint8Array;
  readonly keyConfidence: Float32Array;
  /** Index in `meters`; `UNKNOWN` without a meter. */
  readonly meter: Uint8Array;
  readonly meterConfidence: Float32Array;
  /** Seconds. */
  readonly duration: Float64Array;
  readonly bars: Float32Array;
  readonly loopBars: Float32Array;
  readonly notes: Uint32Array;
  /** 0 no, 1 yes, `UNKNOWN`. */
  readonly drums: Uint8Array;
  readonly performed: Uint8Array;
  readonly repaired: Uint8Array;
  /** A bit for each of `instrumentNames`: bit `i % 32` of `instruments[i >> 5]`. */
  readonly instruments: readonly Uint32Array[];
  /** A bit for each of `FAMILY_NAMES`. */
  readonly families: Uint32Array;
  readonly meters: readonly string[];
  readonly instrumentNames: readonly string[];
}

export const UNKNOWN = 255;

/** The sixteen families of General MIDI, then drums. */
export const FAMILY_NAMES: readonly string[] = [...FAMILIES, DRUMS];

/** 254 kinds of meter are told apart; what comes beyond counts as not known. */
const MOST_METERS = 254;

/** Twice the pitch class, plus 1 for minor, of "C# minor" in any spelling; `UNKNOWN` for what is no key. */
export function keyCode(key: string): number {
  const [, letter, signs, mode] = /^([A-G])([#b]{0,2}) (major|minor)$/.exec(key) ?? [];
  if (letter === undefined) return UNKNOWN;
  const shift = [...signs!].reduce((sum, sign) => sum + (sign === "#" ? 1 : -1), "C.D.EF.G.A.B".indexOf(letter));
  return ((shift + 12) % 12) * 2 + (mode === "minor" ? 1 : 0);
}

export interface ColumnsBuilder {
  /** Adds the pieces of a chunk, but for those that are `gone`. Answers with the last number of the chunk. */
  add(chunk: CatalogChunk, gone: ReadonlySet<number>): number;
  finish(): Columns;
}

type Growing = { -readonly [K in keyof Columns]: Columns[K] };

export function columnsBuilder(): ColumnsBuilder {
  const all = emptyColumns(1024);
  const meters = new Map<string, number>();
  const names = new Map<string, number>();
  const familyOf: number[] = [];
  const keys = new Map<string, number>();

  const meterCode = (meter: string) => {
    if (meter === "") return UNKNOWN;
    const known = meters.get(meter);
    if (known !== undefined) return known;
    if (meters.size >= MOST_METERS) return UNKNOWN;
    meters.set(meter, meters.size);
    return meters.size - 1;
  };
  const setInstruments = (row: number, text: string) => {
    if (text === "") return;
    for (const name of text.split("\t")) {
      let bit = names.get(name);
      if (bit === undefined) {
        bit = names.size;
        names.set(name, bit);
        familyOf.push(familyBit(name));
        if (bit >> 5 >= all.instruments.length) {
          all.instruments = [...all.instruments, new Uint32Array(all.id.length)];
        }
      }
      all.instruments[bit >> 5]![row]! |= 1 << (bit & 31);
      all.families[row]! |= familyOf[bit]!;
    }
  };

  return {
    add(chunk, gone) {
      if (chunk.count === 0) return Number.POSITIVE_INFINITY;
      const of = (name: keyof Omit<CatalogChunk, "count">) => chunk[name].split(",");
      const [ids, tempo, tempoSure, key, keySure] = [
        of("id"),
        of("tempo"),
        of("tempoConfidence"),
        of("key"),
        of("keyConfidence"),
      ];
      const [meter, meterSure, duration, bars, loop] = [
        of("meter"),
        of("meterConfidence"),
        of("duration"),
        of("bars"),
        of("loopBars"),
      ];
      const [notes, drums, played, mended] = [of("notes"), of("drums"), of("performed"), of("repaired")];
      const instruments = chunk.instruments.split("\n");
      if (all.count + chunk.count > all.id.length) grow(all, all.count + chunk.count);
      let row = all.count;
      for (let i = 0; i < chunk.count; i++) {
        const id = Number(ids[i]);
        if (gone.has(id)) continue;
        all.id[row] = id;
        all.tempo[row] = number(tempo[i]!);
        all.tempoConfidence[row] = number(tempoSure[i]!);
        const name = key[i]!;
        let code = keys.get(name);
        if (code === undefined) keys.set(name, (code = keyCode(name)));
        all.key[row] = code;
        all.keyConfidence[row] = number(keySure[i]!);
        all.meter[row] = meterCode(meter[i]!);
        all.meterConfidence[row] = number(meterSure[i]!);
        all.duration[row] = number(duration[i]!);
        all.bars[row] = number(bars[i]!);
        all.loopBars[row] = number(loop[i]!);
        all.notes[row] = Number(notes[i]);
        all.drums[row] = flag(drums[i]!);
        all.performed[row] = flag(played[i]!);
        all.repaired[row] = flag(mended[i]!);
        setInstruments(row++, instruments[i]!);
      }
      all.count = row;
      return Number(ids[chunk.count - 1]);
    },
    finish: () => ({ ...all, meters: [...meters.keys()], instrumentNames: [...names.keys()] }),
  };
}

const number = (text: string) => (text === "" ? Number.NaN : Number(text));
const flag = (text: string) => (text === "t" ? 1 : text === "f" ? 0 : UNKNOWN);

/** The families of General MIDI by their instruments; every other name is a kit's. */
function familyBit(name: string): number {
  const program = INSTRUMENTS.indexOf(name);
  return 1 << (program < 0 ? FAMILIES.length : program >> 3);
}

function emptyColumns(room: number): Growing {
  return {
    count: 0,
    id: new Float64Array(room),
    tempo: new Float32Array(room),
    tempoConfidence: new Float32Array(room),
    key: new Uint8Array(room),
    keyConfidence: new Float32Array(room),
    meter: new Uint8Array(room),
    meterConfidence: new Float32Array(room),
    duration: new Float64Array(room),
    bars: new Float32Array(room),
    loopBars: new Float32Array(room),
    notes: new Uint32Array(room),
    drums: new Uint8Array(room),
    performed: new Uint8Array(room),
    repaired: new Uint8Array(room),
    instruments: [],
    families: new Uint32Array(room),
    meters: [],
    instrumentNames: [],
  };
}

type Numbers = Float64Array | Float32Array | Uint32Array | Uint8Array;

/** Room for `least` pieces, and half as many more. */
function grow(all: Growing, least: number): void {
  const room = Math.ceil(least * 1.5);
  const larger = <T extends Numbers>(column: T): T => {
    const copy = new (column.constructor as new (length: number) => T)(room);
    copy.set(column);
    return copy;
  };
  const columns = all as unknown as Record<string, unknown>;
  for (const [name, column] of Object.entries(columns)) {
    if (ArrayBuffer.isView(column)) columns[name] = larger(column as Numbers);
  }
  all.instruments = all.instruments.map(larger);
}
