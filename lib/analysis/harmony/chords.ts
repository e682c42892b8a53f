import { SINGLE_NOTE } from "../../music/chord-types.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { labelOf, numeralOf, type SpelledChords } from "./chord-spelling.ts";
import type { FoundKey } from "./key.ts";
import { KEY_WINDOW } from "./local-keys.ts";
import type { ChordSegments } from "./search/chord-segments.ts";
import type { Chroma } from "./sound/chroma.ts";
import { tonicFifths } from "./spelling.ts";

/** One chord as it sounds. */
export interface Chord {
  readonly startTick: number;
  readonly endTick: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Harte's notation: `C:min7/b3`, `N` where nothing sounds. */
  readonly label: string;
  /** Roman numeral in the key that holds here; null for `N`, for a lone note (`F:1`) or without a key. */
  readonly roman: string | null;
  /** 0 to 1, the chance that root and third are right; null for `N` and a lone note. */
  readonly confidence: number | null;
}

export interface ChordsFeature {
  /** In order, without gaps from the first pitched note on; at most `MAX_CHORDS`. */
  readonly list: readonly Chord[];
  /** Chords, single notes and silence apart. */
  readonly count: number;
  /** Chords a minute of music in which chords sound. */
  readonly perMinute: number;
  /** Distinct labels with their share of the time in which chords sound, most first; at most `MAX_VOCABULARY`. */
  readonly vocabulary: readonly { readonly label: string; readonly share: number }[];
}

export const MAX_CHORDS = 8192;
const MAX_VOCABULARY = 48;

/** A lone note of at most this many quarters after a chord (a walking bass, a fill) leaves the chord in force. */
const HELD_QUARTERS = 4;

/**
 * Labels for the segments, spelled in the key that holds where they stand. Null when nothing but single notes, drums or
 * silence sounds: a bare line is no chord.
 */
export function chords(
  piece: Piece,
  chroma: Chroma,
  segments: ChordSegments,
  found: FoundKey | null,
  spelled: SpelledChords,
): ChordsFeature | null {
  const spell = speller(segments, found, spelled);
  const sum = createSum();
  let startSeconds = piece.time.secondsAt(chroma.count > 0 ? chroma.tick[0]! : 0);
  let last = null as Mutable<Chord> | null;
  for (let i = 0; i < segments.count; i++) {
    const startTick = chroma.tick[segments.span[i]!]!;
    const endTick = chroma.tick[segments.span[i + 1]!]!;
    const endSeconds = piece.time.secondsAt(endTick);
    const bare = segments.root[i]! >= 0 && segments.type[i] === SINGLE_NOTE;
    const short = endTick - startTick <= HELD_QUARTERS * piece.ticksPerQuarter;
    const said: Spelled = bare && short && last !== null ? last : spell(i);
    const { label, roman } = said;
    const isChord: boolean = label !== "N" && (!bare || label === last?.label);
    const held: Mutable<Chord> | null =
      isChord && last !== null && last.label === label && last.roman === roman ? last : null;
    if (isChord) addTo(sum, label, startSeconds, endSeconds, held === null);
    if (held !== null) {
      prolong(held, Math.round(endTick), round(endSeconds, 3), said.confidence);
    } else {
      const next = chordBetween(startTick, endTick, startSeconds, endSeconds, said);
      if (sum.list.length < MAX_CHORDS) sum.list.push(next);
      last = isChord ? next : null;
    }
    startSeconds = endSeconds;
  }
  return finish(sum);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Spelled {
  readonly label: string;
  readonly roman: string | null;
  readonly confidence: number | null;
}

const SILENT: Spelled = { label: "N", roman: null, confidence: null };

/** The chord goes on: it is as sure as its stretches are in the mean. */
function prolong(chord: Mutable<Chord>, endTick: number, endSeconds: number, confidence: number | null): void {
  const before = chord.endTick - chord.startTick;
  const more = endTick - chord.endTick;
  if (chord.confidence !== null && confidence !== null && before + more > 0)
    chord.confidence = round((before * chord.confidence + more * confidence) / (before + more), 3);
  chord.endTick = endTick;
  chord.endSeconds = endSeconds;
}

/** Spells segments in the key that holds at each. */
function speller(segments: ChordSegments, found: FoundKey | null, spelled: SpelledChords): (i: number) => Spelled {
  return (i) => {
    const root = segments.root[i]!;
    if (root < 0) return SILENT;
    const chord = { root, type: segments.type[i]!, bass: segments.bass[i]! };
    const bare = chord.type === SINGLE_NOTE;
    const confidence = bare ? null : round(segments.confidence[i]!, 3);
    if (found === null) return { label: labelOf(chord, 0, spelled), roman: null, confidence };
    const local = found.path[Math.floor(segments.span[i]! / KEY_WINDOW)]!;
    const tonic = local === found.key ? found.tonic : tonicFifths(local);
    return {
      label: labelOf(chord, tonic, spelled),
      roman: bare ? null : numeralOf(chord, tonic, local >= 12, spelled),
      confidence,
    };
  };
}

function chordBetween(
  startTick: number,
  endTick: number,
  startSeconds: number,
  endSeconds: number,
  { label, roman, confidence }: Spelled,
): Mutable<Chord> {
  return {
    startTick: Math.round(startTick),
    endTick: Math.round(endTick),
    startSeconds: round(startSeconds, 3),
    endSeconds: round(endSeconds, 3),
    label,
    roman,
    confidence,
  };
}

/** The chords so far and how long each label sounds. */
interface Sum {
  readonly list: Mutable<Chord>[];
  readonly seconds: Map<string, number>;
  sounding: number;
  count: number;
}

const createSum = (): Sum => ({ list: [], seconds: new Map(), sounding: 0, count: 0 });

function addTo(sum: Sum, label: string, from: number, to: number, begins: boolean): void {
  sum.sounding += to - from;
  sum.seconds.set(label, (sum.seconds.get(label) ?? 0) + to - from);
  if (begins) sum.count++;
}

function finish({ list, count, sounding, seconds }: Sum): ChordsFeature | null {
  if (count === 0 || sounding <= 0) return null;
  const vocabulary = [...seconds]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_VOCABULARY)
    .map(([label, time]) => ({ label, share: round(time / sounding, 4) }));
  return { list, count, perMinute: round((60 * count) / sounding, 2), vocabulary };
}
