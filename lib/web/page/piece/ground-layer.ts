import { drumName } from "../base/drums.ts";
import { firstAt, type Study } from "../base/study.ts";
import { hueOf, keyCodeOf, pitchName, shortKey } from "../base/texts.ts";
import { colour } from "../shell/theme.ts";
import type { Heights, Layout } from "./layout.ts";
import { FOOT, GUTTER, HEAD, until, type Window, xOf } from "./window.ts";

/** Colours as the theme has them, read once a theme. */
export interface Paints {
  readonly ground: string;
  readonly surface: string;
  readonly line: string;
  readonly strong: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly accent: string;
  readonly dark: boolean;
}

export function paints(dark: boolean): Paints {
  return {
    ground: colour("--ground"),
    surface: colour("--surface"),
    line: colour("--line"),
    strong: colour("--line-strong"),
    text: colour("--text"),
    muted: colour("--muted"),
    faint: colour("--faint"),
    accent: colour("--accent"),
    dark,
  };
}

type Context = CanvasRenderingContext2D;
const FONT = '"Inter", system-ui, sans-serif';
const BLACK_KEYS = new Set([1, 3, 6, 8, 10]);

/** Rows of black keys and drums, bar lines and beats: what the notes stand on. */
export function drawGround(
  context: Context,
  study: Study,
  layout: Layout,
  window: Window,
  heights: Heights,
  paint: Paints,
): void {
  context.fillStyle = paint.surface;
  context.fillRect(0, 0, window.width, window.height);
  context.fillStyle = paint.ground;
  if (heights.pitchHeight > 0) {
    for (let pitch = layout.low; pitch <= layout.high; pitch++) {
      if (BLACK_KEYS.has(pitch % 12))
        context.fillRect(
          GUTTER,
          heights.top + (layout.high - pitch) * heights.pitchHeight,
          window.width,
          heights.pitchHeight,
        );
    }
  }
  for (let row = 0; row < layout.drums.length; row += 2)
    context.fillRect(GUTTER, heights.drumTop + row * heights.drumHeight, window.width, heights.drumHeight);
  drawBeats(context, study, window, heights, paint);
}

function drawBeats(context: Context, { beats }: Study, window: Window, heights: Heights, paint: Paints): void {
  if (!beats) return;
  const { seconds, downbeat } = beats;
  const first = firstAt(seconds, window.from);
  const last = firstAt(seconds, until(window));
  const known = downbeat.includes(1);
  const width = ((last - first) * 1) / Math.max(1, window.width);
  const bars: number[] = [];
  for (let i = first; i < last; i++) {
    const x = Math.round(xOf(window, seconds[i]!)) + 0.5;
    const isBar = downbeat[i] === 1;
    if (isBar) bars.push(i);
    if (!isBar && width > 0.06) continue;
    context.fillStyle = isBar ? paint.strong : paint.line;
    context.fillRect(x - 0.5, isBar ? HEAD - 6 : heights.top, 1, heights.bottom - (isBar ? HEAD - 6 : heights.top));
  }
  if (!known) return;
  let bar = 0;
  for (let i = 0; i < first; i++) bar += downbeat[i]!;
  const room = bars.length > 1 ? (window.width - GUTTER) / bars.length : 100;
  const every = room > 30 ? 1 : room > 15 ? 2 : room > 8 ? 4 : room > 4 ? 8 : room > 2 ? 16 : 64;
  context.font = `500 10px ${FONT}`;
  context.textBaseline = "alphabetic";
  context.fillStyle = paint.faint;
  for (const i of bars) {
    bar++;
    if ((bar - 1) % every === 0) context.fillText(`${bar}`, xOf(window, seconds[i]!) + 4, HEAD - 4);
  }
}

/** Keyboard and names of drums at the left edge. */
export function drawGutter(context: Context, layout: Layout, window: Window, heights: Heights, paint: Paints): void {
  context.fillStyle = paint.surface;
  context.fillRect(0, 0, GUTTER, window.height);
  context.font = `500 10px ${FONT}`;
  context.textBaseline = "middle";
  if (heights.pitchHeight > 0) {
    for (let pitch = layout.low; pitch <= layout.high; pitch++) {
      const y = heights.top + (layout.high - pitch) * heights.pitchHeight;
      const black = BLACK_KEYS.has(pitch % 12);
      context.fillStyle = black ? (paint.dark ? "#0a0a0e" : "#3a3942") : paint.dark ? "#d9dae4" : "#ffffff";
      context.fillRect(
        GUTTER - 22,
        y,
        black ? 14 : 22,
        Math.max(0.5, heights.pitchHeight - (heights.pitchHeight > 3 ? 0.5 : 0)),
      );
      if (!paint.dark && !black) {
        context.fillStyle = paint.line;
        context.fillRect(GUTTER - 22, y + heights.pitchHeight - 0.5, 22, 0.5);
      }
      if (pitch % 12 === 0) {
        context.fillStyle = paint.faint;
        context.fillText(pitchName(pitch), 6, y + heights.pitchHeight / 2);
      }
    }
  }
  if (heights.drumHeight >= 9) {
    context.fillStyle = paint.faint;
    context.font = `500 9px ${FONT}`;
    for (const [row, pitch] of layout.drums.entries())
      context.fillText(drumName(pitch), 6, heights.drumTop + (row + 0.5) * heights.drumHeight, GUTTER - 8);
  }
  context.fillStyle = paint.strong;
  context.fillRect(GUTTER - 0.5, HEAD - 6, 1, heights.bottom - HEAD + 6);
}

