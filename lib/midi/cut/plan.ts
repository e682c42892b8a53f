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
  return { ...whole(voices), oneSlot: voices.length === 1 };
}

/** The parts of one slot: one, or one a key. */
function planSlot(voices: readonly Voice[], cutting: Cutting): PartPlan[] {
  const all = whole(voices);
  if (!cutting.byKey[all.slot] || all.lowest === all.highest) return [all];
  const strikes = new Map<number, number>();
  for (const voice of voices) {
    for (const [at, key] of voice.keys.entries()) strikes.set(key, (strikes.get(key) ?? 0) + voice.strikes[at]!);
  }
  return [...strikes]
    .sort(([a], [b]) => a - b)
    .map(([key, noteCount]) => ({ ...all, key, noteCount, lowest: key, highest: key }));
}

/** One part of all these voices. */
function whole(voices: readonly Voice[]): PartPlan {
  const { track, slot } = voices[0]!;
  let noteCount = 0;
  let firstTick = Number.POSITIVE_INFINITY;
  let lowest = 127;
  let highest = 0;
  for (const voice of voices) {
    noteCount += voice.noteCount;
    firstTick = Math.min(firstTick, voice.firstTick);
    lowest = Math.min(lowest, voice.keys[0]!);
    highest = Math.max(highest, voice.keys.at(-1)!);
  }
  return { track, slot, oneSlot: true, key: null, noteCount, firstTick, lowest, highest };
}
