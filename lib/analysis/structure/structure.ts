import { type Bars, barOfNotes } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { type Cells, cells } from "./cells.ts";
import { fileLoop, type LoopGuess, type VoiceLoop, voiceLoops } from "./loops.ts";
import { MOST_BARS, type StructureScratch } from "./scratch.ts";
import { type Section, sectionLabel, sections } from "./sections.ts";
import { type Similarity, similarity } from "./similarity.ts";

/**
 * What repeats. Bars are compared as vectors (similarity.ts) and note for note, by a hash of their notes on a
 * grid of 24ths of a quarter, lengths and velocities aside. Null without bars.
 */
export interface StructureFeature {
  /** Bars looked at: the first `MOST_BARS` of a longer piece. */
  readonly bars: number;
  /** Mean over the bars with notes of the likeness (0 to 1) to the most alike other bar; null with one bar of notes. */
  readonly selfSimilarity: number | null;
  /** Share of the bars with notes that repeat an earlier bar note for note, 0 to 1. */
  readonly repetitionShare: number;
  readonly sections: readonly Section[];
  /** Labels of the sections in a row, "AABA". */
  readonly form: string;
  /** Whether the whole file is a loop. */
  readonly loop: LoopGuess;
  /** The longest stretch each voice repeats without a break; the first 64 voices that do. */
  readonly loops: readonly VoiceLoop[];
}

export function structure(piece: Piece, bars: Bars | null, scratch: StructureScratch): StructureFeature | null {
  if (bars === null || piece.count === 0) return null;
  const count = Math.min(bars.count, MOST_BARS);
  const bar = barOfNotes(bars, piece.startTick);
  const held = cells(piece, bars, bar, count);
  const filled = held.notes.reduce((sum, n) => (n > 0 ? sum + 1 : sum), 0);
  if (filled === 0) return null;
  const like = similarity(piece, bars, bar, held.hash, scratch);
  const spans = sections(like);
  return {
    bars: count,
    selfSimilarity: filled > 1 ? selfSimilarity(like, held.notes, filled) : null,
    repetitionShare: round(repeated(held) / filled, 3),
    sections: spans.map(({ from, to, kind }) => ({
      label: sectionLabel(kind),
      startBar: from + 1,
      bars: to - from,
      startTick: Math.round(bars.tick[from]!),
      startSeconds: round(piece.time.secondsAt(bars.tick[from]!), 3),
    })),
    form: spans.map(({ kind }) => sectionLabel(kind)).join(""),
    loop: fileLoop(piece, bars, bar),
    loops: voiceLoops(piece, bars, held),
  };
}

function repeated({ hash, notes }: Cells): number {
  const seen = new Set<number>();
  let repeats = 0;
  for (let b = 0; b < hash.length; b++) {
    if (notes[b] === 0) continue;
    if (seen.has(hash[b]!)) repeats++;
    seen.add(hash[b]!);
  }
  return repeats;
}

function selfSimilarity({ nearest }: Similarity, notes: Uint32Array, filled: number): number {
  return round(nearest.reduce((sum, like, bar) => (notes[bar]! > 0 ? sum + Math.min(1, like) : sum), 0) / filled, 3);
}
