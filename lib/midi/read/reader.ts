import type { BlobColumns, ControlColumns, EventColumns, NoteColumns, Score } from "../score.ts";
import { BadMidi } from "./bad-midi.ts";
import { type BlobBuffer, Columns } from "./columns.ts";
import { readHeader } from "./read-header.ts";
import { readSignatures } from "./read-signatures.ts";
import type { Pass } from "./read-track.ts";
import { readTracks } from "./read-tracks.ts";
import { RepairLog } from "./repairs.ts";
import { settleEnds } from "./settle-ends.ts";
import { TrackFinder } from "./track-finder.ts";

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

function readScore(bytes: Uint8Array, columns: Columns, repairs: RepairLog): Score {
  repairs.take();
  columns.load(bytes);
  const header = readHeader(bytes, repairs);
  const limit = header.end;
  const finder = new TrackFinder(columns.source, limit);
  const pass: Pass = { columns, limit, finder, repairs, xfChunks: [], open: [], lastNoteEnd: 0, next: 0 };
  const tracks = readTracks(pass, header);
  if (tracks.length === 0) {
    if (!header.leads) throw new BadMidi("Cannot read MIDI: no MTrk chunk after the header, expected one");
    repairs.add("no-tracks");
  } else if (header.claimedTracks !== null && tracks.length !== header.claimedTracks) repairs.add("wrong-track-count");
  if (header.format === 0 && tracks.length > 1) repairs.add("format-0-tracks");
  const metas = blobs(columns.metas);
  const { tempos, meters, keySignatures } = readSignatures(bytes, metas, repairs);
  const unsettled = {
    format: header.format,
    bytes,
    tracks,
    notes: notes(columns),
    controls: controls(columns),
    metas,
    orphans: columns.orphans,
  };
  const ends = pass.open.length > 0 ? settleEnds(unsettled, pass.open, repairs) : null;
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
    xfChunks: pass.xfChunks,
    notes: unsettled.notes,
    controls: unsettled.controls,
    metas,
    sysex: blobs(columns.sysex),
    events: columns.keepEvents ? events(columns) : null,
    tempos,
    meters,
    keySignatures,
    endTick,
    lastNoteEndTick: Math.max(pass.lastNoteEnd, ends?.lastEnd ?? 0),
    unendedNotes: ends?.unended ?? 0,
    orphanEnds: columns.orphans.count - (ends?.adopted ?? 0),
  };
}

function notes(columns: Columns): NoteColumns {
  const count = columns.notes;
  return {
    count,
    startTick: columns.noteStart.subarray(0, count),
    endTick: columns.noteEnd.subarray(0, count),
    pitch: columns.pitch.subarray(0, count),
    velocity: columns.velocity.subarray(0, count),
    channel: columns.noteChannel.subarray(0, count),
    track: columns.noteTrack.subarray(0, count),
  };
}

function controls(columns: Columns): ControlColumns {
  const count = columns.controls;
  return {
    count,
    tick: columns.controlTick.subarray(0, count),
    track: columns.controlTrack.subarray(0, count),
    status: columns.controlStatus.subarray(0, count),
    data1: columns.controlData1.subarray(0, count),
    data2: columns.controlData2.subarray(0, count),
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

function events(columns: Columns): EventColumns {
  const { count, tick, track, status, data1, data2, blob } = columns.events;
  return {
    count,
    tick: tick.subarray(0, count),
    track: track.subarray(0, count),
    status: status.subarray(0, count),
    data1: data1.subarray(0, count),
    data2: data2.subarray(0, count),
    blob: blob.subarray(0, count),
  };
}
