import type { Piece } from "../base/api.ts";
import { h, icon, refill } from "../base/dom.ts";
import { shown } from "../base/texts.ts";
import { COLUMNS, type Column } from "./columns.ts";
import { createPictures } from "./pictures.ts";
import type { Rows } from "./rows.ts";

const ROW = 52;
/** A browser makes no element higher than some 33 million pixels: longer lists are scrolled at a scale. */
const HIGHEST = 12_000_000;

export interface TableEvents {
  /** A head was pressed. */
  sort(by: string): void;
  open(piece: Piece): void;
  play(piece: Piece): void;
  tick(piece: Piece): void;
  /** The row the person is at has changed. */
  move(piece: Piece): void;
}

/** A table of any length of which only what is seen exists. */
export interface Table {
  readonly element: HTMLElement;
  setRows(rows: Rows): void;
  setColumns(names: readonly string[]): void;
  setSort(by: string, reverse: boolean): void;
  setTicked(has: (id: number) => boolean): void;
  setPlaying(id: number | null, playing: boolean): void;
  draw(): void;
  key(event: KeyboardEvent): boolean;
}

interface Line {
  readonly element: HTMLElement;
  readonly tick: HTMLInputElement;
  readonly play: HTMLButtonElement;
  readonly picture: HTMLCanvasElement;
  readonly cells: HTMLElement;
  shown: string;
}

