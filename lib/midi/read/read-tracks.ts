import type { Track } from "../score.ts";
import { u32 } from "./bytes.ts";
import { chunkAt, isTrack, MTHD, MTRK } from "./chunk.ts";
import { type Pass, readTrack } from "./read-track.ts";

const MOST_TRACKS = 0xffff;

/** Reads every track behind a header, past chunks that are no tracks and bytes that are no chunks. */
export function readTracks(pass: Pass, chunksAt: number): Track[] {
  const tracks: Track[] = [];
  const { limit, repairs, finder } = pass;
  const bytes = pass.columns.source;
  for (let at = chunksAt; at < limit; ) {
    if (tracks.length === MOST_TRACKS) {
      repairs.add("too-many-tracks");
      break;
    }
    if (isTrack(bytes, at, limit)) {
      if (u32(bytes, at) !== MTRK) repairs.add("damaged-chunk-id");
      const claimed = Math.min(at + 8 + u32(bytes, at + 4), limit + 1) | 0;
      tracks.push(readTrack(pass, tracks.length, at + 8, claimed));
      at = pass.next;
    } else if (chunkAt(bytes, at, limit)) {
      repairs.add(u32(bytes, at) === MTHD ? "second-header" : "alien-chunk");
      at += 8 + u32(bytes, at + 4);
    } else {
      const next = Math.min(limit, finder.next(at));
      if (finder.endOfTrack(at) < next) {
        repairs.add("missing-chunk-header");
        tracks.push(readTrack(pass, tracks.length, at, next));
        at = pass.next;
      } else {
        repairs.add(next === limit ? "trailing-bytes" : "bytes-between-chunks");
        at = next;
      }
    }
  }
  return tracks;
}