/** Sections, keys and chords above the notes. */
export function drawHead(context: Context, { features, seconds }: Study, window: Window, paint: Paints): void {
  context.fillStyle = paint.surface;
  context.fillRect(GUTTER, 0, window.width, HEAD - 18);
  const sections = features.structure?.sections ?? [];
  for (const [i, section] of sections.entries()) {
    const to = sections[i + 1]?.startSeconds ?? seconds;
    const hue = (section.label.charCodeAt(0) * 67 + 200) % 360;
    band(
      context,
      window,
      section.startSeconds,
      to,
      4,
      16,
      `oklch(${paint.dark ? 0.4 : 0.88} 0.07 ${hue})`,
      section.label,
      paint.text,
    );
  }
  const changes = features.key?.changes ?? [];
  for (const [i, change] of changes.entries()) {
    const name = `${change.tonic} ${change.mode}`;
    const code = keyCodeOf(name) ?? 0;
    const to = changes[i + 1]?.startSeconds ?? seconds;
    band(
      context,
      window,
      change.startSeconds,
      to,
      22,
      4,
      `oklch(${paint.dark ? 0.55 : 0.75} 0.12 ${hueOf(code)})`,
      "",
      paint.text,
    );
  }
  context.font = `550 11px ${FONT}`;
  context.textBaseline = "middle";
  const chords = features.chords ?? [];
  let free = GUTTER;
  for (const [i, chord] of chords.entries()) {
    if (chord.endSeconds < window.from || chord.startSeconds > until(window) || chord.label === "N") continue;
    const x = Math.max(GUTTER, xOf(window, chord.startSeconds));
    const next = xOf(window, chords[i + 1]?.startSeconds ?? chord.endSeconds);
    const text = chordName(chord.label);
    const room = context.measureText(text).width + 8;
    if (x < free || next - x < 8) continue;
    context.fillStyle = paint.strong;
    context.fillRect(x, 30, 1, 14);
    context.fillStyle = paint.muted;
    if (next - x >= room || x + room <= window.width) context.fillText(text, x + 4, 37.5);
    free = Math.max(x + room, Math.min(next, x + room));
  }
  const now = changes.findLast((change) => change.startSeconds <= window.from) ?? changes[0];
  if (now) {
    context.fillStyle = paint.surface;
    context.fillRect(0, 0, GUTTER, HEAD - 8);
    context.fillStyle = paint.muted;
    context.font = `600 11px ${FONT}`;
    context.fillText(shortKey(`${now.tonic} ${now.mode}`), 6, 24);
  }
}

function band(
  context: Context,
  window: Window,
  from: number,
  to: number,
  y: number,
  height: number,
  fill: string,
  label: string,
  text: string,
): void {
  const x = Math.max(GUTTER, xOf(window, from));
  const width = Math.min(window.width, xOf(window, to)) - x;
  if (width <= 0) return;
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x, y, Math.max(1, width - 1), height, 3);
  context.fill();
  if (label === "" || width < 14) return;
  context.fillStyle = text;
  context.font = `600 11px ${FONT}`;
  context.textBaseline = "middle";
  context.fillText(label, x + 6, y + height / 2 + 0.5);
}

/** Harte's notation as musicians write it: "C:min7/b3" is Cm7/b3. */
export function chordName(label: string): string {
  const [, root, quality = "", bass = ""] = /^([A-G][#b]*)(?::([^/]*))?(\/.*)?$/.exec(label) ?? [];
  if (root === undefined) return label;
  const short = quality
    .replace(/^maj$/, "")
    .replace(/^min/, "m")
    .replace(/^hdim7?/, "ø7")
    .replace(/^dim/, "°")
    .replace(/^aug/, "+");
  return `${root}${short}${bass}`;
}

/** The tempo over time at the foot. */
export function drawTempo(context: Context, { features }: Study, window: Window, paint: Paints): void {
  const top = window.height - FOOT + 6;
  const bottom = window.height - 8;
  context.fillStyle = paint.surface;
  context.fillRect(0, window.height - FOOT, window.width, FOOT);
  const points = tempoPoints(features);
  if (points.length === 0) return;
  const low = Math.min(...points.map(({ bpm }) => bpm));
  const high = Math.max(...points.map(({ bpm }) => bpm));
  const y = (bpm: number) =>
    high - low < 0.5 ? (top + bottom) / 2 : bottom - ((bpm - low) / (high - low)) * (bottom - top);
  context.strokeStyle = paint.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  let last: number | null = null;
  for (const { seconds, bpm } of points) {
    const x = Math.max(GUTTER, xOf(window, seconds));
    if (last === null) context.moveTo(x, y(bpm));
    else context.lineTo(x, y(last));
    context.lineTo(x, y(bpm));
    last = bpm;
  }
  context.lineTo(window.width, y(last!));
  context.stroke();
  context.fillStyle = paint.surface;
  context.fillRect(0, window.height - FOOT, GUTTER, FOOT);
  context.fillStyle = paint.faint;
  context.font = `500 10px ${FONT}`;
  context.textBaseline = "middle";
  context.fillText(
    high - low < 0.5 ? `${Math.round(high)} bpm` : `${Math.round(low)}-${Math.round(high)}`,
    6,
    (top + bottom) / 2,
  );
}

function tempoPoints({ tempo, beats }: Study["features"]): { seconds: number; bpm: number }[] {
  if (beats?.seconds && beats.seconds.length > 2) {
    const times = beats.seconds;
    return times.slice(1).map((seconds, i) => ({ seconds: times[i]!, bpm: 60 / Math.max(0.05, seconds - times[i]!) }));
  }
  return tempo.map.map(({ seconds, bpm }) => ({ seconds, bpm }));
}
