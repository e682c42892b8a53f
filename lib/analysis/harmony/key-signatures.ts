import { fifthsName } from "../../music/note-names.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";

/** The key signature metas, as the file states them. C major is often no statement at all but a default. */
export type KeySignaturesFeature = readonly KeySignature[];

export interface KeySignature {
  readonly tick: number;
  readonly seconds: number;
  /** Sharps, or minus flats. */
  readonly fifths: number;
  readonly tonic: string;
  readonly mode: "major" | "minor";
}

/** Listed at most. */
export const MAX_SIGNATURES = 128;

/** In order of tick; a repetition of what already holds (each track stating it again) is left out. */
export function keySignatures(piece: Piece): KeySignaturesFeature {
  const { count, tick, fifths, minor } = piece.score.keySignatures;
  const out: KeySignature[] = [];
  for (let i = 0; i < count && out.length < MAX_SIGNATURES; i++) {
    const last = out[out.length - 1];
    const mode = minor[i] ? "minor" : "major";
    if (last !== undefined && last.fifths === fifths[i] && last.mode === mode) continue;
    const tonic = fifthsName(fifths[i]! + (minor[i] ? 3 : 0));
    out.push({ tick: tick[i]!, seconds: round(piece.time.secondsAt(tick[i]!), 3), fifths: fifths[i]!, tonic, mode });
  }
  return out;
}

export interface Signature {
  /** Sharps, or minus flats. */
  readonly fifths: number;
  readonly minor: boolean;
}

/** The signature that holds longest; null without one. */
export function mainSignature(piece: Piece): Signature | null {
  const { count, tick, fifths, minor } = piece.score.keySignatures;
  const ticks = new Float64Array(32);
  for (let i = 0; i < count; i++) {
    const until = i + 1 < count ? tick[i + 1]! : Math.max(piece.score.lastNoteEndTick, tick[i]! + 1);
    const at = (fifths[i]! + 7) * 2 + (minor[i] ? 1 : 0);
    ticks[at] = ticks[at]! + Math.max(0, until - tick[i]!);
  }
  let best = -1;
  for (let i = 0; i < 30; i++) if (ticks[i]! > 0 && (best < 0 || ticks[i]! > ticks[best]!)) best = i;
  return best < 0 ? null : { fifths: (best >> 1) - 7, minor: best % 2 === 1 };
}
