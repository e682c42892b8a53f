import { ask } from "../base/api.ts";
import { h, icon } from "../base/dom.ts";
import { count, shown } from "../base/texts.ts";

export interface TakeAlong {
  readonly element: HTMLElement;
  /** `query` finds what is shown; `ticked` are picked pieces, which are taken instead. */
  draw(query: URLSearchParams, total: number | null, ticked: ReadonlySet<number>): void;
}

/** A copy of so many paths is a list one may want to look at; more are a download. */
const MOST_COPIED = 5_000;

/** What can be done with what was found, or with what was picked from it. */
export function createTakeAlong(say: (text: string) => void, clear: () => void): TakeAlong {
  const summary = h("summary", { class: "button" }, icon("take"), h("span", null, "Take along"));
  const menu = h("div", { class: "menu" });
  const element = h("details", { class: "drop" }, summary, menu);
  const close = () => (element.open = false);
  window.addEventListener("click", (event) => {
    if (!element.contains(event.target as Node)) close();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    summary.focus();
  });
  return {
    element,
    draw(query, total, ticked) {
      const what = ticked.size > 0 ? new URLSearchParams({ ids: [...ticked].join(",") }) : query;
      const many = ticked.size > 0 ? ticked.size : (total ?? 0);
      const link = (extension: string, text: string, about: string) =>
        h(
          "a",
          { href: `/library.${extension}?${what}`, download: `midiworks.${extension}`, onclick: close },
          h("b", null, text),
          h("span", { class: "faint" }, about),
        );
      const act = (text: string, about: string, run: () => void) =>
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              close();
              run();
            },
          },
          h("b", null, text),
          h("span", { class: "faint" }, about),
        );
      menu.replaceChildren(
        h(
          "p",
          { class: "faint" },
          ticked.size > 0 ? `${count(many, "picked piece")}` : `all ${count(many, "piece")} found`,
          ticked.size > 0 ? h("button", { type: "button", class: "quiet", onclick: clear }, "Clear") : "",
        ),
        link("zip", "Files as ZIP", "as they lie on the disk"),
        link("m3u8", "Playlist", "M3U, for players"),
        link("csv", "Table as CSV", "for spreadsheets"),
        link("json", "Data as JSON", "all that is known"),
        act("Copy paths", "one a line", () => void copyPaths(what, many, say)),
        act("Copy command line", "the same search at a terminal", () => void copy(commandLine(query), say)),
        act("Copy address", "of this list", () => void copy(location.href, say)),
      );
      summary.lastChild!.textContent = ticked.size > 0 ? `Take ${ticked.size} along` : "Take along";
      summary.classList.toggle("on", ticked.size > 0);
    },
  };
}

async function copyPaths(query: URLSearchParams, many: number, say: (text: string) => void): Promise<void> {
  if (many > MOST_COPIED) return say(`${count(many, "path")} are too many to copy: take the CSV`);
  const paths: string[] = [];
  for (let from = 0; from < many; from += 500) {
    const part = new URLSearchParams(query);
    part.set("from", `${from}`);
    part.set("count", "500");
    paths.push(...(await ask("library.json", part)).pieces.map(({ file }) => file));
  }
  await copy(paths.join("\n"), say);
}

async function copy(text: string, say: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(text.includes("\n") ? `Copied ${count(text.split("\n").length, "line")}` : `Copied: ${shown(text)}`);
  } catch {
    say("The browser does not allow copying here");
  }
}

const ORDERS: Readonly<Record<string, string>> = { tempo: "tempo", key: "key", duration: "duration" };

/** The same search for a shell. */
function commandLine(query: URLSearchParams): string {
  const words = [...query].flatMap(([name, value]) => {
    if (name === "columns" || name === "repaired") return [];
    if (name === "sort") return ORDERS[value] ? [`--sort ${ORDERS[value]}`] : [];
    if (["reverse", "octaves", "compatible"].includes(name)) return [`--${name}`];
    return [`--${name} ${/^[\w./:,+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`];
  });
  return ["bun scripts/search.ts", ...words].join(" ");
}
