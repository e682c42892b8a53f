import type { TopLine } from "../identity/top-lines.ts";
import { type Bars, barOfNotes } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { barContents } from "./bar-contents.ts";
import { type Cells, cells } from "./cells.ts";
import { fileLoop, type LoopGuess, type VoiceLoop, voiceLoops } from "./loops.ts";
import { MOST_BARS, type StructureScratch } from "./scratch.ts";
import { type Section, sectionLabel, sections } from "./sections.ts";
import { type Similarity, similarity } from "./similarity.ts";

/**
 * What repeats. Bars are compared by tune and sound (similarity.ts) and, for loops, note for note, by a hash of their notes
 * on a grid of 24ths of a quarter, lengths and velocities aside. Null without bars.
 */
export interface StructureFeature {
  /** Bars looked at: the first `MOST_BARS` of a longer piece. */
  readonly bars: number;
  /** Mean over the bars with notes of the likeness (0 to 1) to the most alike other bar; null with one bar of notes. */
  readonly selfSimilarity: number | null;
  /** Share of the bars with notes that repeat an earlier bar, nearly or note for note, 0 to 1. */
  readonly repetitionShare: number;
  /** Empty where the bar lines are too uncertain to count by. */
  readonly sections: readonly Section[];
  /** Labels of the sections in a row, "AABA"; null without sections. */
  readonly form: string | null;
  /** Whether the whole file is a loop. */
  readonly loop: LoopGuess;
  /** The longest stretch each voice repeats without a break; the first 64 voices that do. */
  readonly loops: readonly VoiceLoop[];
}

/** Bar lines that are less sure than this carry no sections. */
const LEAST_CONFIDENCE = 0.4;

export function structure(
  piece: Piece,
  bars: Bars | null,
  tune: TopLine,
  scratch: StructureScratch,
): StructureFeature | null {
  if (bars === null || piece.count === 0) return null;
  const count = Math.min(bars.count, MOST_BARS);
  const bar = barOfNotes(bars, piece.startTick);
  const held = cells(piece, bars, bar, count);
  const filled = held.notes.reduce((sum, n) => (n > 0 ? sum + 1 : sum), 0);
  if (filled === 0) return null;
  const contents = barContents(piece, bars, bar, tune, count);
  const like = similarity(contents, held.hash, scratch);
  const spans = bars.confidence < LEAST_CONFIDENCE ? [] : sections(contents, like);
  return {
    bars: count,
    selfSimilarity: filled > 1 ? selfSimilarity(like, held.notes, filled) : null,
    repetitionShare: round(repeated(like, held) / filled, 3),
    sections: spans.map(({ from, to, kind }) => ({
      label: sectionLabel(kind),
      startBar: from + 1,
      bars: to - from,
      startTick: Math.round(bars.tick[from]!),
      startSeconds: round(piece.time.secondsAt(bars.tick[from]!), 3),
    })),
    form: spans.map(({ kind }) => sectionLabel(kind)).join("") || null,
    loop: fileLoop(piece, bars, bar),
    loops: voiceLoops(piece, bars, held),
  };
}

/** Likeness from which a bar repeats another. */
const REPEATS = 0.9;

function repeated({ count, matrix }: Similarity, { notes }: Cells): number {
  let repeats = 0;
  for (let bar = 1; bar < count; bar++) {
    if (notes[bar] === 0) continue;
    let earlier = 0;
    while (earlier < bar && (notes[earlier] === 0 || matrix[bar * count + earlier]! < REPEATS)) earlier++;
    if (earlier < bar) repeats++;
  }
  return repeats;
}

function selfSimilarity({ nearest }: Similarity, notes: Uint32Array, filled: number): number {
  return round(nearest.reduce((sum, like, bar) => (notes[bar]! > 0 ? sum + Math.min(1, like) : sum), 0) / filled, 3);
}
