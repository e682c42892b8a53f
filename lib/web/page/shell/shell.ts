import { onConnection, type Settings } from "../base/api.ts";
import { h, icon, refill } from "../base/dom.ts";
import { go, onPlace, place } from "../base/place.ts";
import { shown } from "../base/texts.ts";
import type { View } from "../base/view.ts";
import type { Player } from "../sound/player.ts";
import { playerBar } from "./player-bar.ts";
import { toggleTheme } from "./theme.ts";

/** What stands around every view: the head with search and ways, what went wrong, and the player. */
export interface Shell {
  show(view: View, name: string): void;
  key(event: KeyboardEvent): boolean;
  /** Says something for a moment, also to a screen reader. */
  say(text: string): void;
}

export function createShell(settings: Settings, player: Player): Shell {
  const search = h("input", {
    type: "search",
    id: "search",
    placeholder: "Search words, or bpm:118-124 key:8A drums:yes",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Search the library",
  });
  const names = new Set(settings.criteria.map(({ name }) => name));
  const form = h(
    "form",
    { role: "search", class: "search", onsubmit: (event: Event) => submit(event, search, names) },
    icon("search"),
    search,
    h("kbd", { "aria-hidden": "true" }, "/"),
  );
  let late = 0;
  search.addEventListener("input", () => {
    clearTimeout(late);
    if (place().path === "/library" && !/:\S*$/.test(search.value))
      late = setTimeout(() => words(search.value, true), 180) as unknown as number;
  });
  const ways = [
    ["/library", "Library"],
    ["/overview", "Overview"],
  ].map(([path, name]) => h("a", { href: path!, class: "way" }, name));
  const alarm = h("div", { class: "alarm", role: "alert", hidden: true });
  const said = h("div", { class: "said", role: "status", "aria-live": "polite" });
  const main = h("main", { id: "main", tabindex: -1 });
  document.body.replaceChildren(
    h("a", { href: "#main", class: "skip" }, "Skip to content"),
    h(
      "header",
      { class: "head" },
      h(
        "a",
        { href: "/library", class: "brand", "aria-label": "midiworks, library" },
        mark(),
        h("span", null, "midiworks"),
      ),
      h("nav", { "aria-label": "Pages", class: "ways" }, ...ways),
      form,
      h(
        "button",
        { class: "quiet round", type: "button", onclick: toggleTheme, "aria-label": "Dark or light" },
        icon("theme"),
      ),
    ),
    alarm,
    main,
    playerBar(player),
    said,
  );
  onConnection((error) => {
    alarm.hidden = error === null;
    refill(alarm, error === null ? "" : `${shown(error)} Trying again.`);
    clearInterval(again);
    if (error !== null) again = setInterval(() => void retry(), 2000) as unknown as number;
  });
  let again = 0;
  onPlace((now) => {
    if (document.activeElement !== search) search.value = now.query.get("text") ?? "";
  });
  search.value = place().query.get("text") ?? "";
  let saidUntil = 0;
  return {
    show(view, name) {
      main.replaceChildren(view.element);
      document.title = view.title;
      for (const way of ways) {
        if (way.pathname === name) way.setAttribute("aria-current", "page");
        else way.removeAttribute("aria-current");
      }
    },
    key(event) {
      if (event.key !== "/") return false;
      search.focus();
      search.select();
      return true;
    },
    say(text) {
      said.textContent = text;
      clearTimeout(saidUntil);
      saidUntil = setTimeout(() => (said.textContent = ""), 3500) as unknown as number;
    },
  };
}

/** The server is asked quietly until it answers; then the page begins anew where it was. */
async function retry(): Promise<void> {
  const response = await fetch("/library.json?count=1").catch(() => null);
  if (response?.ok) location.reload();
}

/** `name:value` are criteria, everything else is words. */
function submit(event: Event, search: HTMLInputElement, names: ReadonlySet<string>): void {
  event.preventDefault();
  const query = place().path === "/library" ? place().query : new URLSearchParams();
  const rest: string[] = [];
  for (const piece of search.value.match(/[\w-]+:"[^"]*"|\S+/g) ?? []) {
    const [, name, value] = /^([\w-]+):"?([^"]*)"?$/.exec(piece) ?? [];
    if (name !== undefined && names.has(name)) query.append(name, value!);
    else rest.push(piece);
  }
  for (const name of ["bpm", "duration", "loop", "drums", "performed", "min-confidence"]) {
    const last = query.getAll(name).at(-1);
    if (last !== undefined) query.set(name, last);
  }
  if (rest.length > 0) query.set("text", rest.join(" "));
  else query.delete("text");
  search.value = rest.join(" ");
  go("/library", query);
}

function words(text: string, replace: boolean): void {
  const { query } = place();
  const had = query.has("text");
  if (/[\p{L}\p{N}]/u.test(text)) query.set("text", text.trim());
  else query.delete("text");
  go("/library", query, replace && had);
}

function mark(): HTMLElement {
  return h("span", { class: "mark", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"));
}
