import type { NoteColumns, Track } from "../score.ts";
import type { ChannelColumns } from "./smf-writer.ts";

/** Note-ons and note-offs of a track's notes, by tick; at one tick ends stand before beginnings. */
export interface NoteMessages extends ChannelColumns {
  readonly count: number;
  /** 1 where a note that began at an earlier tick ends. */
  readonly isEnd: Uint8Array;
}

/** What a note-off says of the release when nothing is known of it. */
const RELEASE = 64;

/** A pair of messages for each note of a track. A note of no length ends right behind its beginning. */
export function noteMessages(notes: NoteColumns, { noteStart, noteEnd }: Track): NoteMessages {
  const pairs = noteEnd - noteStart;
  const keyOf = (message: number) => {
    const note = noteStart + (message >> 1);
    const start = notes.startTick[note]!;
    const end = notes.endTick[note]!;
    const isOff = (message & 1) === 1;
    // At one tick: ends of sounding notes, then beginnings and the ends of notes without length, in file order.
    return isOff ? end * 2 + (end > start ? 0 : 1) : start * 2 + 1;
  };
  const keys = Float64Array.from({ length: 2 * pairs }, (_, message) => keyOf(message));
  const order = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
  const count = order.length;
  const columns = {
    tick: new Uint32Array(count),
    status: new Uint8Array(count),
    data1: new Uint8Array(count),
    data2: new Uint8Array(count),
    isEnd: new Uint8Array(count),
  };
  for (const [at, message] of order.entries()) {
    const note = noteStart + (message >> 1);
    const isOff = (message & 1) === 1;
    columns.tick[at] = isOff ? notes.endTick[note]! : notes.startTick[note]!;
    columns.status[at] = (isOff ? 0x80 : 0x90) | notes.channel[note]!;
    columns.data1[at] = notes.pitch[note]!;
    columns.data2[at] = isOff ? RELEASE : notes.velocity[note]!;
    columns.isEnd[at] = 1 - (keys[message]! % 2);
  }
  return { count, ...columns };
}
