import { firstAt, type Study } from "../base/study.ts";
import type { Heights, Layout } from "./layout.ts";
import { GUTTER, until, type Window } from "./window.ts";

/** How loud a note is, in eight steps: each has an ink of its own. */
export const LEVELS = 8;

/**
 * The colours of notes: the ink of note `i` is `inks[LEVELS * kind[i] + (velocity >> 4)]`, as 0xAABBGGRR, which is how pixels
 * lie in memory.
 */
export interface Shades {
  readonly kind: ArrayLike<number>;
  readonly inks: Uint32Array;
}

/**
 * Draws the notes of a study. Few are drawn one by one with round ends; many are set pixel by pixel in memory, which
 * costs the same on every machine: a hundred thousand in some milliseconds.
 */
export interface NotesLayer {
  draw(context: CanvasRenderingContext2D, window: Window, heights: Heights, ratio: number, shades: Shades): void;
  /** The topmost note at a point of the canvas, -1 for none. */
  at(window: Window, heights: Heights, x: number, y: number): number;
}

/** Notes in a block share the time at which the last of them ends: blocks that are over are passed by. */
const BLOCK = 512;
/** From so many notes in view on pixels are set by hand. */
const MANY = 2000;

export function createNotesLayer(study: Study, layout: Layout): NotesLayer {
  const { notes, voices } = study;
  /** 128 and more for drums. */
  const row = notes.voice.length > 0 ? new Uint8Array(notes.count) : new Uint8Array();
  for (let i = 0; i < notes.count; i++) row[i] = notes.pitch[i]! | (voices[notes.voice[i]!]!.drum ? 128 : 0);
  const over = new Float32Array(Math.ceil(notes.count / BLOCK));
  for (let i = 0; i < notes.count; i++) {
    const block = Math.floor(i / BLOCK);
    if (notes.end[i]! > over[block]!) over[block] = notes.end[i]!;
  }
  let surface: OffscreenCanvas | null = null;
  let image: ImageData | null = null;

  const visible = (window: Window, most: number): number[] => {
    const found: number[] = [];
    const last = firstAt(notes.start, until(window));
    for (let block = 0; block * BLOCK < last; block++) {
      if (over[block]! < window.from) continue;
      const end = Math.min(last, (block + 1) * BLOCK);
      for (let i = block * BLOCK; i < end; i++) {
        if (notes.end[i]! < window.from) continue;
        found.push(i);
        if (found.length > most) return found;
      }
    }
    return found;
  };
  const boxOf = (i: number, window: Window, { pitchHeight, drumHeight, top, drumTop }: Heights) => {
    const x = GUTTER + (notes.start[i]! - window.from) * window.scale;
    const length = (notes.end[i]! - notes.start[i]!) * window.scale;
    const pitch = row[i]! & 127;
    if (row[i]! > 127) {
      const height = drumMark(drumHeight);
      const y = drumTop + layout.drumRow[pitch]! * drumHeight + (drumHeight - height) / 2;
      return { x, y, width: Math.max(2, Math.min(length, height)), height };
    }
    const width = Math.max(1, length - (length > 3 ? 1 : 0));
    return { x, y: top + (layout.high - pitch) * pitchHeight, width, height: noteHeight(pitchHeight) };
  };

  const drawFew = (
    context: CanvasRenderingContext2D,
    list: readonly number[],
    window: Window,
    heights: Heights,
    shades: Shades,
  ) => {
    for (const i of list) {
      const { x, y, width, height } = boxOf(i, window, heights);
      const ink = inkOf(shades, i);
      context.fillStyle = `rgb(${ink & 255} ${(ink >> 8) & 255} ${(ink >> 16) & 255} / ${(ink >>> 24) / 255})`;
      context.beginPath();
      context.roundRect(x, y, width, height, Math.min(height / 2, width / 2, 3));
      context.fill();
    }
  };
  const inkOf = ({ kind, inks }: Shades, i: number) => inks[LEVELS * kind[i]! + (notes.velocity[i]! >> 4)]!;

  /** One long loop: every note in view passes it at every frame. */
  const setPixels = (
    pixels: Uint32Array,
    width: number,
    height: number,
    window: Window,
    heights: Heights,
    ratio: number,
    shades: Shades,
  ) => {
    const { kind, inks } = shades;
    const { start, end, velocity } = notes;
    const scale = window.scale * ratio;
    const { from } = window;
    const [tops, bottoms] = rowsInPixels(layout, heights, ratio, height);
    const drumWidth = Math.max(2, Math.round(drumMark(heights.drumHeight) * ratio));
    const last = firstAt(start, until(window));
    for (let block = 0; block * BLOCK < last; block++) {
      if (over[block]! < from) continue;
      const blockEnd = Math.min(last, (block + 1) * BLOCK);
      for (let i = block * BLOCK; i < blockEnd; i++) {
        if (end[i]! < from) continue;
        const at = row[i]!;
        let left = ((start[i]! - from) * scale) | 0;
        let right = ((end[i]! - from) * scale) | 0;
        if (at > 127 && right > left + drumWidth) right = left + drumWidth;
        if (right - left > 3) right--;
        else if (right <= left) right = left + 1;
        if (left < 0) left = 0;
        if (right > width) right = width;
        const ink = inks[LEVELS * kind[i]! + (velocity[i]! >> 4)]!;
        const bottom = bottoms[at]!;
        for (let y = tops[at]!; y < bottom; y++) {
          const line = y * width;
          for (let x = left; x < right; x++) pixels[line + x] = ink;
        }
      }
    }
  };
  const drawMany = (
    context: CanvasRenderingContext2D,
    window: Window,
    heights: Heights,
    ratio: number,
    shades: Shades,
  ) => {
    const width = Math.max(1, Math.floor((window.width - GUTTER) * ratio));
    const height = Math.max(1, Math.floor(window.height * ratio));
    if (!surface || surface.width !== width || surface.height !== height) {
      surface = new OffscreenCanvas(width, height);
      image = surface.getContext("2d")!.createImageData(width, height);
    }
    const pixels = new Uint32Array(image!.data.buffer);
    pixels.fill(0);
    setPixels(pixels, width, height, window, heights, ratio, shades);
    surface.getContext("2d")!.putImageData(image!, 0, 0);
    context.drawImage(surface, GUTTER, 0, width / ratio, height / ratio);
  };

  return {
    draw(context, window, heights, ratio, shades) {
      const list = visible(window, MANY);
      if (list.length > MANY) drawMany(context, window, heights, ratio, shades);
      else drawFew(context, list, window, heights, shades);
    },
    at(window, heights, x, y) {
      // Where notes are that dense, nobody points at a single one.
      return (
        visible(window, 20 * MANY).findLast((i) => {
          const box = boxOf(i, window, heights);
          return x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y && y <= box.y + box.height;
        }) ?? -1
      );
    },
  };
}

const noteHeight = (pitchHeight: number) => Math.max(2.5, pitchHeight - 1);
const drumMark = (drumHeight: number) => Math.max(4, drumHeight - 4);

/** First and last pixel row of each pitch, and from 128 on of each drum. */
function rowsInPixels(
  layout: Layout,
  heights: Heights,
  ratio: number,
  most: number,
): readonly [Int32Array, Int32Array] {
  const [tops, bottoms] = [new Int32Array(256), new Int32Array(256)];
  const set = (at: number, top: number, height: number) => {
    tops[at] = Math.max(0, Math.min(most, Math.round(top * ratio)));
    bottoms[at] = Math.min(most, Math.max(tops[at]! + 1, Math.round((top + height) * ratio)));
  };
  for (let pitch = 0; pitch < 128; pitch++) {
    set(pitch, heights.top + (layout.high - pitch) * heights.pitchHeight, noteHeight(heights.pitchHeight));
    const mark = drumMark(heights.drumHeight);
    set(
      128 + pitch,
      heights.drumTop + layout.drumRow[pitch]! * heights.drumHeight + (heights.drumHeight - mark) / 2,
      mark,
    );
  }
  return [tops, bottoms];
}
