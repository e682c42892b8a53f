import type { Beats } from "../meter/beats.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { type Chord, type ChordsFeature, chords } from "./chords.ts";
import { isTonal, type KeyFeature, key } from "./key.ts";
import { type KeySignaturesFeature, keySignatures, mainSignature } from "./key-signatures.ts";
import type { HarmonyScratch } from "./scratch.ts";
import { type ChordSegments, chordSegments } from "./search/chord-segments.ts";
import { isSpread } from "./search/texture.ts";
import { type Chroma, createChroma } from "./sound/chroma.ts";
import { type KeyWindows, keyWindows } from "./sound/key-windows.ts";
import { harmonySpans } from "./sound/spans.ts";

/** Key and chords: two readings of the same chroma. */
export interface Harmony {
  readonly key: KeyFeature | null;
  readonly keySignatures: KeySignaturesFeature;
  readonly chords: readonly Chord[] | null;
  readonly progression: ProgressionFeature | null;
}

/** The chords in sum. */
export interface ProgressionFeature {
  /** Chords (single notes apart) a minute of music in which chords sound. */
  readonly chordsPerMinute: number;
  /** Chords a bar, null when bar lines are unknown. */
  readonly chordsPerBar: number | null;
  /** Distinct labels with their share of the time in which chords sound, most first. */
  readonly vocabulary: ChordsFeature["vocabulary"];
}

export function harmony(piece: Piece, beats: Beats | null, scratch: HarmonyScratch): Harmony {
  const { tick, strength } = harmonySpans(piece, beats);
  const chroma = createChroma(piece, tick);
  const windows = keyWindows(chroma);
  const segments = findChords(chroma, strength, windows, scratch);
  const found = key(piece, chroma, segments, windows, mainSignature(piece), scratch.key);
  const named = chords(piece, chroma, segments, found, scratch.spelled);
  return {
    key: found?.feature ?? null,
    keySignatures: keySignatures(piece),
    chords: named?.list ?? null,
    progression: named && {
      chordsPerMinute: named.perMinute,
      chordsPerBar: perBar(named, beats),
      vocabulary: named.vocabulary,
    },
  };
}

/** Chords that are struck are looked for by templates, chords that are spread over lines by what was learned of such. */
function findChords(
  chroma: Chroma,
  strength: Uint8Array,
  windows: KeyWindows,
  { struck, spread, segment }: HarmonyScratch,
): ChordSegments {
  const lines = isTonal(windows) && isSpread(chroma);
  const path = lines ? spread.path(chroma, strength, windows) : struck.path(chroma, strength);
  return chordSegments(chroma, path, strength, lines, segment);
}

function perBar({ list, count }: ChordsFeature, beats: Beats | null): number | null {
  if (beats === null) return null;
  const end = list[list.length - 1]?.endTick ?? 0;
  let bars = 0;
  for (let i = 0; i < beats.count && beats.tick[i]! < end; i++) bars += beats.downbeat[i]!;
  return bars === 0 ? null : round(count / bars, 2);
}
