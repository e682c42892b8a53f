import type { Score } from "../score.ts";
import type { PartPlan } from "./part-draft.ts";
import type { Survey, TrackSlot } from "./survey.ts";

/** Tracks that play together and share their conductor: a whole file, or one sequence of a format 2 file. */
export interface Scope {
  /** Every track whose events go with this scope, ascending. */
  readonly tracks: readonly number[];
  /** Tracks that conduct it; sequences without notes ride along but do not conduct. */
  readonly conductors: readonly number[];
  /** The track whose name is the title. */
  readonly titleTrack: number;
  readonly endTick: number;
  readonly lanes: readonly Lane[];
}

/** Tracks that are read in one go, and the parts their notes go to. */
export interface Lane {
  readonly tracks: readonly number[];
  readonly trackSlots: readonly TrackSlot[];
  readonly parts: readonly PartPlan[];
}

/** How a file is split. */
export interface SplitRule {
  readonly by: "auto" | "track" | "channel";
  /** Not 0 at port × 16 + channel: split by key as well. */
  readonly byKey: Uint8Array;
}

/** Which parts there are, in their order: by track, then port and channel, then key. */
export function planScopes(score: Score, { trackSlots }: Survey, rule: SplitRule): Scope[] {
  if (score.format !== 2) {
    const tracks = score.tracks.map((track) => track.index);
    const lanes = planLanes(trackSlots, tracks, rule);
    return [{ tracks, conductors: tracks, titleTrack: 0, endTick: score.endTick, lanes }];
  }
  const byTrack = Map.groupBy(trackSlots, (trackSlot) => trackSlot.track);
  const silent = score.tracks.map((track) => track.index).filter((index) => !byTrack.has(index));
  return [...byTrack].map(([track, own], at) => {
    const tracks = at === 0 ? [track, ...silent].sort((a, b) => a - b) : [track];
    const endTick = tracks.reduce((latest, index) => Math.max(latest, score.tracks[index]!.endTick), 0);
    return { tracks, conductors: [track], titleTrack: track, endTick, lanes: planLanes(own, tracks, rule) };
  });
}

/** Parts that a scope is split into. */
export function partCount(scope: Scope): number {
  return scope.lanes.reduce((sum, lane) => sum + lane.parts.length, 0);
}

function planLanes(trackSlots: readonly TrackSlot[], tracks: readonly number[], rule: SplitRule): Lane[] {
  if (rule.by === "channel") {
    if (trackSlots.length === 0) return [];
    const bySlot = Map.groupBy(trackSlots, (trackSlot) => trackSlot.slot);
    const slots = [...bySlot.keys()].sort((a, b) => a - b);
    return [{ tracks, trackSlots, parts: slots.flatMap((slot) => planSlot(bySlot.get(slot)!, rule)) }];
  }
  return [...Map.groupBy(trackSlots, (trackSlot) => trackSlot.track)].map(([track, own]) => ({
    tracks: [track],
    trackSlots: own,
    parts: rule.by === "track" ? [planTrack(own)] : own.flatMap((trackSlot) => planSlot([trackSlot], rule)),
  }));
}

function planTrack(trackSlots: readonly TrackSlot[]): PartPlan {
  return { ...whole(trackSlots), oneSlot: trackSlots.length === 1 };
}

/** The parts of one slot: one, or one a key. */
function planSlot(trackSlots: readonly TrackSlot[], rule: SplitRule): PartPlan[] {
  const all = whole(trackSlots);
  if (!rule.byKey[all.slot] || all.lowest === all.highest) return [all];
  const strikes = new Map<number, number>();
  for (const trackSlot of trackSlots) {
    for (const [at, key] of trackSlot.keys.entries())
      strikes.set(key, (strikes.get(key) ?? 0) + trackSlot.strikes[at]!);
  }
  return [...strikes]
    .sort(([a], [b]) => a - b)
    .map(([key, noteCount]) => ({ ...all, key, noteCount, lowest: key, highest: key }));
}

/** One part of all these trackSlots. */
function whole(trackSlots: readonly TrackSlot[]): PartPlan {
  const { track, slot } = trackSlots[0]!;
  let noteCount = 0;
  let firstTick = Number.POSITIVE_INFINITY;
  let lowest = 127;
  let highest = 0;
  for (const trackSlot of trackSlots) {
    noteCount += trackSlot.noteCount;
    firstTick = Math.min(firstTick, trackSlot.firstTick);
    lowest = Math.min(lowest, trackSlot.keys[0]!);
    highest = Math.max(highest, trackSlot.keys.at(-1)!);
  }
  return { track, slot, oneSlot: true, key: null, noteCount, firstTick, lowest, highest };
}
