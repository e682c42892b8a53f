import { fifthsName } from "../../music/note-names.ts";
import type { Piece } from "../piece/piece.ts";
import { round } from "../piece/round.ts";
import type { Chroma } from "./chroma.ts";
import type { KeyWindows } from "./key-windows.ts";
import { type KeyIndex, tonicFifths } from "./spelling.ts";

/** A stretch of one key. */
export interface KeyChange {
  readonly startTick: number;
  readonly startSeconds: number;
  readonly tonic: string;
  readonly mode: "major" | "minor";
}

/** Cost of leaving a key between two windows, in natural logarithms. */
const CHANGE_COST = 6;
/** A key is at least this likely in every window, so that no window says more against it. */
const LEAST_LIKELY = 0.05;
const LOG_LEAST_LIKELY = Math.log(LEAST_LIKELY);
/** What speaks in each window for the key of the whole piece before anything is heard. */
const HOME_BONUS = 0.5;

/**
 * Key by window, smoothed by a Viterbi search in which every change of key costs the same (Temperley,
 * "The Cognition of Basic Musical Structures", 2001, ch. 7, charges changes likewise). Index per window.
 */
export function keyPath(windows: KeyWindows, home: KeyIndex): Uint8Array {
  const from = new Uint8Array(windows.count * 24);
  const total = new Float64Array(24);
  let best = home;
  for (let i = 0; i < windows.count; i++) {
    const change = total[best]! - CHANGE_COST;
    const previous = best;
    for (let k = 0; k < 24; k++) {
      const stay = i === 0 ? 0 : total[k]!;
      const moves = i > 0 && change > stay;
      from[i * 24 + k] = moves ? previous : k;
      const p = windows.probability[i * 24 + k]!;
      total[k] =
        (moves ? change : stay) +
        (p === 0 ? LOG_LEAST_LIKELY : Math.log(p + LEAST_LIKELY)) +
        (k === home ? HOME_BONUS : 0);
    }
    best = home;
    for (let k = 0; k < 24; k++) if (total[k]! > total[best]!) best = k;
  }
  const path = new Uint8Array(windows.count);
  for (let i = windows.count - 1, k = best; i >= 0; i--) {
    path[i] = k;
    k = from[i * 24 + k]!;
  }
  return path;
}

/** First span of what a window's key is taken for: the middle half of it, and the beginning in the first. */
export function firstSpan(windows: KeyWindows, window: number): number {
  return window === 0 ? 0 : window * windows.hop + (windows.hop >> 1);
}

/** The stretches of a path. */
export function keyChanges(
  piece: Piece,
  chroma: Chroma,
  windows: KeyWindows,
  path: Uint8Array,
  signature: number | null,
): KeyChange[] {
  const changes: KeyChange[] = [];
  for (let i = 0; i < path.length; i++) {
    if (i > 0 && path[i] === path[i - 1]) continue;
    const startTick = Math.round(chroma.tick[Math.min(chroma.count, firstSpan(windows, i))]!);
    changes.push({
      startTick,
      startSeconds: round(piece.time.secondsAt(startTick), 3),
      tonic: fifthsName(tonicFifths(path[i]!, signature)),
      mode: path[i]! < 12 ? "major" : "minor",
    });
  }
  return changes;
}
