import { BadMidi } from "./bad-midi.ts";
import { TrackFinder } from "./chunk.ts";
import { readTracks } from "./chunks.ts";
import { type BlobBuffer, Columns } from "./columns.ts";
import { readHeader } from "./header.ts";
import { RepairLog } from "./repairs.ts";
import type { BlobColumns, ControlColumns, EventColumns, NoteColumns, Score } from "./score.ts";
import { readSignatures } from "./signatures.ts";
import type { Pass } from "./track.ts";

export interface Reader {
  /** Bytes of a file to its score. Throws `BadMidi` when nothing can be read. The score holds until the next read. */
  read(bytes: Uint8Array): Score;
}

/** Reads one file with a reader of its own: the score stays valid. For many files make one reader and reuse it. */
export function readMidi(bytes: Uint8Array): Score {
  return createReader().read(bytes);
}

/** A reader that reuses its buffers from file to file. `events` also keeps every event in file order. */
export function createReader(options: { events?: boolean } = {}): Reader {
  const columns = new Columns(options.events === true);
  const repairs = new RepairLog();
  return { read: (bytes) => readScore(bytes, columns, repairs) };
}

function readScore(bytes: Uint8Array, c: Columns, repairs: RepairLog): Score {
  repairs.take();
  c.load(bytes);
  const header = readHeader(bytes, repairs);
  const limit = header.end;
  const finder = new TrackFinder(c.source, limit);
  const pass: Pass = { columns: c, limit, finder, repairs, unended: 0, orphans: 0, lastNoteEnd: 0, next: 0 };
  const tracks = readTracks(pass, header.chunksAt);
  if (tracks.length === 0) {
    if (!header.leads) throw new BadMidi("Cannot read MIDI: no MTrk chunk after the header, expected one");
    repairs.add("no-tracks");
  } else if (header.claimedTracks !== null && tracks.length !== header.claimedTracks) repairs.add("wrong-track-count");
  if (header.format === 0 && tracks.length > 1) repairs.add("format-0-tracks");
  const metas = blobs(c.metas);
  const { tempos, meters, keySignatures } = readSignatures(bytes, metas, repairs);
  const list = repairs.take();
  let endTick = 0;
  for (const track of tracks) if (track.endTick > endTick) endTick = track.endTick;
  return {
    format: header.format,
    division: header.division,
    status: list.length > 0 ? "repaired" : "ok",
    repairs: list,
    bytes,
    tracks,
    notes: notes(c),
    controls: controls(c),
    metas,
    sysex: blobs(c.sysex),
    events: c.keepEvents ? events(c) : null,
    tempos,
    meters,
    keySignatures,
    endTick,
    lastNoteEndTick: pass.lastNoteEnd,
    unendedNotes: pass.unended,
    orphanEnds: pass.orphans,
  };
}

function notes(c: Columns): NoteColumns {
  const count = c.notes;
  return {
    count,
    startTick: c.noteStart.subarray(0, count),
    endTick: c.noteEnd.subarray(0, count),
    pitch: c.pitch.subarray(0, count),
    velocity: c.velocity.subarray(0, count),
    channel: c.noteChannel.subarray(0, count),
    track: c.noteTrack.subarray(0, count),
  };
}

function controls(c: Columns): ControlColumns {
  const count = c.controls;
  return {
    count,
    tick: c.controlTick.subarray(0, count),
    track: c.controlTrack.subarray(0, count),
    status: c.controlStatus.subarray(0, count),
    data1: c.controlData1.subarray(0, count),
    data2: c.controlData2.subarray(0, count),
  };
}

function blobs(buffer: BlobBuffer): BlobColumns {
  const { count } = buffer;
  return {
    count,
    tick: buffer.tick.subarray(0, count),
    track: buffer.track.subarray(0, count),
    type: buffer.type.subarray(0, count),
    offset: buffer.offset.subarray(0, count),
    length: buffer.length.subarray(0, count),
  };
}

function events(c: Columns): EventColumns {
  const { count, tick, track, status, data1, data2, offset, length } = c.events;
  return {
    count,
    tick: tick.subarray(0, count),
    track: track.subarray(0, count),
    status: status.subarray(0, count),
    data1: data1.subarray(0, count),
    data2: data2.subarray(0, count),
    offset: offset.subarray(0, count),
    length: length.subarray(0, count),
  };
}
