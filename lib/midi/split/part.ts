import type { Score } from "../score.ts";
import type { PartDraft } from "./part-draft.ts";
import type { Survey } from "./survey.ts";

/** One playable file that was made of a source. */
export interface Part {
  /** A complete format 1 file: the conductor's chunk, the part's own, and in a first part those of the silent tracks. */
  readonly bytes: Uint8Array;
  /** Source track of the notes, from 0; the first of them where a channel was taken from several tracks. */
  readonly track: number;
  /** 0 to 15; null where a track that sounds on several channels is one part. */
  readonly channel: number | null;
  /** MIDI port, 0 where the file states none. */
  readonly port: number;
  /** The one key of a drum part that was split by note. */
  readonly key: number | null;
  /** Raw bytes of the track's name; null without one, and where a track split by channel has only the title. */
  readonly name: Uint8Array | null;
  /** Program at the channel's first note, 0 to 127; null if none was set, or if the part sounds on several channels. */
  readonly program: number | null;
  /** Bank that the program was chosen from, MSB × 128 + LSB; null if none was set. */
  readonly bank: number | null;
  readonly drum: boolean;
  readonly noteCount: number;
  readonly lowestPitch: number;
  readonly highestPitch: number;
}

/** A finished draft as a part. Its bytes are a view that holds until the draft begins again. */
export function finishedPart(draft: PartDraft, score: Score, survey: Survey, drums: Uint8Array): Part {
  const { plan } = draft;
  return {
    bytes: draft.writer.bytes(),
    track: plan.track,
    channel: plan.oneSlot ? plan.slot & 15 : null,
    port: plan.slot >> 4,
    key: plan.key,
    name: partName(draft, score, survey),
    program: draft.program,
    bank: draft.bank,
    drum: plan.oneSlot && (drums[plan.slot] ?? 0) !== 0,
    noteCount: plan.noteCount,
    lowestPitch: plan.lowest,
    highestPitch: plan.highest,
  };
}

/** The name written for the part itself, else that of its track unless it is only the title. */
function partName(draft: PartDraft, score: Score, survey: Survey): Uint8Array | null {
  const at = draft.nameAt >= 0 ? draft.nameAt : survey.name[draft.plan.track]!;
  if (at < 0 || (draft.nameAt < 0 && isOnlyTitle(score, draft.plan.track))) return null;
  const { offset, length } = score.metas;
  const meta = score.events!.blob[at]!;
  return score.bytes.subarray(offset[meta]!, offset[meta]! + length[meta]!);
}

function isOnlyTitle(score: Score, track: number): boolean {
  return track === 0 && (score.format === 0 || score.tracks.length === 1);
}
