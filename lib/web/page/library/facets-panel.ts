import { DURATION_BORDERS, TEMPO_FROM, TEMPO_STEP } from "../../../library/catalog/bins.ts";
import type { Facets, Settings } from "../base/api.ts";
import { h, icon, refill } from "../base/dom.ts";
import { camelot, clock, keyName, percent, shown, whole } from "../base/texts.ts";
import { bars } from "./bars.ts";
import { keyWheel } from "./key-wheel.ts";

/** Criteria that have a facet of their own; the others have a field under "More". */
const OWN = new Set([
  "bpm",
  "octaves",
  "key",
  "compatible",
  "meter",
  "min-confidence",
  "duration",
  "instrument",
  "drums",
  "performed",
  "repaired",
  "loop",
  "tag",
  "text",
]);
/** Choices before "more". */
const FEW = 8;

/** What can be asked for, with how many pieces each choice would leave. `change` gets a copy of the query to alter. */
export interface FacetsPanel {
  readonly element: HTMLElement;
  draw(query: URLSearchParams, facets: Facets | null): void;
}

export function createFacetsPanel(
  settings: Settings,
  change: (alter: (query: URLSearchParams) => void) => void,
): FacetsPanel {
  const element = h("aside", { class: "facets", "aria-label": "Filters" });
  const open = new Set<string>();
  let last: { query: URLSearchParams; facets: Facets } | null = null;

  const set = (name: string, value: string | null) =>
    change((query) => (value === null || value === "" ? query.delete(name) : query.set(name, value)));
  const toggle = (name: string, value: string) =>
    change((query) => {
      const values = query.getAll(name);
      query.delete(name);
      for (const each of values.includes(value) ? values.filter((other) => other !== value) : [...values, value])
        query.append(name, each);
    });

  const section = (name: string, title: string, body: Node | null, about = "") =>
    body &&
    h(
      "section",
      { class: "facet", "data-facet": name },
      h("h3", null, title, about ? h("span", { class: "faint" }, about) : null),
      body,
    );

  const choices = (
    name: string,
    label: string,
    all: readonly { name: string; count: number }[],
    chosen: readonly string[],
    text = (value: string) => value,
  ) => {
    const missing = chosen
      .filter((value) => !all.some((choice) => choice.name === value))
      .map((value) => ({ name: value, count: 0 }));
    const list = [...missing, ...all];
    if (list.length === 0) return null;
    const most = Math.max(...list.map(({ count }) => count), 1);
    const seen = open.has(label) ? list : list.filter((choice, i) => i < FEW || chosen.includes(choice.name));
    const items = seen.map((choice) => {
      const on = chosen.includes(choice.name);
      return h(
        "button",
        {
          type: "button",
          class: on ? "choice on" : "choice",
          role: "checkbox",
          "aria-checked": String(on),
          style: `--share:${choice.count / most}`,
          onclick: () => toggle(name, choice.name),
        },
        h("span", { dir: "auto" }, shown(text(choice.name))),
        h("span", { class: "count" }, whole(choice.count)),
      );
    });
    const more =
      list.length > FEW &&
      h(
        "button",
        { type: "button", class: "quiet more", onclick: () => expand(label) },
        open.has(label) ? "Fewer" : `${list.length - FEW} more`,
      );
    return h("div", { class: "choices", role: "group", "aria-label": label }, ...items, more);
  };
  const expand = (label: string) => {
    if (!open.delete(label)) open.add(label);
    if (last) draw(last.query, last.facets);
  };

  const yesNo =
    (name: string, label: string, counts: Facets["drums"], words: readonly [yes: string, no: string]) =>
    (query: URLSearchParams) => {
      const value = query.get(name) ?? "";
      const option = (now: string, text: string, count: number | null) =>
        h(
          "button",
          {
            type: "button",
            class: value === now ? "on" : "",
            role: "radio",
            "aria-checked": String(value === now),
            onclick: () => set(name, now),
          },
          text,
          count === null ? null : h("span", { class: "count" }, whole(count)),
        );
      return h(
        "div",
        { class: "segments", role: "radiogroup", "aria-label": label },
        option("", "Any", null),
        option("yes", words[0], counts.yes),
        option("no", words[1], counts.no),
      );
    };

  const draw = (query: URLSearchParams, facets: Facets | null) => {
    if (!facets) return;
    last = { query, facets };
    const keys = new Set(query.getAll("key"));
    const codes = new Set(
      Array.from({ length: 24 }, (_, code) => code).filter(
        (code) => keys.has(camelot(code)) || keys.has(keyName(code)),
      ),
    );
    const sureness = query.get("min-confidence") ?? "";
    const scrolled = element.scrollTop;
    const focused = focusOf(element);
    refill(
      element,
      section(
        "bpm",
        "Tempo",
        h(
          "div",
          null,
          bars({
            label: "Tempo in beats a minute",
            counts: facets.tempo,
            borders: Array.from({ length: facets.tempo.length + 1 }, (_, i) => TEMPO_FROM + i * TEMPO_STEP),
            text: (value) => `${value}`,
            value: query.get("bpm") ?? "",
            placeholder: "118-124, 120, 140-",
            chosen: rangeOf(query.get("bpm"), Number, 0.5),
            write: (from, to) => written(from, to, String),
            choose: (range) =>
              change((next) => {
                if (range) next.set("bpm", range);
                else for (const name of ["bpm", "octaves"]) next.delete(name);
              }),
          }),
          query.has("bpm") ? check("octaves", "Half and double, too", query, set) : null,
        ),
        "bpm",
      ),
      section(
        "key",
        "Key",
        h(
          "div",
          null,
          keyWheel(facets.key, codes, (code) =>
            change((next) => {
              const values = next.getAll("key").filter((value) => value !== camelot(code) && value !== keyName(code));
              next.delete("key");
              for (const value of codes.has(code) ? values : [...values, camelot(code)]) next.append("key", value);
              if (!next.has("key")) next.delete("compatible");
            }),
          ),
          keys.size > 0 ? check("compatible", "Compatible keys, too", query, set) : null,
        ),
      ),
      section("drums", "Drums", yesNo("drums", "Drums", facets.drums, ["With", "Without"])(query)),
      section(
        "duration",
        "Length",
        bars({
          label: "Length in seconds or minutes",
          counts: facets.duration,
          borders: [0, ...DURATION_BORDERS, 3600],
          text: (value) => clock(value),
          value: query.get("duration") ?? "",
          placeholder: "2:00-3:30, -10",
          chosen: rangeOf(query.get("duration"), seconds, 0.5),
          write: (from, to) => written(from, to, String),
          choose: (range) => set("duration", range),
        }),
      ),
      section(
        "family",
        "Instruments",
        choices(
          "instrument",
          "Families",
          facets.family,
          query.getAll("instrument").filter((name) => facets.family.some((each) => each.name === name)),
        ),
      ),
      section(
        "instrument",
        "Single instruments",
        choices(
          "instrument",
          "Instruments",
          facets.instrument,
          query.getAll("instrument").filter((name) => !facets.family.some((each) => each.name === name)),
        ),
      ),
      section("meter", "Meter", choices("meter", "Meter", facets.meter, query.getAll("meter"))),
      section("loop", "Loops", loops(facets, query, set)),
      section("tag", "Tags", choices("tag", "Tags", facets.tag, query.getAll("tag")), "from names and folders"),
      section("performed", "Played", yesNo("performed", "Played", facets.performed, ["By hand", "Written"])(query)),
      section("repaired", "Repaired", yesNo("repaired", "Repaired", facets.repaired, ["Yes", "No"])(query)),
      section("min-confidence", "Sure of tempo, key, meter", confidence(facets, sureness, set), "where asked for"),
      more(settings, query, set, open),
    );
    element.scrollTop = scrolled;
    focusAgain(element, focused);
  };
  return { element, draw };
}

