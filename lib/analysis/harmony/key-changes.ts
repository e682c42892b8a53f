import { fifthsName } from "../../music/note-names.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import { firstSpan } from "./local-keys.ts";
import type { Chroma } from "./sound/chroma.ts";
import { tonicFifths } from "./spelling.ts";

/** A stretch of one key. */
export interface KeyChange {
  readonly startTick: number;
  readonly startSeconds: number;
  readonly tonic: string;
  readonly mode: "major" | "minor";
}

/** The stretches of a path. */
export function keyChanges(piece: Piece, chroma: Chroma, path: Uint8Array, signature: number | null): KeyChange[] {
  const changes: KeyChange[] = [];
  for (let i = 0; i < path.length; i++) {
    if (i > 0 && path[i] === path[i - 1]) continue;
    const startTick = Math.round(chroma.tick[Math.min(chroma.count, firstSpan(i))]!);
    changes.push({
      startTick,
      startSeconds: round(piece.time.secondsAt(startTick), 3),
      tonic: fifthsName(tonicFifths(path[i]!, signature)),
      mode: path[i]! < 12 ? "major" : "minor",
    });
  }
  return changes;
}
