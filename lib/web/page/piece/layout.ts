import type { Study } from "../base/study.ts";
import { FOOT, HEAD } from "./window.ts";

/** Where pitches and drums lie from top to bottom, as shares of what is between head and foot. */
export interface Layout {
  /** Pitches that are shown. */
  readonly low: number;
  readonly high: number;
  /** Drum notes that occur, from the top. */
  readonly drums: readonly number[];
  /** Row of each drum note. */
  readonly drumRow: Uint8Array;
}

const LEAST_PITCHES = 24;

export function layoutOf(studies: readonly Study[]): Layout {
  let [low, high] = [127, 0];
  const used = new Uint8Array(128);
  for (const { notes, voices } of studies) {
    for (let i = 0; i < notes.count; i++) {
      const pitch = notes.pitch[i]!;
      if (voices[notes.voice[i]!]!.drum) used[pitch] = 1;
      else {
        if (pitch < low) low = pitch;
        if (pitch > high) high = pitch;
      }
    }
  }
  const drums = Array.from(used.keys())
    .filter((pitch) => used[pitch] === 1)
    .reverse();
  if (low > high) [low, high] = drums.length > 0 ? [60, 60] : [48, 72];
  const missing = Math.max(0, LEAST_PITCHES - (high - low + 1));
  const drumRow = new Uint8Array(128);
  for (const [row, pitch] of drums.entries()) drumRow[pitch] = row;
  return { low: Math.max(0, low - 1 - (missing >> 1)), high: Math.min(127, high + 1 + (missing >> 1)), drums, drumRow };
}

/** The heights of a layout in a canvas: pixels from the top. */
export interface Heights {
  readonly top: number;
  readonly pitchHeight: number;
  readonly drumTop: number;
  readonly drumHeight: number;
  readonly bottom: number;
}

const MOST_DRUM_HEIGHT = 15;

export function heightsOf({ low, high, drums }: Layout, height: number, pitched: boolean): Heights {
  const room = height - HEAD - FOOT;
  const drumHeight = drums.length === 0 ? 0 : Math.min(MOST_DRUM_HEIGHT, (room * (pitched ? 0.4 : 1)) / drums.length);
  const gap = drums.length > 0 && pitched ? 10 : 0;
  const bottom = height - FOOT;
  const drumTop = bottom - drumHeight * drums.length;
  return {
    top: HEAD,
    pitchHeight: pitched ? (drumTop - gap - HEAD) / (high - low + 1) : 0,
    drumTop,
    drumHeight,
    bottom,
  };
}
