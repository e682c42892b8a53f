import { round } from "../piece/round.ts";
import type { Beats } from "./beats.ts";

/** What is kept of the beats: a score's follow from tempo map and meter, a performance's are listed. */
export interface BeatsFeature {
  readonly source: "grid" | "tracked";
  readonly count: number;
  /** 0 to 1; of a performance the share of its beats to be right. */
  readonly confidence: number;
  readonly firstSeconds: number;
  /** Bars begun. 0 when the meter is unknown. */
  readonly downbeatCount: number;
  /** Beat times in seconds when tracked, at most `MAX_LISTED`; null for a grid. */
  readonly seconds: readonly number[] | null;
  /** Of a performance, the times of `seconds` on which a bar begins; null for a grid, and when the bars are not sure enough. */
  readonly downbeats: readonly number[] | null;
  /** 0 to 1; of a performance the share of its bar lines to be right. */
  readonly barConfidence: number;
  /** Share of the time in which the beats of a performance were followed, 0 to 1; null for a grid. */
  readonly trackedShare: number | null;
  /** Where they were not followed but drawn evenly, at most `MAX_FILLED` stretches; null for a grid. */
  readonly filled: readonly FilledStretch[] | null;
}

export interface FilledStretch {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const MAX_LISTED = 4096;
const MAX_FILLED = 256;

export function beatsFeature(b: Beats | null): BeatsFeature | null {
  if (b === null || b.count === 0) return null;
  const tracked = b.source === "tracked";
  const listed = tracked ? Array.from(b.seconds.subarray(0, MAX_LISTED), (s) => round(s, 3)) : null;
  const downbeatCount = b.downbeat.reduce((sum, flag) => sum + flag, 0);
  const filled = filledStretches(b);
  return {
    source: b.source,
    count: b.count,
    confidence: round(b.confidence, 3),
    firstSeconds: round(b.seconds[0]!, 3),
    downbeatCount,
    seconds: listed,
    downbeats: downbeatCount > 0 ? (listed?.filter((_, i) => b.downbeat[i] === 1) ?? null) : null,
    barConfidence: round(b.barConfidence, 3),
    trackedShare: tracked ? round(trackedShare(b, filled), 3) : null,
    filled: tracked ? filled.slice(0, MAX_FILLED) : null,
  };
}

/** From the last beat that was followed to the next one. */
function filledStretches({ count, followed, seconds }: Beats): FilledStretch[] {
  const out: FilledStretch[] = [];
  for (let i = 0; i < count; i++) {
    if (followed[i] === 1) continue;
    const from = Math.max(0, i - 1);
    while (i < count - 1 && followed[i] === 0) i++;
    out.push({ startSeconds: round(seconds[from]!, 3), endSeconds: round(seconds[i]!, 3) });
  }
  return out;
}

function trackedShare({ count, seconds }: Beats, filled: readonly FilledStretch[]): number {
  const all = seconds[count - 1]! - seconds[0]!;
  const drawn = filled.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
  return all > 0 ? Math.max(0, 1 - drawn / all) : 1;
}
