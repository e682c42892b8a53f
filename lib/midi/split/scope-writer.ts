import type { Score } from "../score.ts";
import { SmfWriter } from "../write/smf-writer.ts";
import { CannotSplit } from "./cannot-split.ts";
import { conductorMetas, metaChunk, ownMetas } from "./conductor.ts";
import { createRoutes, LaneWriter } from "./lane-writer.ts";
import type { PartDraft } from "./part-draft.ts";
import type { Scope } from "./plan.ts";
import { findSounding, guestEvents, SoundingScratch } from "./sounding.ts";
import type { Survey } from "./survey.ts";

/** What is split, and how: one scope of a score. */
export interface ScopeSource {
  readonly score: Score;
  readonly scope: Scope;
  readonly survey: Survey;
  readonly by: "auto" | "track" | "channel";
  /** Bytes that its parts may take together. */
  readonly maxBytes: number;
}

/** Writes the parts of one scope after the other, reusing its buffers. */
export class ScopeWriter {
  readonly #conductor = new SmfWriter();
  readonly #firstConductor = new SmfWriter();
  readonly #routes = createRoutes();
  readonly #soundingScratch = new SoundingScratch();

  /** Fills `drafts`, one for each part of the scope in their order. Throws `CannotSplit` beyond `maxBytes`. */
  write(source: ScopeSource, drafts: readonly PartDraft[]): void {
    const { score, scope, survey, maxBytes } = source;
    const sounding = findSounding(score, scope, this.#soundingScratch);
    const guests = guestEvents(score, scope, survey, sounding);
    const { first, rest, ownTitle } = this.#conductors(source);
    checkSize((rest.length + survey.sysexBytes) * drafts.length, maxBytes);
    const routes = this.#routes;
    let at = 0;
    let bytes = 0;
    scope.lanes.forEach((lane, number) => {
      const own = drafts.slice(at, at + lane.parts.length);
      own.forEach((draft, n) => {
        draft.begin(lane.parts[n]!, score.division, at + n === 0 ? first : rest, survey.statesPorts);
      });
      const laneSource = { score, scope, survey, sounding, number, routes, ownTitle: ownTitle && number === 0 };
      new LaneWriter(laneSource, own).write(guests);
      for (const draft of own) draft.writer.closeChunk(scope.endTick);
      at += own.length;
      checkSize((bytes += own.reduce((sum, draft) => sum + draft.writer.length, 0)), maxBytes);
    });
    this.#appendSilentTracks(score, scope, drafts[0]!);
  }

  /** The conductor's chunk of the first part, that of the rest, and whether the title is the first part's own name. */
  #conductors({ score, scope, by }: ScopeSource): { first: Uint8Array; rest: Uint8Array; ownTitle: boolean } {
    const lead = scope.lanes[0]!;
    const isSilentTitle = !soundingTracks(scope).has(scope.titleTrack);
    const ownTitle = by !== "channel" && lead.tracks[0] === scope.titleTrack && lead.parts.length === 1;
    const rest = metaChunk(score, this.#conductor, conductorMetas(score, scope, true, false), scope.endTick);
    if (!ownTitle && !isSilentTitle) return { first: rest, rest, ownTitle };
    const metas = conductorMetas(score, scope, !ownTitle, isSilentTitle);
    return { first: metaChunk(score, this.#firstConductor, metas, scope.endTick), rest, ownTitle };
  }

  /** The texts of tracks without notes: each keeps a chunk of its own, as karaoke players want them. */
  #appendSilentTracks(score: Score, scope: Scope, first: PartDraft): void {
    const sounding = soundingTracks(scope);
    for (const track of scope.tracks) {
      if (sounding.has(track) || track === scope.titleTrack) continue;
      const metas = ownMetas(score, track);
      if (metas.length > 0) first.writer.append(metaChunk(score, this.#conductor, metas, scope.endTick), 1);
    }
  }
}

function soundingTracks(scope: Scope): Set<number> {
  return new Set(scope.lanes.flatMap((lane) => lane.trackSlots.map(({ track }) => track)));
}

function checkSize(bytes: number, most: number): void {
  if (bytes > most) throw new CannotSplit(`Cannot split: parts of ${bytes} bytes in all, expected at most ${most}`);
}
