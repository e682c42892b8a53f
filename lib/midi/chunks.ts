import { findTrackId, MTHD, MTRK, u32 } from "./bytes.ts";
import type { Columns } from "./columns.ts";
import type { Header } from "./header.ts";
import type { RepairLog } from "./repairs.ts";
import type { Track } from "./score.ts";
import { hasEndOfTrack, readTrack, type TrackTotals } from "./track.ts";

const MOST_TRACKS = 0xffff;

/** Reads every track behind a header, past chunks that are no tracks and bytes that are no chunks. */
export function readTracks(c: Columns, header: Header, totals: TrackTotals, repairs: RepairLog): Track[] {
  const tracks: Track[] = [];
  const bytes = c.source;
  const { end } = header;
  const read = (start: number, claimed: number) => {
    tracks.push(readTrack(c, start, claimed, end, tracks.length, totals, repairs));
    return totals.next;
  };
  for (let at = header.chunksAt; at < end; ) {
    if (tracks.length === MOST_TRACKS) {
      repairs.add("too-many-tracks");
      break;
    }
    if (isTrack(bytes, at, end)) {
      if (u32(bytes, at) !== MTRK) repairs.add("damaged-chunk-id");
      at = read(at + 8, at + 8 + u32(bytes, at + 4));
    } else if (chunkAt(bytes, at, end)) {
      repairs.add(u32(bytes, at) === MTHD ? "second-header" : "alien-chunk");
      at += 8 + u32(bytes, at + 4);
    } else {
      const next = findTrackId(bytes, at, end);
      const bound = next < 0 ? end : next;
      if (hasEndOfTrack(bytes, at, bound)) {
        repairs.add("missing-chunk-header");
        at = read(at, bound);
      } else {
        repairs.add(next < 0 ? "trailing-bytes" : "bytes-between-chunks");
        at = bound;
      }
    }
  }
  return tracks;
}

/** Whether a chunk (SMF 1.0, "Chunks") can stand here: a track, or a readable id with a length inside the file. */
export function chunkAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 8 > end) return false;
  if (isTrack(bytes, at, end)) return true;
  for (let i = at; i < at + 4; i++) if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return false;
  return at + 8 + u32(bytes, at + 4) <= end;
}

/** Whether a track stands here: MTrk, or three of its letters before a length inside the file. */
export function isTrack(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 8 > end) return false;
  const id = u32(bytes, at);
  if (id === MTRK) return true;
  const wrong = id ^ MTRK;
  const letters = +!(wrong & 0xff000000) + +!(wrong & 0xff0000) + +!(wrong & 0xff00) + +!(wrong & 0xff);
  return letters === 3 && at + 8 + u32(bytes, at + 4) <= end;
}
