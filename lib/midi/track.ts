import { u32 } from "./bytes.ts";
import { chunkAt, MTRK, type TrackFinder } from "./chunk.ts";
import type { Columns } from "./columns.ts";
import type { RepairLog } from "./repairs.ts";
import type { Track } from "./score.ts";

/** One file on its way through the reader: what is read from and into, and what its tracks add up to. */
export interface Pass {
  readonly columns: Columns;
  /** Where the MIDI data ends. */
  readonly limit: number;
  readonly finder: TrackFinder;
  readonly repairs: RepairLog;
  unended: number;
  orphans: number;
  lastNoteEnd: number;
  /** Where the track that was read last ends and the next chunk stands. */
  next: number;
}

/** Where reading a track stands: the loop over events leaves here and can be sent on from here. */
interface Cursor {
  at: number;
  tick: number;
  status: number;
  /** The status in force before a meta or system exclusive cancelled it. */
  cancelled: number;
  lastNoteEnd: number;
  /** Notes sounding. */
  open: number;
  orphans: number;
}

type Stop = "end-of-track" | "end" | "cut";

const LAST_TICK = 0x7fffffff;
/** Room is made for this many bytes of a track at a time, so that a file's claims cost nothing. */
const SLICE = 1 << 16;

/** Reads a track whose events begin at `start` and by its length end at `claimed`; fills the columns. */
export function readTrack(pass: Pass, index: number, start: number, claimed: number): Track {
  const c = pass.columns;
  const { notes, controls } = c;
  const metas = c.metas.count;
  const sysex = c.sysex.count;
  const events = c.events.count;
  const cursor: Cursor = { at: start, tick: 0, status: 0, cancelled: 0, lastNoteEnd: 0, open: 0, orphans: 0 };
  pass.next = readToEnd(pass, cursor, index, claimed);
  pass.orphans += cursor.orphans;
  if (cursor.open > 0) {
    pass.unended += cursor.open;
    endSounding(c, cursor, notes);
  }
  if (cursor.lastNoteEnd > pass.lastNoteEnd) pass.lastNoteEnd = cursor.lastNoteEnd;
  return {
    index,
    startOffset: start,
    endOffset: cursor.at,
    endTick: cursor.tick,
    noteStart: notes,
    noteEnd: c.notes,
    controlStart: controls,
    controlEnd: c.controls,
    metaStart: metas,
    metaEnd: c.metas.count,
    sysexStart: sysex,
    sysexEnd: c.sysex.count,
    eventStart: events,
    eventEnd: c.events.count,
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
      if (stop === "cut") repairs.add("event-past-end");
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

/** Ends every note that still sounds with the track: from the last note back, until none sounds. */
function endSounding(c: Columns, cursor: Cursor, first: number): void {
  for (let n = c.notes - 1; n >= first && cursor.open > 0; n--) {
    const slot = (c.noteChannel[n]! << 7) | c.pitch[n]!;
    const last = c.tail[slot]!;
    for (let m = c.head[slot]!; m >= 0; m = m === last ? -1 : c.noteChain[m]!) {
      c.noteEnd[m] = cursor.tick;
      cursor.open--;
    }
    c.head[slot] = -1;
  }
  cursor.lastNoteEnd = cursor.tick;
}

/** Reads events until End of Track, `end`, or an event that reaches past it; makes room slice by slice. */
function readEvents(c: Columns, cursor: Cursor, end: number, index: number, repairs: RepairLog): Stop {
  for (;;) {
    const slice = Math.min(end, cursor.at + SLICE) | 0;
    c.reserve(slice - cursor.at);
    const stop = readSlice(c, cursor, slice, end, index, repairs);
    if (stop !== "end" || cursor.at >= end) return stop;
  }
}

/**
 * The dense loop: one pass over the events that begin before `slice` (none may reach past `end`), into the columns.
 * Long on purpose: everything it touches is a local. Notes pair first-on first-off per channel and pitch. Whatever a
 * file holds, every number here stays a 32-bit integer and repairs are only counted: a double or a call that some
 * malformed file brought into the compiled loop slowed down all files after it, to a third and to a half.
 */
function readSlice(c: Columns, cursor: Cursor, slice: number, end: number, index: number, repairs: RepairLog): Stop {
  const { source, head, tail, metas, sysex, keepEvents } = c;
  const { noteStart, noteEnd, pitch, velocity, noteChannel, noteTrack, noteChain } = c;
  const { controlTick, controlTrack, controlStatus, controlData1, controlData2 } = c;
  const { tick: eventTick, track: eventTrack, status: eventStatus, data1: eventData1, data2: eventData2 } = c.events;
  const { offset: eventOffset, length: eventLength } = c.events;
  let events = c.events.count;
  let notes = c.notes;
  let controls = c.controls;
  let { at, tick, status, cancelled, lastNoteEnd, open, orphans } = cursor;
  let longVarlens = 0;
  let overflows = 0;
  let systemMessages = 0;
  let statusless = 0;
  let interrupted = 0;
  let above127 = 0;
  let stop: Stop = "end";
  while (at < slice) {
    const eventAt = at;
    const before = tick;
    let delta = source[at++]!;
    if (delta > 0x7f) {
      let byte = source[at++]!;
      delta = ((delta & 0x7f) << 7) | (byte & 0x7f);
      if (byte > 0x7f) {
        byte = source[at++]!;
        delta = (delta << 7) | (byte & 0x7f);
        if (byte > 0x7f) {
          byte = source[at++]!;
          delta = (delta << 7) | (byte & 0x7f);
          if (byte > 0x7f) {
            // Leading zeros are harmless; more than 28 bits are no number, and what follows may be an event.
            longVarlens++;
            if (delta !== 0) delta = 0;
            else {
              for (; delta === 0 && byte > 0x7f && at < end; at++) {
                byte = source[at]!;
                delta = byte & 0x7f;
              }
            }
          }
        }
      }
    }
    tick = (tick + delta) | 0;
    if (tick < 0) {
      tick = LAST_TICK;
      overflows++;
    }
    const first = source[at]!;
    if (first > 0x7f) {
      at++;
      if (first > 0xef) {
        if (first !== 0xff && first !== 0xf0 && first !== 0xf7) {
          if (at > end) {
            stop = "cut";
            at = eventAt;
            tick = before;
            break;
          }
          systemMessages++;
          at += first === 0xf2 ? 2 : first === 0xf1 || first === 0xf3 ? 1 : 0;
          if (at > end) at = end;
          continue;
        }
        const type = first === 0xff ? source[at++]! : 0;
        let byte = source[at++]!;
        let length = byte & 0x7f;
        for (let i = 1; byte > 0x7f && i < 4; i++) {
          byte = source[at++]!;
          length = (length << 7) | (byte & 0x7f);
        }
        if (byte > 0x7f) {
          longVarlens++;
          for (; length === 0 && byte > 0x7f && at < end; at++) {
            byte = source[at]!;
            length = byte & 0x7f;
          }
          if (byte > 0x7f) length = LAST_TICK;
        }
        if (length > end - at) {
          stop = "cut";
          at = eventAt;
          tick = before;
          break;
        }
        if (first === 0xff) metas.push(tick, index, type, at, length);
        else sysex.push(tick, index, first, at, length);
        if (keepEvents) {
          eventTick[events] = tick;
          eventTrack[events] = index;
          eventStatus[events] = first;
          eventData1[events] = type;
          eventData2[events] = 0;
          eventOffset[events] = at;
          eventLength[events++] = length;
        }
        at += length;
        if (status !== 0) {
          cancelled = status;
          status = 0;
        }
        if (type === 0x2f) {
          stop = "end-of-track";
          break;
        }
        continue;
      }
      status = first;
    } else if (status === 0) {
      if (at >= end) {
        stop = "cut";
        at = eventAt;
        tick = before;
        break;
      }
      if (cancelled === 0) {
        // Read on from this byte as if an event began here: byte by byte, that finds where one does.
        statusless++;
        tick = before;
        continue;
      }
      interrupted++;
      status = cancelled;
    }
    const dataAt = at;
    let data1 = source[at++]!;
    let data2 = 0;
    if ((status & 0xe0) !== 0xc0) data2 = source[at++]!;
    if (at > end) {
      stop = "cut";
      at = eventAt;
      tick = before;
      break;
    }
    if ((data1 | data2) > 0x7f) {
      above127++;
      data1 &= 0x7f;
      if (data2 > 0x7f) data2 = status < 0xc0 ? 0x7f : data2 & 0x7f;
    }
    if (keepEvents) {
      eventTick[events] = tick;
      eventTrack[events] = index;
      eventStatus[events] = status;
      eventData1[events] = data1;
      eventData2[events] = data2;
      eventOffset[events] = dataAt;
      eventLength[events++] = at - dataAt;
    }
    if (status > 0x9f) {
      controlTick[controls] = tick;
      controlTrack[controls] = index;
      controlStatus[controls] = status;
      controlData1[controls] = data1;
      controlData2[controls++] = data2;
      continue;
    }
    const slot = ((status & 0x0f) << 7) | data1;
    const sounding = head[slot]!;
    if (status > 0x8f && data2 !== 0) {
      noteStart[notes] = tick;
      pitch[notes] = data1;
      velocity[notes] = data2;
      noteChannel[notes] = status & 0x0f;
      noteTrack[notes] = index;
      if (sounding < 0) head[slot] = notes;
      else noteChain[tail[slot]!] = notes;
      tail[slot] = notes++;
      open++;
    } else if (sounding < 0) orphans++;
    else {
      noteEnd[sounding] = tick;
      head[slot] = tail[slot] === sounding ? -1 : noteChain[sounding]!;
      lastNoteEnd = tick;
      open--;
    }
  }
  if ((longVarlens | overflows | systemMessages | statusless | interrupted | above127) !== 0) {
    repairs.add("long-varlen", longVarlens);
    repairs.add("tick-overflow", overflows);
    repairs.add("system-message", systemMessages);
    repairs.add("data-without-status", statusless);
    repairs.add("running-status-after-meta", interrupted);
    repairs.add("data-above-127", above127);
  }
  c.notes = notes;
  c.controls = controls;
  c.events.count = events;
  cursor.at = at;
  cursor.tick = tick;
  cursor.status = status;
  cursor.cancelled = cancelled;
  cursor.lastNoteEnd = lastNoteEnd;
  cursor.open = open;
  cursor.orphans = orphans;
  return stop;
}
