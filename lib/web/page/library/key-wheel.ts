import { h, s } from "../base/dom.ts";
import { camelot, hueOf, keyName, whole } from "../base/texts.ts";

const TWO_PI = 2 * Math.PI;

/**
 * The keys as a wheel of fifths: major outside, minor inside, neighbours share all but one note. The fuller a field, the more
 * pieces. `chosen` are codes of keys.
 */
export function keyWheel(
  counts: readonly number[],
  chosen: ReadonlySet<number>,
  toggle: (code: number) => void,
): Element {
  const most = Math.max(...counts, 1);
  const fields = Array.from({ length: 24 }, (_, code) => {
    const place = Number.parseInt(camelot(code), 10) - 1;
    const minor = (code & 1) === 1;
    const [inner, outer] = minor ? [40, 68] : [70, 100];
    const middle = ((place - 0.5) / 12) * TWO_PI - Math.PI / 2 + TWO_PI / 24;
    const [x, y] = at((inner + outer) / 2, middle);
    const on = chosen.has(code);
    return s(
      "g",
      {
        class: on ? "field on" : "field",
        role: "checkbox",
        tabindex: 0,
        "aria-checked": String(on),
        "aria-label": `${keyName(code).replace("m", "")} ${minor ? "minor" : "major"}, ${camelot(code)}: ${whole(counts[code]!)}`,
        style: `--hue:${hueOf(code)};--share:${counts[code]! === 0 ? 0 : 0.18 + 0.82 * Math.sqrt(counts[code]! / most)}`,
        onclick: () => toggle(code),
        onkeydown: (event: KeyboardEvent) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          toggle(code);
        },
      },
      s("path", { d: sector(inner, outer, middle - TWO_PI / 24 + 0.012, middle + TWO_PI / 24 - 0.012) }),
      s("title", null, `${keyName(code)} (${camelot(code)}): ${whole(counts[code]!)}`),
      s("text", { x, y: y - 1 }, keyName(code)),
      s("text", { x, y: y + 7.5, class: "number" }, camelot(code)),
    );
  });
  return h(
    "div",
    { class: "wheel", role: "group", "aria-label": "Keys" },
    s("svg", { viewBox: "-102 -102 204 204" }, ...fields),
  );
}

const at = (radius: number, angle: number): [number, number] => [radius * Math.cos(angle), radius * Math.sin(angle)];

function sector(inner: number, outer: number, from: number, to: number): string {
  const point = (radius: number, angle: number) =>
    at(radius, angle)
      .map((value) => value.toFixed(2))
      .join(" ");
  return `M${point(outer, from)}A${outer} ${outer} 0 0 1 ${point(outer, to)}L${point(inner, to)}A${inner} ${inner} 0 0 0 ${point(inner, from)}Z`;
}
