import { firstAt, type Study } from "../base/study.ts";
import type { Heights, Layout } from "./layout.ts";
import { GUTTER, until, type Window } from "./window.ts";

/** How a note is coloured: 0xRRGGBB, and its opacity from 0 to 255. */
export interface Ink {
  readonly colour: number;
  readonly alpha: number;
}

/**
 * Draws the notes of a study. Few are drawn one by one with round ends; many are set pixel by pixel in memory, which
 * costs the same on every machine: a hundred thousand in some milliseconds.
 */
export interface NotesLayer {
  draw(
    context: CanvasRenderingContext2D,
    window: Window,
    heights: Heights,
    ratio: number,
    inkOf: (note: number) => Ink,
  ): void;
  /** The topmost note at a point of the canvas, -1 for none. */
  at(window: Window, heights: Heights, x: number, y: number): number;
}

/** Notes in a block share the time at which the last of them ends: blocks that are over are passed by. */
const BLOCK = 512;
/** From so many notes in view on pixels are set by hand. */
const MANY = 2500;

export function createNotesLayer(study: Study, layout: Layout): NotesLayer {
  const { notes, voices } = study;
  const drum = Uint8Array.from(notes.voice, (voice) => (voices[voice]!.drum ? 1 : 0));
  const over = new Float32Array(Math.ceil(notes.count / BLOCK));
  for (let i = 0; i < notes.count; i++)
    over[Math.floor(i / BLOCK)] = Math.max(over[Math.floor(i / BLOCK)]!, notes.end[i]!);
  let surface: OffscreenCanvas | null = null;
  let image: ImageData | null = null;

  const each = (window: Window, take: (note: number) => void) => {
    const last = firstAt(notes.start, until(window));
    for (let block = 0; block * BLOCK < last; block++) {
      if (over[block]! < window.from) continue;
      const end = Math.min(last, (block + 1) * BLOCK);
      for (let i = block * BLOCK; i < end; i++) if (notes.end[i]! >= window.from) take(i);
    }
  };
  const boxOf = (
    i: number,
    window: Window,
    heights: Heights,
  ): readonly [x: number, y: number, width: number, height: number] => {
    const x = GUTTER + (notes.start[i]! - window.from) * window.scale;
    const length = (notes.end[i]! - notes.start[i]!) * window.scale;
    if (drum[i] === 1) {
      const height = Math.max(4, heights.drumHeight - 4);
      return [
        x,
        heights.drumTop + layout.drumRow[notes.pitch[i]!]! * heights.drumHeight + (heights.drumHeight - height) / 2,
        Math.max(2, Math.min(length, height)),
        height,
      ];
    }
    const height = Math.max(2.5, heights.pitchHeight - 1);
    return [
      x,
      heights.top + (layout.high - notes.pitch[i]!) * heights.pitchHeight,
      Math.max(1, length - (length > 3 ? 1 : 0)),
      height,
    ];
  };

  const drawFew = (
    context: CanvasRenderingContext2D,
    list: readonly number[],
    window: Window,
    heights: Heights,
    inkOf: (note: number) => Ink,
  ) => {
    for (const i of list) {
      const [x, y, width, height] = boxOf(i, window, heights);
      const { colour, alpha } = inkOf(i);
      context.fillStyle = `rgb(${colour >> 16} ${(colour >> 8) & 255} ${colour & 255} / ${alpha / 255})`;
      context.beginPath();
      context.roundRect(x, y, width, height, Math.min(height / 2, width / 2, 3));
      context.fill();
    }
  };

  const drawMany = (
    context: CanvasRenderingContext2D,
    window: Window,
    heights: Heights,
    ratio: number,
    inkOf: (note: number) => Ink,
  ) => {
    const [width, height] = [
      Math.max(1, Math.floor((window.width - GUTTER) * ratio)),
      Math.max(1, Math.floor(window.height * ratio)),
    ];
    if (!surface || surface.width !== width || surface.height !== height) {
      surface = new OffscreenCanvas(width, height);
      image = surface.getContext("2d")!.createImageData(width, height);
    }
    const pixels = new Uint32Array(image!.data.buffer);
    pixels.fill(0);
    each(window, (i) => {
      const [x, y, w, h] = boxOf(i, window, heights);
      const { colour, alpha } = inkOf(i);
      const ink = (alpha << 24) | ((colour & 255) << 16) | (colour & 0xff00) | (colour >> 16);
      const left = Math.max(0, Math.round((x - GUTTER) * ratio));
      const right = Math.min(width, Math.max(left + 1, Math.round((x - GUTTER + w) * ratio)));
      const top = Math.max(0, Math.round(y * ratio));
      const bottom = Math.min(height, Math.max(top + 1, Math.round((y + h) * ratio)));
      for (let row = top; row < bottom; row++) pixels.fill(ink, row * width + left, row * width + right);
    });
    surface.getContext("2d")!.putImageData(image!, 0, 0);
    context.drawImage(surface, GUTTER, 0, width / ratio, height / ratio);
  };

  return {
    draw(context, window, heights, ratio, inkOf) {
      const few: number[] = [];
      let count = 0;
      each(window, (i) => {
        if (count++ < MANY) few.push(i);
      });
      if (count > MANY) drawMany(context, window, heights, ratio, inkOf);
      else drawFew(context, few, window, heights, inkOf);
    },
    at(window, heights, x, y) {
      let found = -1;
      each(window, (i) => {
        const [left, top, width, height] = boxOf(i, window, heights);
        if (x >= left - 1 && x <= left + width + 1 && y >= top && y <= top + height) found = i;
      });
      return found;
    },
  };
}