/** The panel is made anew at each change: who was at a choice stays there. */
function focusOf(element: HTMLElement): string | null {
  const at = document.activeElement;
  if (!at || !element.contains(at)) return null;
  return `${at.closest("section")?.dataset.facet}/${at.getAttribute("aria-label") ?? at.firstElementChild?.textContent ?? at.textContent}`;
}

function focusAgain(element: HTMLElement, focused: string | null): void {
  if (focused === null) return;
  for (const candidate of element.querySelectorAll<HTMLElement>("button, input, [tabindex]")) {
    const name = `${candidate.closest("section")?.dataset.facet}/${candidate.getAttribute("aria-label") ?? candidate.firstElementChild?.textContent ?? candidate.textContent}`;
    if (name !== focused) continue;
    candidate.focus({ preventScroll: true });
    return;
  }
}

type Setter = (name: string, value: string | null) => void;

function check(name: string, text: string, query: URLSearchParams, set: Setter): HTMLElement {
  const box = h("input", { type: "checkbox", checked: query.has(name) });
  box.addEventListener("change", () => set(name, box.checked ? "yes" : null));
  return h("label", { class: "check" }, box, text);
}

function loops(facets: Facets, query: URLSearchParams, set: Setter): HTMLElement | null {
  const now = query.get("loop");
  const all = [{ name: "any", count: facets.loop.reduce((sum, { count }) => sum + count, 0) }, ...facets.loop];
  if (all[0]!.count === 0 && now === null) return null;
  return h(
    "div",
    { class: "chips", role: "radiogroup", "aria-label": "Loops of so many bars" },
    ...all.map(({ name, count }) =>
      h(
        "button",
        {
          type: "button",
          class: now === name ? "chip on" : "chip",
          role: "radio",
          "aria-checked": String(now === name),
          onclick: () => set("loop", now === name ? null : name),
        },
        name === "any" ? "Any" : `${name} ${name === "1" ? "bar" : "bars"}`,
        h("span", { class: "count" }, whole(count)),
      ),
    ),
  );
}

