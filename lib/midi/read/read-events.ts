import type { Columns } from "./columns.ts";
import type { RepairLog } from "./repairs.ts";

/** Where reading a track stands: the loop over events leaves here and can be sent on from here. */
export interface Cursor {
  at: number;
  tick: number;
  status: number;
  /** The status in force before a meta or system exclusive cancelled it. */
  cancelled: number;
  /** Ticks that time stands ahead of where negative delta times have put it. */
  behind: number;
  lastNoteEnd: number;
  /** Notes sounding. */
  open: number;
}

export type Stop = "end-of-track" | "end" | "overrun";

const LAST_TICK = 0x7fffffff;
/** Room is made for this many bytes of a track at a time, so that a file's claims cost nothing. */
const SLICE = 1 << 16;

/** Reads events until End of Track, `end`, or an event that reaches past it; makes room slice by slice. */
export function readEvents(columns: Columns, cursor: Cursor, end: number, index: number, repairs: RepairLog): Stop {
  for (;;) {
    const slice = Math.min(end, cursor.at + SLICE) | 0;
    columns.reserve(slice - cursor.at, cursor.at);
    const stop = readSlice(columns, cursor, slice, end, index, repairs);
    if (stop !== "end" || cursor.at >= end) return stop;
  }
}

/**
 * The dense loop: one pass over the events that begin before `slice` (none may reach past `end`), into the columns.
 * Long on purpose: everything it touches is a local. Notes pair first-on first-off per channel and pitch. Whatever a
 * file holds, every number here stays a 32-bit integer and repairs are only counted: a double or a call that some
 * malformed file brought into the compiled loop slowed down all files after it, to a third and to a half.
 */
function readSlice(
  columns: Columns,
  cursor: Cursor,
  slice: number,
  end: number,
  index: number,
  repairs: RepairLog,
): Stop {
  const { source, head, tail, metas, sysex, keepEvents } = columns;
  const { noteStart, noteEnd, pitch, velocity, noteChannel, noteTrack, noteChain } = columns;
  const { controlTick, controlTrack, controlStatus, controlData1, controlData2 } = columns;
  const {
    tick: eventTick,
    track: eventTrack,
    status: eventStatus,
    data1: eventData1,
    data2: eventData2,
  } = columns.events;
  const { blob: eventBlob } = columns.events;
  let events = columns.events.count;
  let notes = columns.notes;
  let controls = columns.controls;
  const { orphans } = columns;
  let { at, tick, status, cancelled, behind, lastNoteEnd, open } = cursor;
  // No tick is below 0 but one that overflows; while time is behind all ticks are looked at.
  let floor = behind === 0 ? 0 : LAST_TICK;
  let longVarlens = 0;
  let negativeDeltas = 0;
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
            // Five bytes hold 32 bits, a negative number where the highest is set. Leading zeros are harmless; all
            // other numbers of more than 28 bits are none, and what follows may be an event.
            if (delta !== 0 && source[at]! < 0x80) {
              delta = (delta << 7) | source[at++]!;
              if (delta < 0) {
                negativeDeltas++;
                behind = (behind - delta) | 0;
                if (behind < 0) behind = LAST_TICK;
                floor = LAST_TICK;
              } else longVarlens++;
              delta = 0;
            } else if (delta !== 0) {
              longVarlens++;
              delta = 0;
            } else {
              longVarlens++;
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
    if (tick < floor) {
      if (behind === 0) {
        tick = LAST_TICK;
        overflows++;
      } else {
        // Time catches up: events keep their order, and stand at their own tick again as soon as they can.
        behind -= delta;
        tick = before;
        if (behind <= 0) {
          tick = (before - behind) | 0;
          if (tick < 0) tick = LAST_TICK;
          behind = floor = 0;
        }
      }
    }
    const first = source[at]!;
    if (first > 0x7f) {
      at++;
      if (first > 0xef) {
        if (first !== 0xff && first !== 0xf0 && first !== 0xf7) {
          if (at > end) {
            stop = "overrun";
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
          stop = "overrun";
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
          eventBlob[events++] = (first === 0xff ? metas.count : sysex.count) - 1;
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
        stop = "overrun";
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
    let data1 = source[at++]!;
    let data2 = 0;
    if ((status & 0xe0) !== 0xc0) data2 = source[at++]!;
    if (at > end) {
      stop = "overrun";
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
      eventBlob[events++] = 0;
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
    } else if (sounding < 0) {
      orphans.push(tick, slot);
    } else {
      noteEnd[sounding] = tick;
      head[slot] = tail[slot] === sounding ? -1 : noteChain[sounding]!;
      lastNoteEnd = tick;
      open--;
    }
  }
  if ((longVarlens | negativeDeltas | overflows | systemMessages | statusless | interrupted | above127) !== 0) {
    repairs.add("long-varlen", longVarlens);
    repairs.add("negative-delta", negativeDeltas);
    repairs.add("tick-overflow", overflows);
    repairs.add("system-message", systemMessages);
    repairs.add("data-without-status", statusless);
    repairs.add("running-status-after-meta", interrupted);
    repairs.add("data-above-127", above127);
  }
  columns.notes = notes;
  columns.controls = controls;
  columns.events.count = events;
  cursor.at = at;
  cursor.tick = tick;
  cursor.status = status;
  cursor.cancelled = cancelled;
  cursor.behind = behind;
  cursor.lastNoteEnd = lastNoteEnd;
  cursor.open = open;
  return stop;
}
