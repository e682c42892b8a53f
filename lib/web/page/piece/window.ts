/** The part of a piece that is seen, and where it lies on the canvas. Pixels are those of the style sheet. */
export interface Window {
  /** Seconds at the left edge. */
  from: number;
  /** Pixels a second. */
  scale: number;
  width: number;
  height: number;
}

export const HEAD = 64;
export const GUTTER = 56;
export const FOOT = 34;

export const xOf = (window: Window, seconds: number): number => GUTTER + (seconds - window.from) * window.scale;
export const secondsOf = (window: Window, x: number): number => window.from + (x - GUTTER) / window.scale;
export const until = (window: Window): number => secondsOf(window, window.width);
