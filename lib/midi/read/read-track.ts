import type { Track, XfChunk } from "../score.ts";
import { u32 } from "./bytes.ts";
import { chunkAt, MTRK } from "./chunk.ts";
import type { Columns } from "./columns.ts";
import { UNSETTLED } from "./key-lines.ts";
import { type Cursor, readEvents } from "./read-events.ts";
import type { RepairLog } from "./repairs.ts";
import type { TrackFinder } from "./track-finder.ts";

/** One file on its way through the reader: what is read from and into, and what its tracks add up to. */
export interface Pass {
  readonly columns: Columns;
  /** Where the MIDI data ends. */
  readonly limit: number;
  readonly finder: TrackFinder;
  readonly repairs: RepairLog;
  readonly xfChunks: XfChunk[];
  /** Tracks in which notes have no end. */
  readonly open: number[];
  /** Tick at which the last note of all other tracks ends. */
  lastNoteEnd: number;
  /** Where the track that was read last ends and the next chunk stands. */
  next: number;
}

/** Reads a track whose events begin at `start` and by its length end at `claimed`; fills the columns. */
export function readTrack(pass: Pass, index: number, start: number, claimed: number): Track {
  const { columns } = pass;
  const { notes, controls } = columns;
  const metas = columns.metas.count;
  const sysex = columns.sysex.count;
  const events = columns.events.count;
  columns.orphans.beginTrack();
  const cursor: Cursor = { at: start, tick: 0, status: 0, cancelled: 0, behind: 0, lastNoteEnd: 0, open: 0 };
  pass.next = readToEnd(pass, cursor, index, claimed);
  if (cursor.open > 0) {
    pass.open.push(index);
    leaveUnsettled(columns, cursor, notes);
  } else if (cursor.lastNoteEnd > pass.lastNoteEnd) pass.lastNoteEnd = cursor.lastNoteEnd;
  return {
    index,
    startOffset: start,
    endOffset: cursor.at,
    endTick: cursor.tick,
    noteStart: notes,
    noteEnd: columns.notes,
    controlStart: controls,
    controlEnd: columns.controls,
    metaStart: metas,
    metaEnd: columns.metas.count,
    sysexStart: sysex,
    sysexEnd: columns.sysex.count,
    eventStart: events,
    eventEnd: columns.events.count,
  };
}

/** Reads events to where the track ends, which its length and its End of Track may tell apart. Returns the end. */
function readToEnd(pass: Pass, cursor: Cursor, index: number, claimed: number): number {
  const { limit, repairs } = pass;
  const bytes = pass.columns.source;
  let end = claimed;
  if (claimed !== limit && (claimed + 8 > limit || u32(bytes, claimed) !== MTRK)) {
    end = doubtfulEnd(pass, cursor.at, claimed);
  }
  for (;;) {
    const stop = readEvents(pass.columns, cursor, end, index, repairs);
    if (stop === "end-of-track") {
      if (cursor.at === end) return end;
      if (chunkAt(bytes, cursor.at, limit)) {
        repairs.add("wrong-chunk-length");
        return cursor.at;
      }
      if (!statusBetween(bytes, cursor.at, end)) {
        repairs.add("bytes-after-end-of-track");
        return end;
      }
      repairs.add("events-after-end-of-track");
    } else {
      const further = end === limit || chunkAt(bytes, end, limit) ? end : shortfall(pass, cursor.at, end);
      if (further !== end) {
        repairs.add("wrong-chunk-length");
        end = further;
        continue;
      }
      if (stop === "overrun") repairs.add("event-past-end");
      if (stop === "end" || pass.finder.endOfTrack(cursor.at) >= end) {
        repairs.add("missing-end-of-track");
        return end;
      }
      // The track goes on to its end, so the length of this event is wrong: look for the next one behind its head.
      cursor.at = Math.min(end, behindHead(bytes, cursor.at));
      cursor.status = 0;
      cursor.cancelled = 0;
    }
  }
}

/** Where a track ends at the latest when neither a track nor the end of the file stands behind its claimed length. */
function doubtfulEnd({ limit, finder, repairs }: Pass, start: number, claimed: number): number {
  const next = finder.next(start);
  if (next < Math.min(limit, claimed)) {
    repairs.add("wrong-chunk-length");
    return next;
  }
  if (claimed <= limit) return claimed;
  repairs.add("truncated-chunk");
  return limit;
}

/** The end of a track whose length falls short of its events; `end` itself when nothing that follows can be one. */
function shortfall(pass: Pass, from: number, end: number): number {
  const next = Math.min(pass.limit, pass.finder.next(end));
  return statusBetween(pass.columns.source, from, next) ? next : end;
}

/** Behind delta, status, type and length of the meta or system exclusive at `at`. */
function behindHead(bytes: Uint8Array, at: number): number {
  at = behindVarlen(bytes, at);
  return behindVarlen(bytes, at + (bytes[at] === 0xff ? 2 : 1));
}

function behindVarlen(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 3 && bytes[at]! > 0x7f; i++) at++;
  return at + 1;
}

function statusBetween(bytes: Uint8Array, at: number, end: number): boolean {
  for (; at < end; at++) if (bytes[at]! > 0x7f) return true;
  return false;
}

/** Marks every note that still sounds: from the last note back, until none sounds. */
function leaveUnsettled(columns: Columns, cursor: Cursor, first: number): void {
  for (let n = columns.notes - 1; n >= first && cursor.open > 0; n--) {
    const slot = (columns.noteChannel[n]! << 7) | columns.pitch[n]!;
    const last = columns.tail[slot]!;
    for (let m = columns.head[slot]!; m >= 0; m = m === last ? -1 : columns.noteChain[m]!) {
      columns.noteEnd[m] = UNSETTLED;
      cursor.open--;
    }
    columns.head[slot] = -1;
  }
}
