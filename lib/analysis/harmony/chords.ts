import { CHORD_TYPES, SINGLE_NOTE } from "../../music/chord-types.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { ChordSegments } from "./chord-segments.ts";
import type { Chroma } from "./chroma.ts";
import type { FoundKey } from "./key.ts";
import { firstSpan } from "./key-changes.ts";
import { romanNumeral } from "./roman.ts";
import { pitchName, tonicFifths } from "./spelling.ts";

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

/** Names above the root of the intervals, in Harte's degrees. */
const DEGREES = ["1", "b2", "2", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7"];

/**
 * Labels for the segments, spelled in the key that holds where they stand. Null when nothing but single notes, drums or
 * silence sounds: a bare line is no chord.
 */
export function chords(piece: Piece, c: Chroma, g: ChordSegments, found: FoundKey | null): ChordsFeature | null {
  const list: Mutable<Chord>[] = [];
  const share = new Map<string, number>();
  let window = 0;
  let sounding = 0;
  let count = 0;
  let startSeconds = piece.time.secondsAt(c.count > 0 ? c.tick[0]! : 0);
  let startsAt = round(startSeconds, 3);
  let last = null as Mutable<Chord> | null;
  for (let i = 0; i < g.count; i++) {
    const startTick = c.tick[g.span[i]!]!;
    const endTick = c.tick[g.span[i + 1]!]!;
    const endSeconds = piece.time.secondsAt(endTick);
    const endsAt = round(endSeconds, 3);
    const bare = g.root[i]! >= 0 && g.type[i] === SINGLE_NOTE;
    let label = "N";
    let roman: string | null = null;
    if (bare && last !== null && endTick - startTick <= HELD_QUARTERS * piece.ticksPerQuarter)
      ({ label, roman } = last);
    else if (g.root[i]! >= 0) {
      if (found !== null) window = windowAt(found, window, g.span[i]!);
      const local = found === null ? 0 : found.path[window]!;
      const tonic = found === null ? 0 : local === found.key ? found.tonic : tonicFifths(local);
      label = labelOf(g, i, tonic);
      if (found !== null && !bare) roman = numeralOf(g, i, tonic, local >= 12);
    }
    const chord: boolean = label !== "N" && (!bare || label === last?.label);
    const held = chord && last?.label === label && last.roman === roman;
    if (chord) {
      sounding += endSeconds - startSeconds;
      share.set(label, (share.get(label) ?? 0) + endSeconds - startSeconds);
      if (!held) count++;
    }
    if (held) {
      last!.endTick = Math.round(endTick);
      last!.endSeconds = endsAt;
    } else {
      const next: Mutable<Chord> = {
        startTick: Math.round(startTick),
        endTick: Math.round(endTick),
        startSeconds: startsAt,
        endSeconds: endsAt,
        label,
        roman,
      };
      if (list.length < MAX_CHORDS) list.push(next);
      last = chord ? next : null;
    }
    startSeconds = endSeconds;
    startsAt = endsAt;
  }
  if (count === 0 || sounding <= 0) return null;
  const vocabulary = [...share]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_VOCABULARY)
    .map(([label, seconds]) => ({ label, share: round(seconds / sounding, 4) }));
  return { list, count, perMinute: round((60 * count) / sounding, 2), vocabulary };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The window whose key holds at a span, at or after `from`. */
function windowAt({ windows, path }: FoundKey, from: number, span: number): number {
  while (from + 1 < path.length && firstSpan(windows, from + 1) <= span) from++;
  return from;
}

/**
 * What has been spelled before: pieces say the same few chords over and over. Twelve roots and basses, the types and the
 * tonics of `tonicFifths` make the tables finite.
 */
const labels = new Map<number, string>();
const numerals = new Map<number, string>();

/** A number for a chord of a segment in a key: root, type, bass, tonic. */
function chordId(g: ChordSegments, i: number, tonic: number): number {
  return (((tonic + 16) * 12 + g.root[i]!) * 12 + g.bass[i]!) * CHORD_TYPES.length + g.type[i]!;
}

function labelOf(g: ChordSegments, i: number, tonic: number): string {
  const id = chordId(g, i, tonic);
  const known = labels.get(id);
  if (known !== undefined) return known;
  const label = harte(g, i, tonic);
  labels.set(id, label);
  return label;
}

function numeralOf(g: ChordSegments, i: number, tonic: number, minor: boolean): string {
  const id = chordId(g, i, tonic) * 2 + (minor ? 1 : 0);
  const known = numerals.get(id);
  if (known !== undefined) return known;
  const roman = numeral(g, i, tonic, minor);
  numerals.set(id, roman);
  return roman;
}

function harte(g: ChordSegments, i: number, tonic: number): string {
  const root = g.root[i]!;
  const name = `${pitchName(root, tonic)}:${CHORD_TYPES[g.type[i]!]!.name}`;
  return g.bass[i] === root ? name : `${name}/${DEGREES[(g.bass[i]! - root + 12) % 12]!}`;
}

function numeral(g: ChordSegments, i: number, tonic: number, minor: boolean): string {
  const root = g.root[i]!;
  const step = (((root * 7 - tonic + 5) % 12) + 12) % 12;
  return romanNumeral(tonic - 5 + step, g.type[i]!, (g.bass[i]! - root + 12) % 12, tonic, minor);
}
