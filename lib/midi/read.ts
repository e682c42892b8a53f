import { BadMidi } from "./bad-midi.ts";
import type { Division, Repair, Score, Track } from "./score.ts";

export interface Reader {
  /** Bytes of a file to its score. Throws `BadMidi` when nothing can be read. The score holds until the next read. */
  read(bytes: Uint8Array): Score;
}

/** Reads one file with a reader of its own: the score stays valid. For many files make one reader and reuse it. */
export function readMidi(bytes: Uint8Array): Score {
  return createReader().read(bytes);
}

/** A reader that reuses its buffers from file to file. */
export function createReader(options: { events?: boolean } = {}): Reader {
  const columns = new Columns(options.events === true);
  return { read: (bytes) => readScore(bytes, columns) };
}

const LAST_TICK = 0xffffffff;

class Columns {
  noteStart = new Uint32Array(0);
  noteEnd = new Uint32Array(0);
  pitch = new Uint8Array(0);
  velocity = new Uint8Array(0);
  noteChannel = new Uint8Array(0);
  noteTrack = new Uint16Array(0);
  next = new Int32Array(0);
  controlTick = new Uint32Array(0);
  controlTrack = new Uint16Array(0);
  controlStatus = new Uint8Array(0);
  controlData1 = new Uint8Array(0);
  controlData2 = new Uint8Array(0);
  readonly metas = new Blobs();
  readonly sysex = new Blobs();
  readonly head = new Int32Array(2048).fill(-1);
  readonly tail = new Int32Array(2048).fill(-1);
  readonly events: Events | null;

  constructor(keepEvents: boolean) {
    this.events = keepEvents ? new Events() : null;
  }

  fit(bytes: number): void {
    const most = Math.floor(bytes / 2) + 16;
    if (this.pitch.length >= most) return;
    const size = Math.max(most, 1 << 16);
    this.noteStart = new Uint32Array(size);
    this.noteEnd = new Uint32Array(size);
    this.pitch = new Uint8Array(size);
    this.velocity = new Uint8Array(size);
    this.noteChannel = new Uint8Array(size);
    this.noteTrack = new Uint16Array(size);
    this.next = new Int32Array(size);
    this.controlTick = new Uint32Array(size);
    this.controlTrack = new Uint16Array(size);
    this.controlStatus = new Uint8Array(size);
    this.controlData1 = new Uint8Array(size);
    this.controlData2 = new Uint8Array(size);
    this.metas.fit(size);
    this.sysex.fit(size);
    this.events?.fit(size);
  }
}

class Blobs {
  count = 0;
  tick = new Uint32Array(0);
  track = new Uint16Array(0);
  type = new Uint8Array(0);
  offset = new Uint32Array(0);
  length = new Uint32Array(0);

  fit(size: number): void {
    this.tick = new Uint32Array(size);
    this.track = new Uint16Array(size);
    this.type = new Uint8Array(size);
    this.offset = new Uint32Array(size);
    this.length = new Uint32Array(size);
  }

  push(tick: number, track: number, type: number, offset: number, length: number): void {
    const i = this.count++;
    this.tick[i] = tick;
    this.track[i] = track;
    this.type[i] = type;
    this.offset[i] = offset;
    this.length[i] = length;
  }

  view() {
    const { count, tick, track, type, offset, length } = this;
    return {
      count,
      tick: tick.subarray(0, count),
      track: track.subarray(0, count),
      type: type.subarray(0, count),
      offset: offset.subarray(0, count),
      length: length.subarray(0, count),
    };
  }
}

class Events {
  count = 0;
  tick = new Uint32Array(0);
  track = new Uint16Array(0);
  status = new Uint8Array(0);
  data1 = new Uint8Array(0);
  data2 = new Uint8Array(0);
  offset = new Uint32Array(0);
  length = new Uint32Array(0);

  fit(size: number): void {
    this.tick = new Uint32Array(size);
    this.track = new Uint16Array(size);
    this.status = new Uint8Array(size);
    this.data1 = new Uint8Array(size);
    this.data2 = new Uint8Array(size);
    this.offset = new Uint32Array(size);
    this.length = new Uint32Array(size);
  }

  push(tick: number, track: number, status: number, data1: number, data2: number, offset: number, length: number) {
    const i = this.count++;
    this.tick[i] = tick;
    this.track[i] = track;
    this.status[i] = status;
    this.data1[i] = data1;
    this.data2[i] = data2;
    this.offset[i] = offset;
    this.length[i] = length;
  }
}

