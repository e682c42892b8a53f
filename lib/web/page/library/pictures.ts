import { askBytes } from "../base/api.ts";
import { colour, onTheme } from "../shell/theme.ts";

const COLUMNS = 96;
const ROWS = 20;
const BYTES = COLUMNS * ROWS;
const MOST_KEPT = 3000;
const AT_ONCE = 50;

/** Small pictures of pieces' notes: asked for together, kept, and drawn in the colours of the page. */
export interface Pictures {
  draw(canvas: HTMLCanvasElement, id: number): void;
}

export function createPictures(): Pictures {
  const kept = new Map<number, Uint8Array>();
  const waiting = new Map<number, Set<HTMLCanvasElement>>();
  let due = false;
  let inks = inksNow();
  onTheme(() => (inks = inksNow()));

  const soon = (milliseconds: number) => {
    if (due) return;
    due = true;
    setTimeout(() => void flush(), milliseconds);
  };
  const flush = async () => {
    due = false;
    const ids = [...waiting.keys()].filter((id) => !kept.has(id)).slice(-AT_ONCE);
    if (ids.length === 0) return;
    try {
      const bytes = new Uint8Array(await askBytes(`/pictures?ids=${ids.join(",")}`));
      for (const [i, id] of ids.entries()) {
        kept.set(id, bytes.subarray(i * BYTES, (i + 1) * BYTES));
        for (const canvas of waiting.get(id) ?? [])
          if (canvas.dataset.id === String(id)) paint(canvas, kept.get(id)!, inks);
        waiting.delete(id);
      }
      for (const id of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(id);
    } catch {
      for (const id of ids) waiting.delete(id);
    }
    if (waiting.size > 0) soon(0);
  };
  return {
    draw(canvas, id) {
      canvas.dataset.id = String(id);
      const picture = kept.get(id);
      if (picture) return paint(canvas, picture, inks);
      canvas.getContext("2d")!.clearRect(0, 0, canvas.width, canvas.height);
      const canvases = waiting.get(id) ?? new Set();
      canvases.add(canvas);
      waiting.set(id, canvases);
      soon(40);
    },
  };
}

type Inks = readonly string[];

function inksNow(): Inks {
  const [notes, drums] = [colour("--accent"), colour("--drums")];
  const shades = (ink: string) =>
    [0.45, 0.75, 1].map((share) => `color-mix(in oklab, ${ink} ${share * 100}%, transparent)`);
  return ["", ...shades(notes), ...shades(drums)];
}

function paint(canvas: HTMLCanvasElement, picture: Uint8Array, inks: Inks): void {
  const scale = 2;
  [canvas.width, canvas.height] = [COLUMNS * scale, ROWS * scale];
  const context = canvas.getContext("2d")!;
  canvas.classList.toggle("none", picture[0] === 255);
  if (picture[0] === 255) return;
  for (let row = 0; row < ROWS; row++) {
    for (let from = 0; from < COLUMNS; ) {
      const ink = picture[row * COLUMNS + from]!;
      let to = from + 1;
      while (to < COLUMNS && picture[row * COLUMNS + to] === ink) to++;
      if (ink > 0) {
        context.fillStyle = inks[ink]!;
        context.fillRect(from * scale, row * scale, (to - from) * scale, scale);
      }
      from = to;
    }
  }
}
