import { h, refill } from "../base/dom.ts";
import type { Study } from "../base/study.ts";
import { shown } from "../base/texts.ts";

interface Line {
  readonly element: HTMLElement;
  readonly from: number;
  readonly words: readonly { readonly element: HTMLElement; readonly seconds: number }[];
}

/** The words as they are sung: the line of the moment, what was sung in it, and the next one. */
export function karaoke(
  study: Study,
  seek: (seconds: number) => void,
): { readonly element: HTMLElement; move(seconds: number | null): void } | null {
  const lines = linesOf(study.syllables).map(({ from, words }): Line => {
    const spans = words.map(({ seconds, text }) => ({ seconds, element: h("span", { class: "word" }, text) }));
    return {
      from,
      words: spans,
      element: h("p", { dir: "auto", onclick: () => seek(from) }, ...spans.map(({ element }) => element)),
    };
  });
  if (lines.length === 0) return null;
  const element = h(
    "div",
    { class: "karaoke", role: "region", "aria-label": "Lyrics", tabindex: 0 },
    ...lines.map((line) => line.element),
  );
  let at = -1;
  return {
    element,
    move(seconds) {
      const now = seconds === null ? -1 : lines.findLastIndex(({ from }) => from <= seconds + 0.6);
      if (now !== at) {
        lines[at]?.element.classList.remove("now");
        at = now;
        const line = lines[now];
        if (line) {
          line.element.classList.add("now");
          element.scrollTop = line.element.offsetTop - element.clientHeight / 2 + line.element.offsetHeight / 2;
        } else refill(element, ...lines.map((each) => each.element));
      }
      for (const word of lines[at]?.words ?? []) word.element.classList.toggle("sung", word.seconds <= (seconds ?? -1));
    },
  };
}

const LONGEST_LINE = 72;

/** Lines end where the file says so (a slash, a backslash, a line break), else where they are long or silence follows. */
function linesOf(syllables: Study["syllables"]): { from: number; words: { seconds: number; text: string }[] }[] {
  const lines: { from: number; words: { seconds: number; text: string }[] }[] = [];
  const marked = syllables.some(({ text }) => /^[\\/]|[\r\n]/.test(text));
  const spaced = syllables.some(({ text }) => /^[ \t]|[ \t][\r\n]*$/.test(text));
  let isNew = true;
  let length = 0;
  for (const [i, { seconds, text }] of syllables.entries()) {
    const pause = seconds - (syllables[i - 1]?.seconds ?? seconds) > 4;
    if (/^[\\/\r\n]/.test(text) || pause || (!marked && length > LONGEST_LINE / 2)) isNew = true;
    let word = text.replaceAll(/^[\\/]|[\r\n]/g, "");
    if (!spaced && word !== "") word = word.endsWith("-") ? word.slice(0, -1) : `${word} `;
    if (word !== "") {
      if (isNew || length > LONGEST_LINE) {
        lines.push({ from: seconds, words: [] });
        length = 0;
        isNew = false;
      }
      lines.at(-1)!.words.push({ seconds, text: shown(word) });
      length += word.length;
    }
    if (/[\r\n]$/.test(text)) isNew = true;
  }
  return lines;
}
