import type { Score } from "../score.ts";
import type { PartPlan } from "./draft.ts";
import type { Survey, Voice } from "./survey.ts";

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
  readonly voices: readonly Voice[];
  readonly parts: readonly PartPlan[];
}

export interface Cutting {
  readonly by: "auto" | "track" | "channel";
  /** Not 0 at port × 16 + channel: cut by key as well. */
  readonly byKey: Uint8Array;
}

/** Which parts there are, in their order: by track, then port and channel, then key. */
export function planScopes(score: Score, { voices }: Survey, cutting: Cutting): Scope[] {
  if (score.format !== 2) {
    const tracks = score.tracks.map((track) => track.index);
    const lanes = planLanes(voices, tracks, cutting);
    return [{ tracks, conductors: tracks, titleTrack: 0, endTick: score.endTick, lanes }];
  }
  const byTrack = Map.groupBy(voices, (voice) => voice.track);
  const silent = score.tracks.map((track) => track.index).filter((index) => !byTrack.has(index));
  return [...byTrack].map(([track, own], at) => {
    const tracks = at === 0 ? [track, ...silent].sort((a, b) => a - b) : [track];
    const endTick = tracks.reduce((latest, index) => Math.max(latest, score.tracks[index]!.endTick), 0);
    return { tracks, conductors: [track], titleTrack: track, endTick, lanes: planLanes(own, tracks, cutting) };
  });
}

function planLanes(voices: readonly Voice[], tracks: readonly number[], cutting: Cutting): Lane[] {
  if (cutting.by === "channel") {
    if (voices.length === 0) return [];
    const bySlot = Map.groupBy(voices, (voice) => voice.slot);
    const slots = [...bySlot.keys()].sort((a, b) => a - b);
    return [{ tracks, voices, parts: slots.flatMap((slot) => planSlot(bySlot.get(slot)!, cutting)) }];
  }
  return [...Map.groupBy(voices, (voice) => voice.track)].map(([track, own]) => ({
    tracks: [track],
    voices: own,
    parts: cutting.by === "track" ? [planTrack(own)] : own.flatMap((voice) => planSlot([voice], cutting)),
  }));
}

function planTrack(voices: readonly Voice[]): PartPlan {
  const { track, slot } = voices[0]!;
  return { track, slot, oneSlot: voices.length === 1, key: null };
}

/** The parts of one slot: one, or one a key. */
function planSlot(voices: readonly Voice[], cutting: Cutting): PartPlan[] {
  const { track, slot } = voices[0]!;
  const keys = [...new Set(voices.flatMap((voice) => voice.keys))].sort((a, b) => a - b);
  if (!cutting.byKey[slot] || keys.length < 2) return [{ track, slot, oneSlot: true, key: null }];
  return keys.map((key) => ({ track, slot, oneSlot: true, key }));
}
