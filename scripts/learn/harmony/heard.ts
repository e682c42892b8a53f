import { readFileSync } from "node:fs";
import { type Chroma, createChroma } from "../../../lib/analysis/harmony/sound/chroma.ts";
import { type KeyWindows, keyWindows } from "../../../lib/analysis/harmony/sound/key-windows.ts";
import { type HarmonySpans, harmonySpans } from "../../../lib/analysis/harmony/sound/spans.ts";
import type { Piece } from "../../../lib/analysis/piece/piece.ts";
import { createScratch } from "../../../lib/analysis/scratch.ts";
import { STEPS, type StepResults } from "../../../lib/analysis/steps.ts";
import { createReader } from "../../../lib/midi/read/reader.ts";
import type { TruthPiece } from "../../bench/truth/truth-piece.ts";
import { truthFiles } from "../../bench/truth/truth-pieces.ts";

/** A piece with known chords as the harmony hears it. */
export interface Heard {
  readonly truth: TruthPiece;
  readonly piece: Piece;
  readonly spans: HarmonySpans;
  readonly chroma: Chroma;
  readonly windows: KeyWindows;
  /** Seconds at which each span begins; one more closes the last. */
  readonly seconds: Float64Array;
}

const LEAST_CHORDS = 5;
const LEAST_SPANS = 8;

/** Every piece below `data` with known chords. */
export function hearPieces(data: string): Heard[] {
  const reader = createReader();
  const scratch = createScratch();
  return truthFiles(data).flatMap(({ path, truth: known }): Heard[] => {
    const read = reader.read(Uint8Array.from(readFileSync(path)));
    const truth = known(read);
    if (truth.chords === null || truth.chords.length < LEAST_CHORDS) return [];
    const found: Record<string, unknown> = { read, path: undefined };
    for (const { name, make } of STEPS) {
      if (name === "harmony") break;
      found[name] = make(found as unknown as StepResults, scratch);
    }
    const { piece, beats } = found as unknown as StepResults;
    const spans = harmonySpans(piece, beats);
    const chroma = createChroma(piece, spans.tick);
    const seconds = spans.tick.map((tick) => piece.time.secondsAt(tick));
    return chroma.count < LEAST_SPANS ? [] : [{ truth, piece, spans, chroma, windows: keyWindows(chroma), seconds }];
  });
}

/** Collections by name, dealt into three hands: each is left out once. */
export function foldOf(collection: string, collections: readonly string[]): number {
  return [...collections].sort().indexOf(collection) % FOLDS;
}

export const FOLDS = 3;

/** What the items spanning each moment hold: the value of the item in which the middle of each span lies, -1 for none. */
export function labelSpans<T extends { readonly from: number; readonly to: number }>(
  seconds: ArrayLike<number>,
  items: readonly T[],
  value: (item: T) => number,
): Int8Array {
  const labels = new Int8Array(seconds.length - 1).fill(-1);
  for (let s = 0, i = 0; s < labels.length; s++) {
    const middle = (seconds[s]! + seconds[s + 1]!) / 2;
    while (i < items.length && items[i]!.to <= middle) i++;
    const item = items[i];
    if (item !== undefined && item.from <= middle) labels[s] = value(item);
  }
  return labels;
}
