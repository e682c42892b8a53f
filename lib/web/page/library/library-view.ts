import { ask, type Facets, type Settings } from "../base/api.ts";
import { h, icon, refill } from "../base/dom.ts";
import { go, type Place } from "../base/place.ts";
import { count, shown, whole } from "../base/texts.ts";
import type { View } from "../base/view.ts";
import type { Shell } from "../shell/shell.ts";
import type { Player } from "../sound/player.ts";
import { COLUMNS, USUAL_COLUMNS } from "./columns.ts";
import { createFacetsPanel } from "./facets-panel.ts";
import { createRows, type Rows } from "./rows.ts";
import { createTable } from "./table.ts";
import { createTakeAlong } from "./take-along.ts";

/** What belongs to the page and not to the search. */
const NO_CRITERIA = new Set(["sort", "reverse", "columns"]);
/** A library that grows is looked at again so often. */
const AGAIN_MS = 5_000;

/** All pieces: facets at the left, the list of what they leave, and what can be done with it. */
export function libraryView(settings: Settings, player: Player, shell: Shell): View {
  const ticked = new Set<number>();
  let query = new URLSearchParams();
  let rows: Rows | null = null;
  let facets: Facets | null = null;
  let asking = new AbortController();
  let total: number | null = null;
  let state = "";

  const change = (alter: (query: URLSearchParams) => void) => {
    const next = new URLSearchParams(query);
    alter(next);
    go("/library", next);
  };
  const panel = createFacetsPanel(settings, change);
  const table = createTable({
    sort: (by) => change((next) => sortBy(next, by)),
    open: (piece) => go(`/piece/${piece.id}`),
    play: (piece) => player.toggle({ id: piece.id, title: piece.title }),
    tick(piece) {
      if (!ticked.delete(piece.id)) ticked.add(piece.id);
      drawTaking();
    },
    move(piece) {
      if (player.playing && player.piece?.id !== piece.id) void player.play({ id: piece.id, title: piece.title });
    },
  });
  const take = createTakeAlong(shell.say, () => {
    ticked.clear();
    drawTaking();
  });
  const found = h("h1", { class: "found", "aria-live": "polite" });
  const chips = h("div", { class: "chips active", "aria-label": "Asked for" });
  const filters = h(
    "button",
    { class: "button narrow", type: "button", "aria-expanded": "false", onclick: () => toggleFilters() },
    icon("filter"),
    "Filters",
  );
  const columns = columnsMenu(change);
  const element = h(
    "div",
    { class: "library" },
    panel.element,
    h(
      "div",
      { class: "results" },
      h("div", { class: "tools" }, found, filters, columns.element, take.element),
      chips,
      table.element,
    ),
  );
  const empty = table.element.querySelector<HTMLElement>(".empty")!;

  const toggleFilters = () => {
    const isOpen = element.classList.toggle("filters");
    filters.setAttribute("aria-expanded", String(isOpen));
  };
  const drawTaking = () => {
    table.setTicked((id) => ticked.has(id));
    take.draw(query, total, ticked);
  };
  const drawFound = (all: number | null) => {
    refill(
      found,
      total === null ? "…" : h("b", null, whole(total)),
      all === null || total === null
        ? ""
        : total === all
          ? ` ${all === 1 ? "piece" : "pieces"}`
          : h("span", { class: "faint" }, ` of ${count(all, "piece")}`),
    );
  };
  const askFacets = async () => {
    const { signal } = asking;
    try {
      const answer = await ask("facets.json", criteriaOf(query), signal);
      const known = `${answer.readAt}`;
      if (state !== "" && state !== known) list();
      state = known;
      facets = answer.facets;
      total = answer.total;
      panel.draw(query, facets);
      drawFound(answer.library);
      drawTaking();
      drawEmpty(empty, answer.library, query, change);
    } catch (error) {
      if ((error as Error).name === "AbortError") return;
      refill(empty, h("h2", null, "That cannot be asked"), h("p", null, shown((error as Error).message)));
      empty.hidden = false;
    }
  };
  const list = () => {
    rows = createRows(listQuery(query), () => {
      table.draw();
      if (rows?.error) {
        refill(empty, h("h2", null, "That cannot be asked"), h("p", null, shown(rows.error)));
        empty.hidden = false;
      }
    });
    table.setRows(rows);
  };
  setInterval(() => {
    if (element.isConnected && document.visibilityState === "visible") void askFacets();
  }, AGAIN_MS);
  player.onChange(() => table.setPlaying(player.piece?.id ?? null, player.playing));

  return {
    element,
    title: "Library · midiworks",
    follow(now: Place) {
      const same = listQuery(now.query).toString() === listQuery(query).toString() && rows !== null;
      query = now.query;
      const chosen = now.query.get("columns")?.split(",") ?? columns.remembered();
      table.setColumns(chosen);
      columns.draw(chosen);
      table.setSort(now.query.get("sort") ?? "added", now.query.has("reverse"));
      drawChips(chips, settings, query, change);
      if (same) return;
      asking.abort();
      asking = new AbortController();
      list();
      panel.draw(query, facets);
      void askFacets();
    },
    key: (event) => {
      if (event.key === "Escape" && element.classList.contains("filters")) {
        toggleFilters();
        return true;
      }
      return table.key(event);
    },
    leave() {},
  };
}

