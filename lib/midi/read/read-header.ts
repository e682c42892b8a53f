import { FORMAT_BYTES, formatOf } from "../../files/formats.ts";
import type { Division } from "../score.ts";
import { BadMidi } from "./bad-midi.ts";
import { findId, u16, u32 } from "./bytes.ts";
import { chunkAt, MTHD } from "./chunk.ts";
import type { RepairLog } from "./repairs.ts";
import { unwrap } from "./unwrap.ts";

export interface Header {
  readonly format: number;
  readonly division: Division;
  /** Number of tracks as the header states it, null without a header. */
  readonly claimedTracks: number | null;
  /** Where the first chunk after the header stands. */
  readonly chunksAt: number;
  /** Where the MIDI data ends: the end of the file, or of the wrapper's data. */
  readonly end: number;
  /** Whether a header stands where the file (or what is wrapped) begins. */
  readonly leads: boolean;
}

const SIZE = 14;
const LETTER_M = 0x4d;
const ASSUMED_TICKS_PER_QUARTER = 480;

/**
 * Finds and reads the header chunk (SMF 1.0, "Header Chunks") in any wrapper, behind leading bytes, with a damaged
 * id, or assumes one before bare tracks. Throws `BadMidi` when neither a header nor a track is to be found, and for
 * archives, whose members are files of their own.
 */
export function readHeader(bytes: Uint8Array, repairs: RepairLog): Header {
  const { start, end } = unwrap(bytes, repairs);
  if (start === 0 && bytes[0] !== LETTER_M && isArchive(bytes)) {
    throw new BadMidi(`Cannot read MIDI: ${describe(bytes, start, end)}, expected MThd`);
  }
  const at = findHeader(bytes, start, end);
  const track = at === start ? -1 : findTrack(bytes, start, at < 0 ? end : at);
  if (at >= 0 && track < 0) {
    if (at > start && start === 0) repairs.add("leading-bytes");
    return parse(bytes, at, end, at === start, repairs);
  }
  if (track < 0) throw new BadMidi(`Cannot read MIDI: ${describe(bytes, start, end)}, expected MThd`);
  if (track - SIZE >= start && u32(bytes, track - 10) === 6) {
    repairs.add("damaged-chunk-id");
    return parse(bytes, track - SIZE, end, track - SIZE === start, repairs);
  }
  repairs.add("missing-header");
  if (track > start && start === 0) repairs.add("leading-bytes");
  const division = { kind: "metrical", ticksPerQuarter: ASSUMED_TICKS_PER_QUARTER } as const;
  return { format: 1, division, claimedTracks: null, chunksAt: track, end, leads: false };
}

/** The first MThd with room for a header; behind leading bytes its length must be sane too. -1 when there is none. */
function findHeader(bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= 4 && u32(bytes, start) === MTHD) {
    if (end - start >= SIZE) return start;
    throw new BadMidi(`Cannot read MIDI: the file ends after ${end - start} bytes, inside MThd, expected 14 bytes`);
  }
  for (let at = start; ; at++) {
    at = findId(bytes, "MThd", at, end);
    if (at < 0 || at + SIZE > end) return -1;
    if (u32(bytes, at + 4) < 0x10000) return at;
  }
}

/** The first MTrk whose length has a chance to be one, so that prose about MIDI is not taken for music. */
function findTrack(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; ; at++) {
    at = findId(bytes, "MTrk", at, end);
    if (at < 0 || at + 8 > end) return -1;
    if (at === start || bytes[at + 4] === 0) return at;
  }
}

function parse(bytes: Uint8Array, at: number, end: number, leads: boolean, repairs: RepairLog): Header {
  const length = u32(bytes, at + 4);
  const claimedTracks = u16(bytes, at + 10);
  let format = u16(bytes, at + 8);
  if (format > 2) {
    repairs.add("unknown-format");
    format = 1;
  }
  let chunksAt = at + SIZE;
  if (length !== 6) {
    repairs.add("header-length");
    if (chunkAt(bytes, at + 8 + length, end)) chunksAt = at + 8 + length;
  }
  const word = length < 6 && chunksAt < at + SIZE ? 0 : u16(bytes, at + 12);
  return { format, division: division(word, repairs), claimedTracks, chunksAt, end, leads };
}

function division(word: number, repairs: RepairLog): Division {
  if (word === 0 || word === 0x8000) repairs.add("zero-division");
  if (word < 0x8000) return { kind: "metrical", ticksPerQuarter: word || ASSUMED_TICKS_PER_QUARTER };
  const framesPerSecond = 256 - (word >> 8);
  if (![24, 25, 29, 30].includes(framesPerSecond)) repairs.add("odd-smpte-rate");
  if (word !== 0x8000 && (word & 0xff) === 0) repairs.add("zero-division");
  return { kind: "smpte", framesPerSecond, ticksPerFrame: word & 0xff || 1 };
}

/** Whether members are packed here: a file inside stands between other bytes, and may be compressed or cut up. */
function isArchive(bytes: Uint8Array): boolean {
  return / archive$|-compressed data$/.test(formatOf(bytes) ?? "");
}

/** What stands where a header was expected, in a few words. */
function describe(bytes: Uint8Array, start: number, end: number): string {
  if (end === start) return "the file is empty";
  const head = bytes.subarray(start, Math.min(end, start + FORMAT_BYTES));
  if (head.every((byte) => byte === 0) && bytes.subarray(start, end).every((byte) => byte === 0)) {
    return `${end - start} zero bytes`;
  }
  return formatOf(head) ?? hexOf(head.subarray(0, 4), start);
}

function hexOf(first: Uint8Array, at: number): string {
  const hex = [...first].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");
  const shown = first.every((byte) => byte > 0x20 && byte < 0x7f) ? ` "${String.fromCharCode(...first)}"` : "";
  return `${hex}${shown} at byte ${at}`;
}
