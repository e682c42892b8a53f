import type { Piece } from "../piece/piece.ts";
import type { IdentityScratch } from "./scratch.ts";
import { type PhraseKind, type Sketch, sketch } from "./sketch.ts";
import type { TopLines } from "./top-lines.ts";

/**
 * What finds a piece in other hands: a sample of the phrases of its top line, and of the lines of up to three of its
 * voices. Blind to key, tempo, rhythm, lengths, velocities, instruments and drums; the top line to who plays what, the
 * lines of voices to what else is played. `samePiece` compares two of them.
 */
export interface Fingerprint {
  /** Hashes of phrases of the top line, in the order in which they first come; at most `MOST_WHOLE`. */
  readonly whole: Int32Array;
  /** The same of the lines, the richest first; at most `MOST_LINES` of `MOST_LINE`. */
  readonly lines: readonly Int32Array[];
}

export const MOST_WHOLE = 112;
export const MOST_LINE = 44;
const MOST_LINES = 3;

const WHOLE: PhraseKind = { salt: 0x2545f491, moving: 1 };
const LINE: PhraseKind = { salt: 0x1b873593, moving: 3 };

/** Shorter voices are no lines; nor are those of which less than this share of the notes are onsets of their own. */
const LEAST_LINE_NOTES = 24;
const LEAST_LINE_SHARE = 0.8;
const LEAST_LINE_PHRASES = 16;
/** Of voices without number, those with most notes are looked at. */
const MOST_VOICES = 32;

/** Null where the piece has too few phrases to be known by. */
export function fingerprint(piece: Piece, lines: TopLines, scratch: IdentityScratch): Fingerprint | null {
  const whole = sketch(lines.whole.pitch, WHOLE, MOST_WHOLE, scratch).hashes;
  const voices = lineSketches(piece, lines, scratch).map(({ hashes }) => hashes);
  return whole.length < LEAST_PHRASES && voices.length === 0 ? null : { whole, lines: voices };
}

/** Fewer phrases say nothing. */
const LEAST_PHRASES = 6;

function lineSketches({ voices }: Piece, lines: TopLines, scratch: IdentityScratch): Sketch[] {
  const found: Sketch[] = [];
  const likely = lines.voices
    .filter(({ voice, pitch }) => {
      const { notes } = voices[voice]!;
      return notes >= LEAST_LINE_NOTES && pitch.length >= LEAST_LINE_SHARE * notes;
    })
    .sort((a, b) => b.pitch.length - a.pitch.length)
    .slice(0, MOST_VOICES);
  for (const { pitch } of likely) {
    const line = sketch(pitch, LINE, MOST_LINE, scratch);
    if (line.phrases >= LEAST_LINE_PHRASES) found.push(line);
  }
  return found.sort((a, b) => b.phrases - a.phrases).slice(0, MOST_LINES);
}

/** The fingerprint as text: base64 of its hashes, each list after its length (little-endian, 32 bits each, as every machine Bun runs on keeps them). */
export function fingerprintText({ whole, lines }: Fingerprint): string {
  const lists = [whole, ...lines];
  const words = new Int32Array(lists.reduce((sum, hashes) => sum + 1 + hashes.length, 0));
  let at = 0;
  for (const hashes of lists) {
    words[at++] = hashes.length;
    words.set(hashes, at);
    at += hashes.length;
  }
  return Buffer.from(words.buffer).toString("base64");
}

/** What `fingerprintText` wrote; throws on anything else. */
export function readFingerprint(text: string): Fingerprint {
  const bytes = Buffer.from(text, "base64");
  const lists: Int32Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    const start = at + 4;
    at = start + 4 * length;
    if (at > bytes.length) throw new Error(`Cannot read a fingerprint: ${bytes.length} bytes, expected ${at}`);
    lists.push(Int32Array.from({ length }, (_, i) => bytes.readInt32LE(start + 4 * i)));
  }
  const [whole, ...lines] = lists;
  if (!whole) throw new Error("Cannot read a fingerprint: an empty text, expected base64");
  return { whole, lines };
}

const KEYS_OF_WHOLE = 24;
const KEYS_OF_LINE = 8;

/**
 * What to look a piece up by: its smallest hashes, whole numbers of 32 bits. Two fingerprints of one piece share two of
 * these or more (0.997 of the pairs of performances measured), unrelated ones seldom share one.
 */
export function fingerprintKeys({ whole, lines }: Fingerprint): Int32Array {
  const keys = new Set<number>();
  for (const [from, count] of [[whole, KEYS_OF_WHOLE] as const, ...lines.map((l) => [l, KEYS_OF_LINE] as const)])
    for (const hash of from.toSorted().subarray(0, count)) keys.add(hash);
  return Int32Array.from(keys);
}
