import { names } from "../analysis/words/names.ts";
import { isWithheld, readFile, UnreadableFile } from "../files/read-file.ts";
import { sha256 } from "../files/sha256.ts";
import { BadMidi } from "../midi/read/bad-midi.ts";
import { createReader } from "../midi/read/reader.ts";
import type { Score } from "../midi/score.ts";

/** A file to read for the first time. `path` is absolute. */
export interface CheckItem {
  readonly path: string;
}

/** What the first reading of a file says: its identity and whether its structure holds. */
export interface Checked {
  /** SHA-256 in hex, null when the bytes could not be had; then `error` says why. */
  readonly sha256: string | null;
  readonly size: number;
  readonly modifiedUs: number;
  readonly status: "ok" | "repaired" | "rejected" | null;
  readonly error: string | null;
  /** The system kept the bytes back: what was known of the place may still hold. */
  readonly withheld: boolean;
  readonly repairs: readonly { readonly code: string; readonly count: number }[];
  readonly format: number | null;
  readonly ticksPerQuarter: number | null;
  /** "25x40" is 25 frames a second of 40 ticks each. */
  readonly smpte: string | null;
  readonly trackCount: number | null;
  readonly noteCount: number | null;
  /** (track, channel) pairs that hold notes. */
  readonly voiceCount: number | null;
}

/** What a path says of the music, whatever the music says. */
export interface PathFacts {
  readonly nameBpm: number | null;
  /** "C# minor", "C#" without a mode. */
  readonly nameKey: string | null;
  readonly tags: readonly string[];
}

/** All that is said of a file that was looked at for the first time. */
export type CheckedFile = Checked & PathFacts;

export interface CheckLimits {
  /** Larger files are not read. */
  readonly maxBytes: number;
}

export function pathFacts(path: string): PathFacts {
  const said = names(path, { bpm: null, tonic: null, mode: null });
  return {
    nameBpm: said?.bpm ?? null,
    nameKey: said?.key ? [said.key.tonic, said.key.mode].filter(Boolean).join(" ") : null,
    tags: said?.tags.map(({ tag }) => tag) ?? [],
  };
}

const reader = createReader();

/** Reads, hashes and checks one file. Never throws on account of the file. */
export function check(item: CheckItem, limits: CheckLimits): CheckedFile {
  return readAnd(checkBytes, item, limits);
}

/** What is said of a file that hung or ended the thread that checked it: it is known by its bytes, and rejected. */
export function reject(item: CheckItem, limits: CheckLimits & { readonly reason: string }): CheckedFile {
  return readAnd((bytes) => rejected(sha256(bytes), bytes.length, limits.reason), item, limits);
}

function readAnd(
  say: (bytes: Uint8Array) => Omit<Checked, "modifiedUs">,
  { path }: CheckItem,
  { maxBytes }: CheckLimits,
): CheckedFile {
  const facts = pathFacts(path);
  try {
    const { bytes, modifiedUs } = readFile(path, maxBytes);
    return { ...say(bytes), modifiedUs, ...facts };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { ...unreadable(error.message, isWithheld(error)), ...facts };
  }
}

/** What is said of a file whose bytes could not be had. */
export function unreadable(error: string, withheld = false): Checked {
  return { ...nothing, size: 0, modifiedUs: 0, sha256: null, status: null, error, withheld };
}

/** Hashes and checks the bytes of one file. */
export function checkBytes(bytes: Uint8Array): Omit<Checked, "modifiedUs"> {
  const hash = sha256(bytes);
  try {
    const score = reader.read(bytes);
    const { division } = score;
    return {
      sha256: hash,
      size: bytes.length,
      status: score.status,
      error: null,
      withheld: false,
      repairs: score.repairs,
      format: score.format,
      ticksPerQuarter: division.kind === "metrical" ? division.ticksPerQuarter : null,
      smpte: division.kind === "smpte" ? `${division.framesPerSecond}x${division.ticksPerFrame}` : null,
      trackCount: score.tracks.length,
      noteCount: score.notes.count,
      voiceCount: countVoices(score),
    };
  } catch (error) {
    if (!(error instanceof BadMidi)) throw error;
    return rejected(hash, bytes.length, error.message);
  }
}

function rejected(hash: string, size: number, error: string): Omit<Checked, "modifiedUs"> {
  return { ...nothing, sha256: hash, size, status: "rejected", error };
}

const nothing = {
  withheld: false,
  repairs: [],
  format: null,
  ticksPerQuarter: null,
  smpte: null,
  trackCount: null,
  noteCount: null,
  voiceCount: null,
} as const;

function countVoices(score: Score): number {
  let voices = 0;
  for (const track of score.tracks) {
    let channels = 0;
    for (let n = track.noteStart; n < track.noteEnd; n++) channels |= 1 << score.notes.channel[n]!;
    for (; channels !== 0; channels &= channels - 1) voices++;
  }
  return voices;
}
