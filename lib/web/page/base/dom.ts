type Child = Node | string | number | null | undefined | false;
type Listener = (event: never) => void;
interface Props {
  readonly class?: string;
  readonly [name: string]: string | number | boolean | null | undefined | Listener;
}

/**
 * An element with attributes, listeners (`onclick`) and children. Text goes in as text: nothing that a file says is ever
 * read as markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props | null = null,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props | null = null,
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function fill<E extends Element>(element: E, props: Props | null, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    // As a property: a style attribute would be refused by the page's own policy.
    if (name === "style") (element as unknown as ElementCSSInlineStyle).style.cssText = String(value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

/** Adds what is there. */
function put(element: Element, ...children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === "number" ? String(child) : child);
  }
}

/** Has these children and no others. */
export function refill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  put(element, ...children);
}

/** A drawing of 24 by 24 with strokes; decoration, for what stands beside it or in the name of its button. */
export function icon(name: keyof typeof ICONS): SVGSVGElement {
  return s("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));
}

const ICONS = {
  play: "M8 5.5v13l11-6.5z",
  pause: "M8 5v14M16 5v14",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
  close: "M6 6l12 12M18 6 6 18",
  columns: "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
  take: "M12 4v11M7 11l5 5 5-5M5 20h14",
  back: "M14 6l-6 6 6 6",
  loop: "M5 12a5 5 0 0 1 5-5h8M15 4l3 3-3 3M19 12a5 5 0 0 1-5 5H6M9 20l-3-3 3-3",
  filter: "M4 6h16M7 12h10M10 18h4",
  theme: "M12 4a8 8 0 1 0 0 16V4z",
  next: "M6 6v12l9-6zM18 6v12",
  previous: "M18 6v12l-9-6zM6 6v12",
  down: "M6 9l6 6 6-6",
} as const;
