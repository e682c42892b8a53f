import type { Track, XfChunk } from "../score.ts";
import { u16, u32 } from "./bytes.ts";
import { chunkAt, isTrack, MTHD, MTRK } from "./chunk.ts";
import type { Header } from "./read-header.ts";
import { type Pass, readTrack } from "./read-track.ts";

const MOST_TRACKS = 0xffff;
/** Chunks of Yamaha's XF format. A file has one of each. */
const XFIH = 0x58464948;
const XFKM = 0x58464b4d;
const MOST_XF_CHUNKS = 16;

/**
 * Reads every track behind a header, past chunks that are no tracks. Bytes that are no chunk are a track without its
 * header, or are passed over, as long as the header counts more tracks. Behind those they are what is left of a longer
 * file over which this one was saved: they and all behind them are no music. Chunks beyond the count are read.
 */
export function readTracks(pass: Pass, { chunksAt, claimedTracks }: Header): Track[] {
  const tracks: Track[] = [];
  const { limit, repairs, finder } = pass;
  const bytes = pass.columns.source;
  let counted = claimedTracks ?? 0;
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
      const id = u32(bytes, at);
      const end = at + 8 + u32(bytes, at + 4);
      if (id === XFIH || id === XFKM) keepXf(pass, id === XFIH ? "XFIH" : "XFKM", at + 8, end);
      else repairs.add(id === MTHD ? "second-header" : "alien-chunk");
      if (id === MTHD && counted > 0 && at + 12 <= limit) counted += u16(bytes, at + 10);
      at = end;
    } else {
      const next = Math.min(limit, finder.next(at));
      const isTail = next === limit && finder.endOfTrack(at) >= limit;
      if (counted > 0 && tracks.length >= counted && !isTail && !isPadByte(bytes, at, next)) {
        repairs.add("overwritten-file");
        break;
      }
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

/** Whether one zero byte stands before the next track, at an odd place: some writers begin every chunk at an even one. */
function isPadByte(bytes: Uint8Array, at: number, next: number): boolean {
  return next === at + 1 && bytes[at] === 0 && at % 2 === 1;
}

function keepXf({ xfChunks }: Pass, id: XfChunk["id"], startOffset: number, endOffset: number): void {
  if (xfChunks.length < MOST_XF_CHUNKS) xfChunks.push({ id, startOffset, endOffset });
}
