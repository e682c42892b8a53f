/**
 * Cutting a file into parts without loss. A channel's state belongs to the channel and its port, whichever track sets
 * it; a note belongs to its track. The law, which test/midi/cut-law.ts checks from the files alone:
 *
 * 1. Every note event (on, off, poly pressure) is in exactly one part: that of its track and channel, or where its
 *    track does not sound on that channel, the first of its track; where its track sounds nowhere, the first that
 *    sounds on its channel, else the first part. Notes are never paired: what is stuck or orphaned stays so.
 * 2. Every other channel message is in each part that sounds on its port and channel; those of a channel that never
 *    sounds are in the first part. Every system exclusive message is in every part: which channels it concerns is up
 *    to its maker. All stand at their own ticks in playing order: by tick, then track, then place in the track.
 * 3. Every part holds all tempi, meters, keys, SMPTE offsets, markers, cue points, copyrights and the title (the names
 *    in the first track) in a conductor's chunk. Its second chunk is the part. Texts, lyrics, names, channel prefixes,
 *    unknown and sequencer-specific metas are with the first part of their track, or behind a channel prefix with that
 *    channel's. Those of tracks without notes are in the first part: a silent first track's in the conductor, each
 *    other's in a chunk of its own, as karaoke players look for them. Where the first track sounds as one part, its
 *    name stands in that part's own chunk, and in the conductor of the others.
 * 4. Division and End of Track are the source's, the latest of all tracks. The same bytes give the same parts.
 *
 * A port meta holds from where it stands; one before its track's first note holds for the whole track. Where a file
 * states ports every part begins with its own, and states another before a message that goes to another.
 * The sequences of a format 2 file are cut one by one, each with its own conductor and end; those without notes ride
 * along with the first that has some, but do not conduct it. Data bytes are as the reader repaired them; metas that
 * the reader leaves out are left out, those of wrong length or SMPTE offsets out of range are put right. A gap longer
 * than a delta time can say is bridged by an empty text event, the only event that a part has and its source has not.
 */
import { conductorMetas, metaChunk, ownMetas } from "./cut/conductor.ts";
import { Draft } from "./cut/draft.ts";
import { LaneWriter } from "./cut/lane.ts";
import { planScopes, type Scope } from "./cut/plan.ts";
import { findSounding, guestEvents } from "./cut/sounding.ts";
import { SLOTS, type Survey, survey } from "./cut/survey.ts";
import type { Score } from "./score.ts";
import { SmfWriter } from "./write.ts";

export interface CutOptions {
  /**
   * `track`: a part for every track that sounds. `channel`: one for every port and channel, whatever tracks it comes
   * from. `auto`, the default: by track, and by channel inside any track that sounds on several.
   */
  readonly by?: "auto" | "track" | "channel";
  /** Cuts drum channels by key as well; has no meaning by track. */
  readonly drumsByNote?: boolean;
  /** Which channels play drums: not 0 at port × 16 + channel. By default channel 10 of every port. */
  readonly drums?: Uint8Array;
  /** Bytes that all parts together may take. */
  readonly maxBytes?: number;
}

/** The parts of a file, or `single` when there are fewer than two. */
export type Cut =
  | { readonly state: "parts"; readonly parts: readonly Part[] }
  | { readonly state: "single"; readonly parts: readonly [] };