function readScore(bytes: Uint8Array, c: Columns): Score {
  if (bytes.length === 0) throw new BadMidi("Cannot read: the file is empty, expected MThd");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerAt = find(bytes, 0x4d546864);
  if (headerAt < 0 || headerAt + 14 > bytes.length) throw new BadMidi("Cannot read: no MThd chunk, expected one");
  const format = view.getUint16(headerAt + 8);
  const claimed = view.getUint16(headerAt + 10);
  const word = view.getUint16(headerAt + 12);
  const repairs = new Map<string, number>();
  const repair = (code: string, count = 1) => repairs.set(code, (repairs.get(code) ?? 0) + count);
  if (headerAt > 0) repair("leading-bytes");
  let division: Division;
  if (word & 0x8000) {
    division = { kind: "smpte", framesPerSecond: 256 - (word >> 8), ticksPerFrame: word & 0xff || 1 };
  } else {
    if (word === 0) repair("zero-division");
    division = { kind: "metrical", ticksPerQuarter: word || 480 };
  }
  c.fit(bytes.length);
  c.metas.count = 0;
  c.sysex.count = 0;
  if (c.events) c.events.count = 0;
  const state: PassState = { notes: 0, controls: 0, unended: 0, orphans: 0, lastNoteEnd: 0 };
  const tracks: Track[] = [];
  let at = headerAt + 8 + view.getUint32(headerAt + 4);
  while (at + 8 <= bytes.length) {
    const type = view.getUint32(at);
    const length = view.getUint32(at + 4);
    let end = at + 8 + length;
    if (type !== 0x4d54726b) {
      repair("alien-chunk");
      at = end;
      continue;
    }
    if (end > bytes.length) {
      repair("short-chunk");
      end = bytes.length;
    }
    tracks.push(readTrack(bytes, at + 8, end, tracks.length, c, state, repair));
    at = end;
  }
  if (at < bytes.length) repair("trailing-bytes");
  if (tracks.length === 0) throw new BadMidi("Cannot read: no MTrk chunk after the header, expected one");
  if (tracks.length !== claimed) repair("wrong-track-count");
  return assemble(bytes, format, division, tracks, repairs, c, state);
}

function find(bytes: Uint8Array, tag: number): number {
  const end = Math.min(bytes.length - 4, 1 << 16);
  for (let i = 0; i <= end; i++) {
    if (
      bytes[i] === tag >>> 24 &&
      bytes[i + 1] === ((tag >> 16) & 255) &&
      bytes[i + 2] === ((tag >> 8) & 255) &&
      bytes[i + 3] === (tag & 255)
    )
      return i;
  }
  return -1;
}

interface PassState {
  notes: number;
  controls: number;
  unended: number;
  orphans: number;
  lastNoteEnd: number;
}

/** The dense loop: one pass over a track's bytes into the columns. Long on purpose. */
function readTrack(
  bytes: Uint8Array,
  start: number,
  end: number,
  index: number,
  c: Columns,
  s: PassState,
  repair: (code: string, count?: number) => void,
): Track {
  const noteStart = s.notes;
  const controlStart = s.controls;
  const metaStart = c.metas.count;
  const sysexStart = c.sysex.count;
  const events = c.events;
  const eventStart = events ? events.count : 0;
  const { head, tail } = c;
  let at = start;
  let tick = 0;
  let status = 0;
  let open = 0;
  let ended = false;
  while (at < end) {
    let delta = 0;
    let byte = 0;
    for (let i = 0; i < 4 && at < end; i++) {
      byte = bytes[at++]!;
      delta = (delta << 7) | (byte & 0x7f);
      if (byte < 0x80) break;
    }
    if (at >= end) break;
    tick += delta;
    if (tick > LAST_TICK) {
      tick = LAST_TICK;
      repair("tick-overflow");
    }
    byte = bytes[at]!;
    if (byte >= 0xf0) {
      at++;
      if (byte === 0xff || byte === 0xf0 || byte === 0xf7) {
        const type = byte === 0xff ? (bytes[at++] ?? 0) : 0;
        let length = 0;
        for (let i = 0; i < 4 && at < end; i++) {
          const b = bytes[at++]!;
          length = (length << 7) | (b & 0x7f);
          if (b < 0x80) break;
        }
        if (at + length > end) {
          repair("event-past-end");
          length = Math.max(0, end - at);
        }
        if (byte === 0xff) c.metas.push(tick, index, type, at, length);
        else c.sysex.push(tick, index, byte, at, length);
        events?.push(tick, index, byte, type, 0, at, length);
        at += length;
        if (byte === 0xff && type === 0x2f) {
          ended = true;
          break;
        }
      } else repair("system-message");
      continue;
    }
    if (byte >= 0x80) {
      status = byte;
      at++;
    } else if (status === 0) {
      repair("data-without-status");
      at++;
      continue;
    }
    const kind = status & 0xf0;
    const dataAt = at;
    let data1 = bytes[at++] ?? 0;
    if (data1 > 127) {
      repair("data-above-127");
      data1 &= 127;
    }
    let data2 = 0;
    if (kind !== 0xc0 && kind !== 0xd0) {
      data2 = bytes[at++] ?? 0;
      if (data2 > 127) {
        repair("data-above-127");
        data2 &= 127;
      }
    }
    if (at > end) {
      repair("event-past-end");
      break;
    }
    events?.push(tick, index, status, data1, data2, dataAt, at - dataAt);
    if (kind === 0x90 && data2 > 0) {
      const slot = ((status & 15) << 7) | data1;
      const n = s.notes++;
      c.noteStart[n] = tick;
      c.noteEnd[n] = tick;
      c.pitch[n] = data1;
      c.velocity[n] = data2;
      c.noteChannel[n] = status & 15;
      c.noteTrack[n] = index;
      c.next[n] = -1;
      if (head[slot]! < 0) head[slot] = n;
      else c.next[tail[slot]!] = n;
      tail[slot] = n;
      open++;
    } else if (kind === 0x80 || kind === 0x90) {
      const slot = ((status & 15) << 7) | data1;
      const n = head[slot]!;
      if (n < 0) s.orphans++;
      else {
        c.noteEnd[n] = tick;
        head[slot] = c.next[n]!;
        open--;
        if (tick > s.lastNoteEnd) s.lastNoteEnd = tick;
      }
    } else {
      const n = s.controls++;
      c.controlTick[n] = tick;
      c.controlTrack[n] = index;
      c.controlStatus[n] = status;
      c.controlData1[n] = data1;
      c.controlData2[n] = data2;
    }
  }
  if (!ended) repair("missing-end-of-track");
  if (open > 0) {
    s.unended += open;
    for (let slot = 0; slot < 2048; slot++) {
      for (let n = head[slot]!; n >= 0; n = c.next[n]!) c.noteEnd[n] = tick;
      head[slot] = -1;
    }
    if (tick > s.lastNoteEnd) s.lastNoteEnd = tick;
  }
  return {
    index,
    startOffset: start,
    endOffset: at,
    endTick: tick,
    noteStart,
    noteEnd: s.notes,
    controlStart,
    controlEnd: s.controls,
    metaStart,
    metaEnd: c.metas.count,
    sysexStart,
    sysexEnd: c.sysex.count,
    eventStart,
    eventEnd: events ? events.count : 0,
  };
}

