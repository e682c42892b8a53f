/** Where the page is: the address holds all of its state. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<(place: Place) => void>();

export const place = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** Goes to an address of this page; `replace` leaves no step to go back to. */
export function go(path: string, query = new URLSearchParams(), replace = false): void {
  const text = query.toString();
  const address = text === "" ? path : `${path}?${text}`;
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", address);
  else {
    history.pushState(null, "", address);
    steps++;
  }
  tell();
}

/** Steps that were made on this page. */
let steps = 0;

/** To where the person came from; to the library, when it was from elsewhere. */
export function goBack(): void {
  if (steps > 0) history.back();
  else go("/library");
}

/** Hears of every change, also of back and forward. */
export function onPlace(listener: (place: Place) => void): void {
  listeners.add(listener);
}

function tell(): void {
  for (const listener of listeners) listener(place());
}

window.addEventListener("popstate", tell);

/** Links inside the page change the address without a new page. */
window.addEventListener("click", (event) => {
  const link = (event.target as Element | null)?.closest?.("a");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.hasAttribute("download") || link.target !== "") return;
  if (!/^\/(library|overview|piece\/\d+)$/.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname, new URLSearchParams(link.search));
});