/** One playable file. */
export interface Part {
  /** A complete format 1 file: the conductor's chunk, the part's own, and in a first part those of the silent tracks. */
  readonly bytes: Uint8Array;
  /** Source track of the notes, from 0; the first of them where a channel is cut across tracks. */
  readonly track: number;
  /** 0 to 15; null where a track that sounds on several channels is one part. */
  readonly channel: number | null;
  /** MIDI port, 0 where the file states none. */
  readonly port: number;
  /** The one key of a drum part cut by note. */
  readonly key: number | null;
  /** Raw bytes of the track's name; null without one, and where a track cut by channel has only the title. */
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

/** A file whose parts would be too many or too large. The message is one line. */
export class CannotCut extends Error {
  override readonly name = "CannotCut";
}

/** Scratch for the chunks of metas. */
const conductor = new SmfWriter();
const firstConductor = new SmfWriter();

const CHANNEL_10 = Uint8Array.from({ length: SLOTS }, (_, slot) => Number((slot & 15) === 9));
const NO_CHANNEL = new Uint8Array(0);
const MOST_PARTS = 4096;
const MOST_BYTES = 1 << 29;
const KEPT_BYTES = 1 << 26;

/** Cuts one file. For many make one cutter and reuse it. */
export function cut(score: Score, options: CutOptions = {}): Cut {
  return createCutter().cut(score, options);
}

export interface Cutter {
  /** The parts hold until the next cut. `score` must have been read with `events: true`. Throws `CannotCut`. */
  cut(score: Score, options?: CutOptions): Cut;
}

/** A cutter that reuses its buffers from file to file. */
export function createCutter(): Cutter {
  const drafts: Draft[] = [];
  return {
    cut(score, options = {}) {
      if (drafts.reduce((sum, draft) => sum + draft.writer.capacity, 0) > KEPT_BYTES) drafts.length = 0;
      return cutScore(score, options, drafts);
    },
  };
}

function cutScore(score: Score, options: CutOptions, pool: Draft[]): Cut {
  const found = survey(score);
  const drums = options.drums ?? CHANNEL_10;
  const by = options.by ?? "auto";
  const scopes = planScopes(score, found, { by, byKey: options.drumsByNote ? drums : NO_CHANNEL });
  const count = scopes.reduce((sum, scope) => sum + scope.lanes.reduce((n, lane) => n + lane.parts.length, 0), 0);
  if (count < 2) return { state: "single", parts: [] };
  if (count > MOST_PARTS) throw new CannotCut(`Cannot cut: ${count} parts, expected at most ${MOST_PARTS}`);
  const most = options.maxBytes ?? MOST_BYTES;
  const parts: Part[] = [];
  let bytes = 0;
  while (pool.length < count) pool.push(new Draft());
  for (const scope of scopes) {
    const drafts = pool.slice(parts.length, parts.length + scope.lanes.reduce((n, lane) => n + lane.parts.length, 0));
    cutScope(score, scope, found, drafts, by, most - bytes);
    for (const draft of drafts) {
      parts.push(describe(draft, score, found, drums));
      bytes += draft.writer.length;
    }
  }
  return { state: "parts", parts };
}

function cutScope(score: Score, scope: Scope, found: Survey, drafts: Draft[], by: string, most: number): void {
  const sounding = findSounding(score, scope);
  const guests = guestEvents(score, scope, found, sounding);
  const isSilentTitle = !scope.lanes.some((lane) => lane.voices.some((voice) => voice.track === scope.titleTrack));
  const ownTitle =
    by !== "channel" && scope.lanes[0]!.tracks[0] === scope.titleTrack && scope.lanes[0]!.parts.length === 1;
  const rest = metaChunk(score, conductor, conductorMetas(score, scope, true, false), scope.endTick);
  const first =
    ownTitle || isSilentTitle
      ? metaChunk(score, firstConductor, conductorMetas(score, scope, !ownTitle, isSilentTitle), scope.endTick)
      : rest;
  checkSize((rest.length + found.sysexBytes) * drafts.length, most);
  let at = 0;
  let bytes = 0;
  scope.lanes.forEach((lane, number) => {
    const own = drafts.slice(at, at + lane.parts.length);
    own.forEach((draft, n) => {
      const plan = lane.parts[n]!;
      draft.begin(plan, score.division, at + n === 0 ? first : rest, found.statesPorts);
    });
    new LaneWriter({ score, scope, survey: found, sounding, number, ownTitle: ownTitle && number === 0 }, own).write(
      guests,
    );
    for (const draft of own) draft.writer.closeChunk(scope.endTick);
    at += own.length;
    checkSize((bytes += own.reduce((sum, draft) => sum + draft.writer.length, 0)), most);
  });
  appendSilentTracks(score, scope, drafts[0]!);
}

/** The texts of tracks without notes: each keeps a chunk of its own, as karaoke players want them. */
function appendSilentTracks(score: Score, scope: Scope, first: Draft): void {
  const sounding = new Set(scope.lanes.flatMap((lane) => lane.voices.map((voice) => voice.track)));
  for (const track of scope.tracks) {
    if (sounding.has(track) || track === scope.titleTrack) continue;
    const metas = ownMetas(score, track);
    if (metas.length > 0) first.writer.append(metaChunk(score, conductor, metas, scope.endTick), 1);
  }
}

function checkSize(bytes: number, most: number): void {
  if (bytes > most) throw new CannotCut(`Cannot cut: parts of ${bytes} bytes in all, expected at most ${most}`);
}

function describe(draft: Draft, score: Score, found: Survey, drums: Uint8Array): Part {
  const { plan } = draft;
  return {
    bytes: draft.writer.bytes(),
    track: plan.track,
    channel: plan.oneSlot ? plan.slot & 15 : null,
    port: plan.slot >> 4,
    key: plan.key,
    name: partName(draft, score, found),
    program: draft.program,
    bank: draft.bank,
    drum: plan.oneSlot && (drums[plan.slot] ?? 0) !== 0,
    noteCount: plan.noteCount,
    lowestPitch: plan.lowest,
    highestPitch: plan.highest,
  };
}

/** The name written for the part itself, else that of its track unless it is only the title. */
function partName(draft: Draft, score: Score, found: Survey): Uint8Array | null {
  const at = draft.nameAt >= 0 ? draft.nameAt : found.name[draft.plan.track]!;
  if (at < 0 || (draft.nameAt < 0 && isOnlyTitle(score, draft.plan.track))) return null;
  const { offset, length } = score.events!;
  return score.bytes.subarray(offset[at]!, offset[at]! + length[at]!);
}

function isOnlyTitle(score: Score, track: number): boolean {
  return track === 0 && (score.format === 0 || score.tracks.length === 1);
}