const criteriaOf = (query: URLSearchParams) =>
  new URLSearchParams([...query].filter(([name]) => !NO_CRITERIA.has(name)));
const listQuery = (query: URLSearchParams) => new URLSearchParams([...query].filter(([name]) => name !== "columns"));

/** Ascending, then descending, then as added. */
function sortBy(query: URLSearchParams, by: string): void {
  const [now, reverse] = [query.get("sort"), query.has("reverse")];
  query.delete("reverse");
  if (now !== by) query.set("sort", by);
  else if (!reverse) query.set("reverse", "yes");
  else query.delete("sort");
}

/** Every criterion that is asked for, to be seen and taken away. */
function drawChips(
  chips: HTMLElement,
  settings: Settings,
  query: URLSearchParams,
  change: (alter: (query: URLSearchParams) => void) => void,
): void {
  const asked = [...criteriaOf(query)];
  const plain = new Set(settings.criteria.filter(({ type }) => type === "boolean").map(({ name }) => name));
  const buttons = asked.map(([name, value]) =>
    h(
      "button",
      {
        type: "button",
        class: "chip on",
        "aria-label": `Remove ${name} ${shown(value)}`,
        onclick: () =>
          change((next) => {
            const rest = next.getAll(name).filter((other) => other !== value);
            next.delete(name);
            for (const other of rest) next.append(name, other);
            if (!next.has("bpm")) next.delete("octaves");
            if (!next.has("key")) next.delete("compatible");
          }),
      },
      h("span", { class: "faint" }, name.replaceAll("-", " ")),
      plain.has(name) ? "" : h("span", { dir: "auto" }, shown(value)),
      icon("close"),
    ),
  );
  const clear =
    asked.length > 1 &&
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () => change((next) => asked.forEach(([name]) => void next.delete(name))),
      },
      "Clear all",
    );
  refill(chips, ...buttons, clear);
  chips.hidden = asked.length === 0;
}

function drawEmpty(
  empty: HTMLElement,
  library: number,
  query: URLSearchParams,
  change: (alter: (query: URLSearchParams) => void) => void,
): void {
  if (library === 0) {
    refill(
      empty,
      h("div", { class: "rest", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"), h("i")),
      h("h2", null, "No music here yet"),
      h("p", null, "Give midiworks a folder of MIDI files, and come back: what it finds appears here by itself."),
      h("code", null, "bun scripts/orchestrate.ts --source ~/midi"),
    );
  } else {
    const asked = [...criteriaOf(query)];
    refill(
      empty,
      h("div", { class: "rest", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"), h("i")),
      h("h2", null, "Nothing fits all of that"),
      h("p", null, "What is not known of a piece never matches. Take away what matters least:"),
      h(
        "div",
        { class: "chips" },
        ...asked.map(([name, value]) =>
          h(
            "button",
            { type: "button", class: "chip", onclick: () => change((next) => next.delete(name)) },
            `without ${name.replaceAll("-", " ")} ${shown(value)}`,
          ),
        ),
      ),
    );
  }
}

/** Which columns are shown: in the address where they are not the usual ones, and remembered. */
function columnsMenu(change: (alter: (query: URLSearchParams) => void) => void) {
  const menu = h("div", { class: "menu" });
  const element = h(
    "details",
    { class: "drop" },
    h(
      "summary",
      { class: "button", "aria-label": "Columns" },
      icon("columns"),
      h("span", { class: "wide" }, "Columns"),
    ),
    menu,
  );
  window.addEventListener("click", (event) => {
    if (!element.contains(event.target as Node)) element.open = false;
  });
  const remembered = () =>
    (localStorage.getItem("columns")?.split(",") ?? USUAL_COLUMNS).filter((name) =>
      COLUMNS.some((column) => column.name === name),
    );
  return {
    element,
    remembered,
    draw(chosen: readonly string[]) {
      menu.replaceChildren(
        ...COLUMNS.map(({ name, title }) => {
          const box = h("input", { type: "checkbox", checked: chosen.includes(name), disabled: name === "title" });
          box.addEventListener("change", () => {
            const next = COLUMNS.map((column) => column.name).filter((other) =>
              other === name ? box.checked : chosen.includes(other),
            );
            localStorage.setItem("columns", next.join(","));
            change((query) => query.set("columns", next.join(",")));
          });
          return h("label", { class: "check" }, box, title);
        }),
      );
    },
  };
}
