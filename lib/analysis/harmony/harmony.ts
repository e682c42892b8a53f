import type { Beats } from "../meter/beats.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { chordSegments } from "./chord-segments.ts";
import { type Chord, type ChordsFeature, chords } from "./chords.ts";
import { createChroma } from "./chroma.ts";
import { type KeyFeature, key } from "./key.ts";
import { type KeySignaturesFeature, keySignatures, mainSignature } from "./key-signatures.ts";
import type { HarmonyScratch } from "./scratch.ts";
import { harmonySpans } from "./spans.ts";

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
  const segments = chordSegments(chroma, strength, scratch.search, scratch.segment);
  const found = key(piece, chroma, segments, mainSignature(piece), scratch.key);
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

function perBar({ list, count }: ChordsFeature, beats: Beats | null): number | null {
  if (beats === null) return null;
  const end = list[list.length - 1]?.endTick ?? 0;
  let bars = 0;
  for (let i = 0; i < beats.count && beats.tick[i]! < end; i++) bars += beats.downbeat[i]!;
  return bars === 0 ? null : round(count / bars, 2);
}
