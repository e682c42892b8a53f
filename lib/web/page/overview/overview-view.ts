import { DURATION_BORDERS, TEMPO_FROM, TEMPO_STEP } from "../../../library/catalog/bins.ts";
import { ask, type Overview } from "../base/api.ts";
import { h, refill } from "../base/dom.ts";
import { bytes, camelot, clock, count, hueOf, keyName, percent, shown, whole } from "../base/texts.ts";
import type { View } from "../base/view.ts";

const AGAIN_MS = 2_000;

/** What the library holds, what it spends on copies, what failed and why, and what goes on now. */
export function overviewView(): View {
  const body = h("div", { class: "overview" });
  const open = new Set<string>();
  let timer = 0;
  let last: Overview | null = null;
  let stopped = false;

  const look = async () => {
    try {
      const next = await ask("overview.json");
      const rates = last && ratesBetween(last, next);
      last = next;
      if (!stopped) draw(body, next, rates, open);
    } catch (error) {
      if (last === null)
        refill(
          body,
          h(
            "div",
            { class: "empty" },
            h("h2", null, "The library does not answer"),
            h("p", null, shown((error as Error).message)),
          ),
        );
    }
    if (!stopped) timer = setTimeout(() => void look(), AGAIN_MS) as unknown as number;
  };
  void look();
  return {
    element: body,
    title: "Overview · midiworks",
    follow() {},
    key: () => false,
    leave() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

interface Rates {
  readonly imported: number;
  readonly analysed: number;
  readonly split: number;
}

function ratesBetween(a: Overview, b: Overview): Rates {
  const seconds = Math.max(0.5, (Date.parse(b.status.at) - Date.parse(a.status.at)) / 1000);
  const rate = (of: (overview: Overview) => number) => Math.max(0, (of(b) - of(a)) / seconds);
  return {
    imported: rate(({ status }) => status.contents.count),
    analysed: rate(({ status }) => status.analysis.done),
    split: rate(({ status }) => status.split.done),
  };
}

function draw(body: HTMLElement, overview: Overview, rates: Rates | null, open: Set<string>): void {
  const { status, copies, pieces } = overview;
  const top = body.scrollTop;
  const pending = status.analysis.pending + status.analysis.claimed;
  refill(
    body,
    h(
      "section",
      { class: "figures", "aria-label": "In figures" },
      figure(whole(pieces), "pieces", "analysed, and still somewhere", "/library"),
      figure(
        whole(status.places.present),
        "places",
        `${whole(status.contents.count)} different files, ${bytes(status.contents.bytes)}`,
      ),
      figure(
        whole(copies.copies),
        "copies beyond the first",
        copies.copies > 0 ? `${bytes(copies.bytes)} of ${count(copies.contents, "file")}` : "nothing lies here twice",
      ),
      figure(
        whole(status.parts.count),
        status.parts.estimated ? "parts, about" : "parts",
        `cut from ${count(status.split.done, "piece")}`,
      ),
      figure(whole(status.contents.repaired), "repaired", "damaged, and read all the same", "/library?repaired=yes"),
      figure(
        whole(failed(overview)),
        "failed",
        pending > 0 ? `${whole(pending)} still to analyse` : "nothing is pending",
      ),
    ),
    runs(overview, rates),
    h(
      "div",
      { class: "charts" },
      tempoChart(overview),
      keyChart(overview),
      lengthChart(overview),
      listChart("Instruments", overview.facets.family, "instrument"),
      listChart("Meters", overview.facets.meter, "meter"),
      listChart("Tags", overview.facets.tag, "tag"),
    ),
    failures(overview, open),
    h("p", { class: "faint where" }, shown(status.library)),
  );
  body.scrollTop = top;
}

const failed = ({ status }: Overview) =>
  status.contents.rejected + status.places.unreadable + status.analysis.failed + status.split.failed;

function figure(value: string, name: string, about: string, href: string | null = null): HTMLElement {
  const inner = [h("b", null, value), h("span", null, name), h("span", { class: "faint" }, about)];
  return href ? h("a", { class: "figure", href }, ...inner) : h("div", { class: "figure" }, ...inner);
}

/** Processes at work, with how far each step is. */
function runs({ status }: Overview, rates: Rates | null): HTMLElement | null {
  if (status.runs.length === 0) return null;
  const progress = (name: string, counts: Overview["status"]["analysis"], rate: number) => {
    const all = counts.done + counts.pending + counts.claimed + counts.failed;
    const share = all === 0 ? 1 : (counts.done + counts.failed) / all;
    const left = counts.pending + counts.claimed;
    return h(
      "div",
      { class: "progress" },
      h("span", null, name),
      h("progress", { max: 1, value: share, "aria-label": name }),
      h(
        "span",
        { class: "faint" },
        left === 0
          ? "done"
          : [
              `${whole(left)} to go`,
              rate >= 0.5 ? `${whole(Math.round(rate))} a second` : "",
              rate >= 0.5 ? `${clock(left / rate)} left` : "",
            ]
              .filter(Boolean)
              .join(", "),
      ),
    );
  };
  const rows = status.runs.map((run) =>
    h(
      "li",
      null,
      h("b", null, run.command),
      h(
        "span",
        { class: "faint" },
        `${shown(run.machine)}, process ${run.pid}, since ${new Date(run.startedAt).toLocaleTimeString()}${run.leaseSeconds < 0 ? ", not heard of lately" : ""}`,
      ),
    ),
  );
  return h(
    "section",
    { class: "card live" },
    h(
      "h3",
      null,
      h("span", null, h("i", { class: "pulse" }), "At work now"),
      rates && rates.imported >= 0.5
        ? h("span", { class: "faint" }, `${whole(Math.round(rates.imported))} new files a second`)
        : null,
    ),
    h("ul", { class: "list" }, ...rows),
    progress("Analysis", status.analysis, rates?.analysed ?? 0),
    progress("Parts", status.split, rates?.split ?? 0),
  );
}

function chart(title: string, ...children: Node[]): HTMLElement {
  return h("section", { class: "card" }, h("h3", null, title), ...children);
}

function tempoChart({ facets }: Overview): HTMLElement {
  const most = Math.max(...facets.tempo, 1);
  const columns = facets.tempo.map((n, i) => {
    const [from, to] = [TEMPO_FROM + i * TEMPO_STEP, TEMPO_FROM + (i + 1) * TEMPO_STEP];
    const range = i === 0 ? `-${to}` : i === facets.tempo.length - 1 ? `${from}-` : `${from}-${to}`;
    return column(n, most, `${range} bpm`, `/library?bpm=${range}`);
  });
  return chart(
    "Tempo",
    h("div", { class: "bars tall" }, ...columns),
    axis(`${TEMPO_FROM} bpm`, `${TEMPO_FROM + (facets.tempo.length - 1) * TEMPO_STEP}+`),
  );
}

function lengthChart({ facets }: Overview): HTMLElement {
  const most = Math.max(...facets.duration, 1);
  const columns = facets.duration.map((n, i) => {
    const range = i === 0 ? `-${DURATION_BORDERS[0]}` : `${DURATION_BORDERS[i - 1]}-${DURATION_BORDERS[i] ?? ""}`;
    return column(
      n,
      most,
      `${clock(DURATION_BORDERS[i - 1] ?? 0)} to ${i < DURATION_BORDERS.length ? clock(DURATION_BORDERS[i]!) : "the longest"}`,
      `/library?duration=${range}`,
    );
  });
  return chart(
    "Length",
    h("div", { class: "bars tall" }, ...columns),
    axis("0:00", `${clock(DURATION_BORDERS.at(-1)!)}+`),
  );
}

function column(n: number, most: number, name: string, href: string): HTMLElement {
  return h("a", {
    class: n > 0 ? "bar some" : "bar",
    href,
    style: `--share:${n > 0 ? Math.max(0.03, n / most) : 0}`,
    title: `${name}: ${whole(n)}`,
    "aria-label": `${name}: ${whole(n)}`,
  });
}

const axis = (from: string, to: string) =>
  h("div", { class: "axis faint", "aria-hidden": "true" }, h("span", null, from), h("span", null, to));

function keyChart({ facets }: Overview): HTMLElement {
  const most = Math.max(...facets.key, 1);
  const order = Array.from({ length: 24 }, (_, code) => code).sort(
    (a, b) => Number.parseInt(camelot(a), 10) - Number.parseInt(camelot(b), 10) || (b & 1) - (a & 1),
  );
  const cells = order.map((code) =>
    h(
      "a",
      {
        class: "key-cell",
        href: `/library?key=${camelot(code)}`,
        style: `--hue:${hueOf(code)};--share:${Math.sqrt(facets.key[code]! / most)}`,
        title: `${keyName(code)}: ${whole(facets.key[code]!)}`,
      },
      h("b", null, keyName(code)),
      h("span", null, whole(facets.key[code]!)),
    ),
  );
  return chart("Key", h("div", { class: "keys" }, ...cells));
}

function listChart(title: string, choices: readonly { name: string; count: number }[], flag: string): HTMLElement {
  const most = Math.max(...choices.map((choice) => choice.count), 1);
  if (choices.length === 0) return chart(title, h("p", { class: "faint" }, "none known"));
  const rows = choices.slice(0, 10).map((choice) =>
    h(
      "a",
      {
        class: "choice",
        href: `/library?${new URLSearchParams({ [flag]: choice.name })}`,
        style: `--share:${choice.count / most}`,
      },
      h("span", { dir: "auto" }, shown(choice.name)),
      h("span", { class: "count" }, whole(choice.count)),
    ),
  );
  return chart(title, h("div", { class: "choices" }, ...rows));
}

/** Failures by their reasons; the paths of each are a press away. */
function failures({ status }: Overview, open: Set<string>): HTMLElement | null {
  if (status.failures.length === 0) return null;
  const all = status.failures.reduce((sum, each) => sum + each.count, 0);
  const groups = status.failures.map((group) => {
    const name = `${group.phase}/${group.reason}`;
    const paths = h("ul", { class: "plain paths" });
    const details = h(
      "details",
      { class: "reason", open: open.has(name) },
      h(
        "summary",
        null,
        h("span", { class: "chip" }, group.phase),
        h("span", { dir: "auto", class: "why" }, shown(group.reason)),
        h("span", { class: "count" }, `${whole(group.count)} · ${percent(group.count / all)}`),
      ),
      paths,
    );
    const load = async () => {
      const { places } = await ask("failures.json", new URLSearchParams({ phase: group.phase, reason: group.reason }));
      refill(
        paths,
        ...places.map(({ path, id }) =>
          h(
            "li",
            null,
            id === null
              ? h("code", { dir: "auto" }, shown(path ?? ""))
              : h("a", { href: `/piece/${id}` }, h("code", { dir: "auto" }, shown(path ?? `content ${id}`))),
          ),
        ),
        group.count > places.length
          ? h("li", { class: "faint" }, `and ${whole(group.count - places.length)} more`)
          : null,
      );
    };
    details.addEventListener("toggle", () => {
      if (!details.open) return void open.delete(name);
      open.add(name);
      void load();
    });
    return details;
  });
  return h(
    "section",
    { class: "card" },
    h("h3", null, "What failed, and why", h("span", { class: "faint" }, whole(all))),
    ...groups,
  );
}
