/**
 * SplitRule a file into parts without loss. A channel's state belongs to the channel and its port, whichever track sets
 * it; a note belongs to its track. The law, which test/midi/split/split-law.ts checks from the files alone:
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
 * A declared zone of MPE counts as one channel, that of its manager: its notes are one part, each on its own channel.
 * A port meta holds from where it stands; one before its track's first note holds for the whole track. Where a file
 * states ports every part begins with its own, and states another before a message that goes to another.
 * The sequences of a format 2 file are split one by one, each with its own conductor and end; those without notes ride
 * along with the first that has some, but do not conduct it. Data bytes are as the reader repaired them; metas that
 * the reader leaves out are left out, those of wrong length are put right; the score names both as repairs. A gap longer
 * than a delta time can say is bridged by an empty text event, the only event that a part has and its source has not.
 */
import type { Score } from "../score.ts";
import { CannotSplit } from "./cannot-split.ts";
import { finishedPart, type Part } from "./part.ts";
import { PartDraft } from "./part-draft.ts";
import { partCount, planScopes } from "./plan.ts";
import { ScopeWriter } from "./scope-writer.ts";
import { SLOTS, SurveyScratch, survey } from "./survey.ts";

export interface SplitOptions {
  /**
   * `track`: a part for every track that sounds. `channel`: one for every port and channel, whatever tracks it comes
   * from. `auto`, the default: by track, and by channel inside any track that sounds on several.
   */
  readonly by?: "auto" | "track" | "channel";
  /** Splits drum channels by key as well; has no meaning by track. */
  readonly drumsByNote?: boolean;
  /** Which channels play drums: not 0 at port × 16 + channel. By default channel 10 of every port. */
  readonly drums?: Uint8Array;
  /** Bytes that all parts together may take. */
  readonly maxBytes?: number;
}

const CHANNEL_10 = Uint8Array.from({ length: SLOTS }, (_, slot) => Number((slot & 15) === 9));
const NO_CHANNEL = new Uint8Array(0);
const MOST_PARTS = 4096;
const MOST_BYTES = 1 << 29;
/** Bytes of drafts that a splitter keeps between files. */
const KEPT_BYTES = 1 << 26;

export interface Splitter {
  /**
   * The parts of a file, in their order; none when it has fewer than two. They hold until the next split. `score` must
   * have been read with `events: true`. Throws `CannotSplit`.
   */
  split(score: Score, options?: SplitOptions): readonly Part[];
}

/** Splits one file. For many make one splitter and reuse it. */
export function splitScore(score: Score, options: SplitOptions = {}): readonly Part[] {
  return createSplitter().split(score, options);
}

/** A splitter that reuses its buffers from file to file. */
export function createSplitter(): Splitter {
  const drafts: PartDraft[] = [];
  const scratch = new SurveyScratch();
  const writer = new ScopeWriter();

  return {
    split(score, options = {}) {
      if (drafts.reduce((sum, draft) => sum + draft.writer.capacity, 0) > KEPT_BYTES) drafts.length = 0;
      const found = survey(score, scratch);
      const { by = "auto", drums = CHANNEL_10, maxBytes = MOST_BYTES } = options;
      const scopes = planScopes(score, found, { by, byKey: options.drumsByNote ? drums : NO_CHANNEL });
      const count = scopes.reduce((sum, scope) => sum + partCount(scope), 0);
      if (count < 2) return [];
      if (count > MOST_PARTS) throw new CannotSplit(`Cannot split: ${count} parts, expected at most ${MOST_PARTS}`);
      while (drafts.length < count) drafts.push(new PartDraft());
      const parts: Part[] = [];
      let bytes = 0;
      for (const scope of scopes) {
        const own = drafts.slice(parts.length, parts.length + partCount(scope));
        writer.write({ score, scope, survey: found, by, maxBytes: maxBytes - bytes }, own);
        for (const draft of own) {
          parts.push(finishedPart(draft, score, found, drums));
          bytes += draft.writer.length;
        }
      }
      return parts;
    },
  };
}
