import type { Piece } from "../piece/piece.ts";
import { growIdentityScratch, type IdentityScratch } from "./scratch.ts";

/** The highest note of every onset. Holds until the same analyser's next piece. */
export interface TopLine {
  /** Pitches in order of time. */
  readonly pitch: Uint8Array;
  /** The note of the piece each onset begins with. */
  readonly note: Uint32Array;
}

/** The top line of a voice. */
export interface VoiceLine extends TopLine {
  /** Index in `Piece.voices`. */
  readonly voice: number;
}

export interface TopLines {
  /** Of all pitched notes together. */
  readonly whole: TopLine;
  /** Of every pitched voice, in the order of `Piece.voices`. */
  readonly voices: readonly VoiceLine[];
}

/**
 * Notes that start within this time of an onset's first belong to it: hands roll chords and play their parts a little
 * apart. Measured on performances of one piece: 50 to 60 ms find most of them, at 70 ms fast notes begin to merge.
 */
const ONSET_SECONDS = 0.055;

/** One pass over the pitched notes, for the whole and for each voice at once. */
export function topLines({ pitched, pitch, startSeconds, voice, voices }: Piece, scratch: IdentityScratch): TopLines {
  growIdentityScratch(scratch, pitched.length);
  const { pitch: top, note, voicePitch, voiceNote } = scratch;
  const first = new Uint32Array(voices.length);
  for (let v = 1; v < voices.length; v++) first[v] = first[v - 1]! + (voices[v - 1]!.drum ? 0 : voices[v - 1]!.notes);
  const next = first.slice();
  const until = new Float64Array(voices.length).fill(Number.NEGATIVE_INFINITY);
  let count = 0;
  let wholeUntil = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < pitched.length; k++) {
    const i = pitched[k]!;
    const p = pitch[i]!;
    const start = startSeconds[i]!;
    if (start > wholeUntil) {
      wholeUntil = start + ONSET_SECONDS;
      top[count] = p;
      note[count++] = i;
    } else if (p > top[count - 1]!) top[count - 1] = p;
    const v = voice[i]!;
    const end = next[v]!;
    if (start > until[v]!) {
      until[v] = start + ONSET_SECONDS;
      voicePitch[end] = p;
      voiceNote[end] = i;
      next[v] = end + 1;
    } else if (p > voicePitch[end - 1]!) voicePitch[end - 1] = p;
  }
  const lines: VoiceLine[] = [];
  for (let v = 0; v < voices.length; v++) {
    if (voices[v]!.drum) continue;
    const [from, to] = [first[v]!, next[v]!];
    lines.push({ voice: v, pitch: voicePitch.subarray(from, to), note: voiceNote.subarray(from, to) });
  }
  return { whole: { pitch: top.subarray(0, count), note: note.subarray(0, count) }, voices: lines };
}
