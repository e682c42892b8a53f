import type { Score, Track } from "../score.ts";
import { writeMeta } from "./meta-payload.ts";
import { noteMessages } from "./note-messages.ts";
import { SmfWriter } from "./smf-writer.ts";

const END_OF_TRACK = 0x2f;

/** Repairs by which notes end elsewhere than at note-offs of their own: the offs are written where they end. */
const NOTE_ENDS = new Set(["doubled-note-on", "note-off-in-other-track", "all-notes-off"]);

/**
 * A whole, well-formed file of a score (SMF 1.0): the same format, division, tracks, events, ticks and ends, as the
 * reader made them out. What the reader repaired is written as it should be; metas that no reader can make sense of are
 * left out. Where notes had no ends of their own, note-ons and note-offs are written anew, a pair for each note; what
 * their offs said of release is lost then. The score must hold its events (`createReader({ events: true })`). The bytes
 * hold until `writer` begins anew.
 */
export function mendScore(score: Score, writer: SmfWriter = new SmfWriter()): Uint8Array {
  const format = score.format === 0 && score.tracks.length > 1 ? 1 : score.format;
  const pairs = score.repairs.some(({ code }) => NOTE_ENDS.has(code));
  writer.begin(score.division, format);
  for (const track of score.tracks) {
    writer.openChunk();
    writeEvents(score, track, writer, pairs);
    writer.closeChunk(track.endTick);
  }
  if (score.tracks.length === 0) {
    // A header alone is no file: an empty track makes it one.
    writer.openChunk();
    writer.closeChunk(0);
  }
  return writer.bytes();
}

/** The events of a track; with `pairs` its notes as pairs of messages: ends before, beginnings behind what is at their tick. */
function writeEvents(score: Score, track: Track, writer: SmfWriter, pairs: boolean): void {
  const { events, bytes, metas, sysex } = score;
  if (events === null) throw new Error("Cannot mend a score without its events: expected a reader with events: true");
  const notes = pairs ? noteMessages(score.notes, track) : null;
  let next = 0;
  const notesUpTo = (tick: number, endsOnly: boolean) => {
    while (notes && next < notes.count) {
      const due = notes.tick[next]! < tick || (notes.tick[next] === tick && (!endsOnly || notes.isEnd[next] === 1));
      if (!due) return;
      writer.channels(notes, next, next + 1);
      next++;
    }
  };
  for (let i = track.eventStart; i < track.eventEnd; i++) {
    const tick = events.tick[i]!;
    const status = events.status[i]!;
    const data1 = events.data1[i]!;
    if (notes && (status & 0xe0) === 0x80) continue;
    notesUpTo(tick, true);
    if (status < 0xf0) writer.channels(events, i, i + 1);
    else {
      const blob = events.blob[i]!;
      if (status !== 0xff) writer.sysex(tick, status, bytes, sysex.offset[blob]!, sysex.length[blob]!);
      else if (data1 !== END_OF_TRACK) writeMeta(writer, tick, data1, bytes, metas.offset[blob]!, metas.length[blob]!);
    }
  }
  notesUpTo(Number.POSITIVE_INFINITY, false);
}