export function createTable(events: TableEvents): Table {
  const pictures = createPictures();
  const head = h("div", { class: "row heads", role: "row" });
  const sheet = h("div", { class: "sheet", role: "rowgroup" });
  const scroller = h("div", { class: "scroller", role: "grid", tabindex: 0, "aria-label": "Pieces" }, head, sheet);
  const empty = h("div", { class: "empty", hidden: true });
  const element = h("div", { class: "table" }, scroller, empty);
  const lines: Line[] = [];
  let columns: readonly Column[] = [];
  let rows: Rows | null = null;
  let sorted = { by: "added", reverse: false };
  let isTicked: (id: number) => boolean = () => false;
  let playing = { id: null as number | null, on: false };
  let cursor = 0;
  /** Pixels from the first row, of all there would be without scale. */
  let top = 0;
  let version = 0;

  const total = () => rows?.total ?? 0;
  const height = () => scroller.clientHeight - head.offsetHeight;
  const full = () => Math.max(total() * ROW, 1);
  const scale = () => {
    const most = Math.min(full(), HIGHEST) - height();
    return most > 0 ? Math.max(1, (full() - height()) / most) : 1;
  };
  const scrollTo = (next: number) => {
    top = Math.max(0, Math.min(next, full() - height()));
    scroller.scrollTop = top / scale();
    draw();
  };
  scroller.addEventListener("scroll", () => {
    const next = scroller.scrollTop * scale();
    // At a scale one pixel stands for several rows: what was scrolled to exactly stays.
    if (Math.abs(next - top) > scale()) top = next;
    draw();
  });
  scroller.addEventListener(
    "wheel",
    (event) => {
      if (scale() === 1 || event.ctrlKey) return;
      event.preventDefault();
      scrollTo(top + event.deltaY * (event.deltaMode === 1 ? ROW : 1));
    },
    { passive: false },
  );
  new ResizeObserver(() => draw()).observe(scroller);

  const line = (): Line => {
    const tick = h("input", { type: "checkbox", tabindex: -1, "aria-label": "Pick" });
    const play = h("button", { class: "play", type: "button", tabindex: -1 });
    const picture = h("canvas", { class: "picture", "aria-hidden": "true" });
    const cells = h("div", { class: "cells" });
    const row = h(
      "div",
      { class: "row", role: "row" },
      h("span", { class: "lead", role: "gridcell" }, tick, play, picture),
      cells,
    );
    const made: Line = { element: row, tick, play, picture, cells, shown: "" };
    const piece = () => rows?.at(Number(row.dataset.row));
    const withPiece = (act: (piece: Piece) => void) => (event: Event) => {
      const found = piece();
      event.stopPropagation();
      if (!found) return;
      cursor = Number(row.dataset.row);
      act(found);
      draw();
    };
    tick.addEventListener("change", withPiece(events.tick));
    tick.addEventListener("click", (event) => event.stopPropagation());
    play.addEventListener("click", withPiece(events.play));
    row.addEventListener("click", withPiece(events.move));
    row.addEventListener("dblclick", withPiece(events.open));
    return made;
  };

  const drawHead = () => {
    const heads = columns.map((column) => {
      const is = column.sort !== undefined && column.sort === sorted.by;
      const label = column.sort
        ? h(
            "button",
            { class: "quiet", type: "button", tabindex: -1, onclick: () => events.sort(column.sort!) },
            column.title,
            is ? h("i", { class: sorted.reverse ? "arrow down" : "arrow" }) : null,
          )
        : column.title;
      return h(
        "span",
        {
          class: column.right ? "cell right" : "cell",
          role: "columnheader",
          "aria-sort": is ? (sorted.reverse ? "descending" : "ascending") : null,
        },
        label,
      );
    });
    refill(
      head,
      h("span", { class: "lead", role: "columnheader", "aria-label": "Pick and play" }),
      h("div", { class: "cells" }, ...heads),
    );
    element.style.setProperty("--columns", columns.map(({ width }) => width).join(" "));
    scroller.setAttribute("aria-colcount", String(columns.length + 1));
  };

  const fillLine = (at: Line, row: number) => {
    const piece = rows?.at(row);
    const isPlaying = piece !== undefined && piece.id === playing.id;
    const now = `${version}/${row}/${piece?.id}`;
    at.element.dataset.row = String(row);
    at.element.classList.toggle("at", row === cursor);
    at.element.classList.toggle("sounding", isPlaying);
    at.element.setAttribute("aria-rowindex", String(row + 2));
    at.element.setAttribute("aria-selected", String(row === cursor));
    at.element.id = `row-${row}`;
    if (piece) {
      at.tick.checked = isTicked(piece.id);
      const label = isPlaying && playing.on ? "pause" : "play";
      if (at.play.dataset.icon !== label) {
        at.play.dataset.icon = label;
        refill(at.play, icon(label));
      }
      at.play.setAttribute("aria-label", `${label === "play" ? "Play" : "Pause"} ${shown(piece.title)}`);
    }
    if (at.shown === now) return;
    at.shown = now;
    at.element.classList.toggle("coming", piece === undefined);
    if (!piece) return refill(at.cells, ...columns.map(() => h("span", { class: "cell" }, h("i", { class: "bone" }))));
    pictures.draw(at.picture, piece.id);
    refill(
      at.cells,
      ...columns.map((column) =>
        h("span", { class: column.right ? "cell right" : "cell", role: "gridcell" }, column.cell(piece)),
      ),
    );
  };

  const draw = () => {
    const count = total();
    const isEmpty = rows !== null && rows.total === 0;
    scroller.classList.toggle("vacant", isEmpty || rows?.error != null);
    empty.hidden = !isEmpty && rows?.error == null;
    sheet.style.height = `${Math.min(full(), HIGHEST)}px`;
    scroller.setAttribute("aria-rowcount", String(count + 1));
    const first = Math.floor(top / ROW);
    const seen = Math.ceil(height() / ROW) + 1;
    const skeleton = rows?.total === null ? Math.min(seen, 12) : 0;
    const needed = Math.min(seen, Math.max(count - first, skeleton));
    while (lines.length < needed) {
      const made = line();
      lines.push(made);
      sheet.append(made.element);
    }
    const base = scroller.scrollTop;
    for (const [i, at] of lines.entries()) {
      at.element.hidden = i >= needed;
      if (i >= needed) continue;
      at.element.style.transform = `translateY(${base + (first + i) * ROW - top}px)`;
      fillLine(at, first + i);
    }
    scroller.setAttribute("aria-activedescendant", count > 0 ? `row-${cursor}` : "");
    if (count > 0) rows?.want(first, Math.min(count, first + seen) - 1);
  };

  const moveTo = async (next: number) => {
    cursor = Math.max(0, Math.min(next, total() - 1));
    if (cursor * ROW < top) scrollTo(cursor * ROW);
    else if ((cursor + 1) * ROW > top + height()) scrollTo((cursor + 1) * ROW - height());
    else draw();
    const [here, list] = [cursor, rows];
    const piece = await list?.get(here);
    if (piece && cursor === here && rows === list) events.move(piece);
  };

  return {
    element,
    setRows(next) {
      rows?.close();
      rows = next;
      cursor = 0;
      version++;
      scrollTo(0);
    },
    setColumns(names) {
      columns = names.flatMap((name) => COLUMNS.find((column) => column.name === name) ?? []);
      version++;
      drawHead();
      draw();
    },
    setSort(by, reverse) {
      sorted = { by, reverse };
      drawHead();
    },
    setTicked(has) {
      isTicked = has;
      draw();
    },
    setPlaying(id, on) {
      playing = { id, on };
      draw();
    },
    draw,
    key(event) {
      const page = Math.max(1, Math.floor(height() / ROW) - 1);
      const steps: Record<string, number> = {
        ArrowDown: 1,
        ArrowUp: -1,
        PageDown: page,
        PageUp: -page,
        Home: -total(),
        End: total(),
        j: 1,
        k: -1,
      };
      const step = steps[event.key];
      if (step !== undefined) {
        void moveTo(cursor + step);
        return true;
      }
      const act = { Enter: events.open, " ": events.play, x: events.tick }[event.key];
      const piece = rows?.at(cursor);
      if (!act || !piece || (event.target as Element).closest("button, a, summary, [role=checkbox], [role=option]"))
        return false;
      act(piece);
      draw();
      return true;
    },
  };
}
