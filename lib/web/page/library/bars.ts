import { h } from "../base/dom.ts";
import { whole } from "../base/texts.ts";

export interface BarsOptions {
  readonly label: string;
  /** Lower border of a bar, and upper border of the last. */
  readonly borders: readonly number[];
  readonly text: (value: number) => string;
  /** The range that is asked for, as in the address; "" for none. */
  readonly value: string;
  readonly placeholder: string;
  readonly counts: readonly number[];
  readonly choose: (range: string) => void;
  /** A range as the address writes it. */
  readonly write: (from: number | null, to: number | null) => string;
  readonly chosen: { readonly least: number | null; readonly most: number | null } | null;
}

/** A histogram to choose a range from by dragging, with a field that does the same for the keyboard. */
export function bars(options: BarsOptions): HTMLElement {
  const { borders, counts, chosen, text } = options;
  const most = Math.max(...counts, 1);
  let from = -1;
  let to = -1;
  const columns = counts.map((count, i) =>
    h("i", {
      class: count > 0 ? "bar some" : "bar",
      style: `--share:${count > 0 ? Math.max(0.04, Math.sqrt(count / most)) : 0}`,
      title: `${text(borders[i]!)} to ${text(borders[i + 1]!)}: ${whole(count)}`,
    }),
  );
  const mark = () => {
    const [low, high] = from < 0 ? [-1, -1] : [Math.min(from, to), Math.max(from, to)];
    for (const [i, column] of columns.entries()) {
      const within = low >= 0 ? i >= low && i <= high : chosen !== null && overlaps(borders, i, chosen);
      column.classList.toggle("in", within);
      column.classList.toggle("out", !within && (low >= 0 || chosen !== null));
    }
  };
  const chart = h("div", { class: "bars", "aria-hidden": "true" }, ...columns);
  const at = (event: PointerEvent) => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.max(0, Math.min(counts.length - 1, Math.floor(((event.clientX - left) / width) * counts.length)));
  };
  chart.addEventListener("pointerdown", (event) => {
    chart.setPointerCapture(event.pointerId);
    from = to = at(event);
    mark();
  });
  chart.addEventListener("pointermove", (event) => {
    if (from < 0) return;
    to = at(event);
    mark();
  });
  chart.addEventListener("pointerup", () => {
    if (from < 0) return;
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    from = -1;
    options.choose(
      options.write(low === 0 ? null : borders[low]!, high === counts.length - 1 ? null : borders[high + 1]!),
    );
  });
  mark();
  const field = h("input", {
    type: "text",
    value: options.value,
    placeholder: options.placeholder,
    "aria-label": options.label,
    autocomplete: "off",
  });
  field.addEventListener("change", () => options.choose(field.value.trim()));
  return h(
    "div",
    { class: "histogram" },
    chart,
    h(
      "div",
      { class: "axis faint", "aria-hidden": "true" },
      h("span", null, text(borders[0]!)),
      h("span", null, `${text(borders.at(-2)!)}+`),
    ),
    field,
  );
}

function overlaps(borders: readonly number[], i: number, { least, most }: NonNullable<BarsOptions["chosen"]>): boolean {
  const last = i === borders.length - 2;
  return (most === null || borders[i]! < most) && (least === null || last || borders[i + 1]! > least);
}
