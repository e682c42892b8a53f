import type { Piece } from "../piece/piece.ts";

/**
 * How the voices stand to one another, as columns indexed like `Piece.voices`: looked at in moments spread evenly over the
 * piece. A voice is there from a note's start to its end, and for a while after. Transposing the piece changes nothing.
 */
export interface Standing {
  /** Share of the moments in which the voice is there, 0 to 1. */
  readonly present: Float64Array;
  /** Share of the moments with another voice in which it has the lowest note; 0 when it is always alone. */
  readonly lowest: Float64Array;
  /** The same of the highest. */
  readonly highest: Float64Array;
}

const MOST_MOMENTS = 256;
/** Moments times voices looked at, for files of hundreds of voices. */
const MOST_LOOKS = 4096;
/** How long a note stands for its voice when it has ended. */
const LINGER_SECONDS = 0.75;
const SAME_ONSET_SECONDS = 0.04;

export function standing(piece: Piece): Standing {
  const { voices, pitched, startSeconds } = piece;
  const count = voices.length;
  const result = {
    present: new Float64Array(count),
    lowest: new Float64Array(count),
    highest: new Float64Array(count),
  };
  if (pitched.length === 0) return result;
  const moments = Math.max(16, Math.min(MOST_MOMENTS, Math.floor(MOST_LOOKS / count)));
  const from = startSeconds[pitched[0]!]!;
  const step = (startSeconds[pitched[pitched.length - 1]!]! + 0.01 - from) / moments;
  const together = new Float64Array(count);
  const now = new Sounding(piece);
  for (let m = 0; m < moments; m++) {
    now.moveTo(from + (m + 0.5) * step);
    now.judge(result, together);
  }
  for (let v = 0; v < count; v++) {
    result.present[v]! /= moments;
    result.lowest[v]! /= Math.max(1, together[v]!);
    result.highest[v]! /= Math.max(1, together[v]!);
  }
  return result;
}

/** What each voice plays at a moment: the pitches of its latest onset. */
class Sounding {
  private readonly piece: Piece;
  private readonly low: Uint8Array;
  private readonly high: Uint8Array;
  private readonly onset: Float64Array;
  private readonly until: Float64Array;
  private next = 0;
  private seconds = 0;

  constructor(piece: Piece) {
    this.piece = piece;
    const count = piece.voices.length;
    this.low = new Uint8Array(count);
    this.high = new Uint8Array(count);
    this.onset = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.until = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  }

  /** Takes in the notes up to a moment, later than the one before. */
  moveTo(seconds: number): void {
    const { pitched, startSeconds, endSeconds, pitch, voice } = this.piece;
    const { low, high, onset, until } = this;
    this.seconds = seconds;
    for (; this.next < pitched.length; this.next++) {
      const i = pitched[this.next]!;
      const start = startSeconds[i]!;
      if (start > seconds) return;
      const v = voice[i]!;
      if (start - onset[v]! > SAME_ONSET_SECONDS) {
        onset[v] = start;
        low[v] = high[v] = pitch[i]!;
        until[v] = 0;
      }
      if (pitch[i]! < low[v]!) low[v] = pitch[i]!;
      if (pitch[i]! > high[v]!) high[v] = pitch[i]!;
      until[v] = Math.max(until[v]!, endSeconds[i]!, start + LINGER_SECONDS);
    }
  }

  /** Counts who is there, and who is lowest and highest among two or more. */
  judge({ present, lowest, highest }: Standing, together: Float64Array): void {
    const { low, high, until, seconds } = this;
    let there = 0;
    let lowestPitch = 128;
    let highestPitch = -1;
    for (let v = 0; v < until.length; v++) {
      if (until[v]! < seconds) continue;
      there++;
      present[v]!++;
      if (low[v]! < lowestPitch) lowestPitch = low[v]!;
      if (high[v]! > highestPitch) highestPitch = high[v]!;
    }
    if (there < 2) return;
    for (let v = 0; v < until.length; v++) {
      if (until[v]! < seconds) continue;
      together[v]!++;
      if (low[v] === lowestPitch) lowest[v]!++;
      if (high[v] === highestPitch) highest[v]!++;
    }
  }
}
