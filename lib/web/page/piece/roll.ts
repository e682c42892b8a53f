import { h } from "../base/dom.ts";
import type { Study } from "../base/study.ts";
import { isDark, onTheme } from "../shell/theme.ts";
import { drawGround, drawGutter, drawHead, drawTempo, type Paints, paints } from "./ground-layer.ts";
import { heightsOf, layoutOf } from "./layout.ts";
import { createNotesLayer, type Shades } from "./notes-layer.ts";
import { GUTTER, HEAD, secondsOf, type Window, xOf } from "./window.ts";

export interface RollLayer {
  readonly study: Study;
  /** Its colours as they are now; asked for again after `recolour`. */
  shades(): Shades;
}

export interface RollEvents {
  seek(seconds: number): void;
  stretch(from: number, to: number): void;
  /** A note under the pointer, by layer and number; null for none. */
  point(found: { readonly layer: number; readonly note: number } | null): void;
  /** Where the music is, null when another piece plays. */
  now(): number | null;
  loop(): { readonly from: number; readonly to: number } | null;
}

/** A piano roll: zoomed by the wheel, moved by dragging; its head is for going to a time and for choosing a stretch. */
export interface Roll {
  readonly element: HTMLElement;
  /** Draws again when the browser is ready. */
  draw(): void;
  /** The colours have changed. */
  recolour(): void;
  zoom(factor: number): void;
  pan(share: number): void;
  fit(): void;
  leave(): void;
}

/** Pixels a second at most. */
const CLOSEST = 1200;

export function createRoll(layers: readonly RollLayer[], events: RollEvents, label: string): Roll {
  const studies = layers.map(({ study }) => study);
  const [main] = studies;
  const layout = layoutOf(studies);
  const pitched = studies.some(({ voices }) => voices.some(({ drum }) => !drum)) || layout.drums.length === 0;
  const painters = studies.map((study) => createNotesLayer(study, layout));
  const canvas = h("canvas", { class: "roll", tabindex: 0, role: "img", "aria-label": label });
  const context = canvas.getContext("2d", { alpha: false })!;
  const length = Math.max(...studies.map(({ seconds }) => seconds), 0.5);
  const window: Window = { from: 0, scale: 0, width: 0, height: 0 };
  let paint: Paints = paints(isDark());
  let shades = layers.map((layer) => layer.shades());
  let asked = false;
  let left = false;
  let choosing: { from: number; to: number } | null = null;

  const least = () => (window.width - GUTTER - 8) / length;
  const bound = () => {
    window.scale = Math.min(Math.max(window.scale, least()), CLOSEST);
    window.from = Math.max(0, Math.min(window.from, length - (window.width - GUTTER - 8) / window.scale));
  };
  const draw = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (!left) paintAll();
    });
  };
  const paintAll = () => {
    const now = events.now();
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const heights = heightsOf(layout, window.height, pitched);
    drawGround(context, main!, layout, window, heights, paint);
    for (const [i, painter] of painters.entries()) painter.draw(context, window, heights, ratio, shades[i]!);
    drawGutter(context, layout, window, heights, paint);
    drawHead(context, main!, window, paint);
    drawTempo(context, main!, window, paint);
    const loop = choosing ?? events.loop();
    if (loop) {
      const [a, b] = [xOf(window, Math.min(loop.from, loop.to)), xOf(window, Math.max(loop.from, loop.to))];
      context.fillStyle = paint.accent;
      context.globalAlpha = 0.14;
      context.fillRect(Math.max(GUTTER, a), 0, b - Math.max(GUTTER, a), heights.bottom);
      context.globalAlpha = 1;
      context.fillRect(Math.max(GUTTER, a), 0, b - Math.max(GUTTER, a), 2);
    }
    if (now !== null) {
      const x = xOf(window, now);
      if (x >= GUTTER && x <= window.width) {
        context.fillStyle = paint.text;
        context.fillRect(x - 0.5, 0, 1.5, heights.bottom);
        context.beginPath();
        context.moveTo(x - 5, 0);
        context.lineTo(x + 6, 0);
        context.lineTo(x + 0.5, 8);
        context.fill();
      }
    }
  };
  /** The view turns its page when the music leaves it. */
  const follow = () => {
    const now = events.now();
    if (now === null || dragging) return;
    const x = xOf(window, now);
    if (x > window.width - 24 || x < GUTTER) {
      window.from = now - 24 / window.scale;
      bound();
    }
  };
  const resize = new ResizeObserver(() => {
    const { clientWidth, clientHeight } = canvas;
    const first = window.width === 0;
    [window.width, window.height] = [clientWidth, clientHeight];
    const ratio = devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (first) window.scale = Math.max(least(), Math.min(60, (window.width - GUTTER) / 24));
    bound();
    if (!left) paintAll();
  });
  resize.observe(canvas);
  onTheme(() => {
    paint = paints(isDark());
    recolour();
  });

  const recolour = () => {
    shades = layers.map((layer) => layer.shades());
    draw();
  };
  const zoomAt = (factor: number, x: number) => {
    const at = secondsOf(window, x);
    window.scale *= factor;
    bound();
    window.from = at - (x - GUTTER) / window.scale;
    bound();
    draw();
  };
  const pan = (pixels: number) => {
    window.from += pixels / window.scale;
    bound();
    draw();
  };
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        pan(event.deltaX + (event.shiftKey ? event.deltaY : 0));
      else zoomAt(Math.exp(-event.deltaY * 0.0022), Math.max(GUTTER, event.offsetX));
    },
    { passive: false },
  );
  let dragging = false;
  let moved = 0;
  const heightsNow = () => heightsOf(layout, window.height, pitched);
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    dragging = true;
    moved = 0;
    if (event.offsetY < HEAD) {
      const at = secondsOf(window, Math.max(GUTTER, event.offsetX));
      choosing = { from: at, to: at };
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!dragging) {
      const heights = heightsNow();
      for (let layer = painters.length - 1; layer >= 0; layer--) {
        const note = painters[layer]!.at(window, heights, event.offsetX, event.offsetY);
        if (note >= 0) return events.point({ layer, note });
      }
      canvas.style.cursor = event.offsetY < HEAD ? "col-resize" : "grab";
      return events.point(null);
    }
    moved += Math.abs(event.movementX);
    if (choosing) {
      choosing = { ...choosing, to: secondsOf(window, Math.max(GUTTER, event.offsetX)) };
      draw();
    } else pan(-event.movementX);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!dragging) return;
    dragging = false;
    const at = secondsOf(window, Math.max(GUTTER, event.offsetX));
    if (moved < 4) events.seek(at);
    else if (choosing) events.stretch(Math.min(choosing.from, choosing.to), Math.max(choosing.from, choosing.to));
    choosing = null;
    draw();
  });
  canvas.addEventListener("pointerleave", () => events.point(null));
  canvas.addEventListener("dblclick", (event) => {
    if (event.offsetY >= 24) return;
    const at = secondsOf(window, event.offsetX);
    const sections = main!.features.structure?.sections ?? [];
    const found = sections.findLastIndex(({ startSeconds }) => startSeconds <= at);
    if (found >= 0) events.stretch(sections[found]!.startSeconds, sections[found + 1]?.startSeconds ?? main!.seconds);
  });
  return {
    element: canvas,
    draw() {
      follow();
      draw();
    },
    recolour,
    zoom: (factor) => zoomAt(factor, GUTTER + (window.width - GUTTER) / 2),
    pan: (share) => pan(share * (window.width - GUTTER)),
    fit() {
      window.scale = 0;
      bound();
      draw();
    },
    leave() {
      left = true;
      resize.disconnect();
    },
  };
}