function confidence(facets: Facets, value: string, set: Setter): HTMLElement {
  const slider = h("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    value: value || 0,
    "aria-label": "Least confidence",
  });
  const said = h("span", { class: "faint" }, value ? `at least ${percent(Number(value))}` : "any");
  slider.addEventListener(
    "input",
    () => (said.textContent = Number(slider.value) > 0 ? `at least ${percent(Number(slider.value))}` : "any"),
  );
  slider.addEventListener("change", () => set("min-confidence", Number(slider.value) > 0 ? slider.value : null));
  const rows = (["tempo", "key", "meter"] as const).map((name) => {
    const counts = facets.confidence[name];
    const most = Math.max(...counts, 1);
    const tenths = counts.map((count, i) =>
      h("i", {
        class: "bar some",
        style: `--share:${Math.sqrt(count / most)}`,
        title: `${name} ${i * 10} to ${i * 10 + 10} % sure: ${whole(count)}`,
      }),
    );
    return h(
      "div",
      { class: "sureness" },
      h("span", { class: "faint" }, name),
      h("div", { class: "bars small", "aria-hidden": "true" }, ...tenths),
    );
  });
  return h("div", null, ...rows, h("div", { class: "slide" }, slider, said));
}

/** Every other criterion of the search, as a field. */
function more(settings: Settings, query: URLSearchParams, set: Setter, open: Set<string>): HTMLElement | null {
  const rest = settings.criteria.filter(({ name }) => !OWN.has(name));
  if (rest.length === 0) return null;
  const fields = rest.map(({ name, type, hint, description, options }) => {
    if (type === "boolean") return check(name, description, query, set);
    const value = query.getAll(name).join(", ");
    const field = options
      ? h(
          "select",
          null,
          h("option", { value: "" }, "any"),
          ...options.map((option) => h("option", { value: option, selected: option === value }, option)),
        )
      : h("input", { type: "text", value, placeholder: hint.toLowerCase(), autocomplete: "off" });
    field.addEventListener("change", () => set(name, field.value.trim()));
    return h("label", { class: "field", title: description }, h("span", null, name.replaceAll("-", " ")), field);
  });
  const details = h(
    "details",
    { class: "facet", open: open.has("More") || rest.some(({ name }) => query.has(name)) },
    h("summary", null, "More", icon("down")),
    ...fields,
  );
  details.addEventListener("toggle", () => (details.open ? open.add("More") : open.delete("More")));
  return details;
}

function rangeOf(
  text: string | null,
  read: (text: string) => number,
  slack: number,
): { least: number | null; most: number | null } | null {
  const [, from, dash, to] = /^([\d.:]*)(-?)([\d.:]*)$/.exec(text?.trim() ?? "") ?? [];
  if (!from && !to) return null;
  if (!dash) return { least: read(from!) - slack, most: read(from!) + slack };
  return { least: from ? read(from) : null, most: to ? read(to) : null };
}

const seconds = (text: string) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

const written = (from: number | null, to: number | null, write: (value: number) => string) =>
  from === null && to === null ? "" : `${from === null ? "" : write(from)}-${to === null ? "" : write(to)}`;