function assemble(
  bytes: Uint8Array,
  format: number,
  division: Division,
  tracks: Track[],
  repairCounts: Map<string, number>,
  c: Columns,
  s: PassState,
): Score {
  const repairs: Repair[] = [...repairCounts].map(([code, count]) => ({ code, count }));
  const metas = c.metas.view();
  const order = (type: number, least: number) => {
    const found: number[] = [];
    for (let i = 0; i < metas.count; i++) if (metas.type[i] === type && metas.length[i]! >= least) found.push(i);
    return found.sort((a, b) => metas.tick[a]! - metas.tick[b]! || a - b);
  };
  const pick = (found: number[], f: (offset: number) => number) => found.map((i) => f(metas.offset[i]!));
  const ticks = (found: number[]) => Uint32Array.from(found, (i) => metas.tick[i]!);
  const ofTrack = (found: number[]) => Uint16Array.from(found, (i) => metas.track[i]!);
  const tempos = order(0x51, 3);
  const meters = order(0x58, 2);
  const keys = order(0x59, 2);
  const n = s.notes;
  const k = s.controls;
  const e = c.events;
  return {
    format,
    division,
    status: repairs.length > 0 ? "repaired" : "ok",
    repairs,
    bytes,
    tracks,
    notes: {
      count: n,
      startTick: c.noteStart.subarray(0, n),
      endTick: c.noteEnd.subarray(0, n),
      pitch: c.pitch.subarray(0, n),
      velocity: c.velocity.subarray(0, n),
      channel: c.noteChannel.subarray(0, n),
      track: c.noteTrack.subarray(0, n),
    },
    controls: {
      count: k,
      tick: c.controlTick.subarray(0, k),
      track: c.controlTrack.subarray(0, k),
      status: c.controlStatus.subarray(0, k),
      data1: c.controlData1.subarray(0, k),
      data2: c.controlData2.subarray(0, k),
    },
    metas,
    sysex: c.sysex.view(),
    events: e && {
      count: e.count,
      tick: e.tick.subarray(0, e.count),
      track: e.track.subarray(0, e.count),
      status: e.status.subarray(0, e.count),
      data1: e.data1.subarray(0, e.count),
      data2: e.data2.subarray(0, e.count),
      offset: e.offset.subarray(0, e.count),
      length: e.length.subarray(0, e.count),
    },
    tempos: {
      count: tempos.length,
      tick: ticks(tempos),
      track: ofTrack(tempos),
      microsecondsPerQuarter: Uint32Array.from(
        pick(tempos, (o) => (bytes[o]! << 16) | (bytes[o + 1]! << 8) | bytes[o + 2]!),
      ),
    },
    meters: {
      count: meters.length,
      tick: ticks(meters),
      track: ofTrack(meters),
      numerator: Uint8Array.from(pick(meters, (o) => bytes[o]!)),
      denominator: Uint32Array.from(pick(meters, (o) => 2 ** Math.min(bytes[o + 1]!, 31))),
    },
    keySignatures: {
      count: keys.length,
      tick: ticks(keys),
      track: ofTrack(keys),
      fifths: Int8Array.from(pick(keys, (o) => (bytes[o]! << 24) >> 24)),
      minor: Uint8Array.from(pick(keys, (o) => bytes[o + 1]! & 1)),
    },
    endTick: tracks.reduce((most, t) => Math.max(most, t.endTick), 0),
    lastNoteEndTick: s.lastNoteEnd,
    unendedNotes: s.unended,
    orphanEnds: s.orphans,
  };
}
