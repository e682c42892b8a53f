import { ask, type Piece } from "../base/api.ts";

/** The rows of a list, asked for part by part as they come into view. */
export interface Rows {
  /** null until it is known. */
  readonly total: number | null;
  readonly error: string | null;
  /** The piece of a row; undefined while it is on its way. */
  at(row: number): Piece | undefined;
  /** Asks for what is missing between two rows, once the person rests there. */
  want(from: number, to: number): void;
  /** A row, when it is there. */
  get(row: number): Promise<Piece | undefined>;
  close(): void;
}

const PART = 100;
const MOST_PARTS = 60;
/** While the list moves fast nothing is asked for. */
const REST_MS = 50;

export function createRows(query: URLSearchParams, changed: () => void): Rows {
  const parts = new Map<number, readonly Piece[]>();
  const asked = new Map<number, Promise<void>>();
  const stop = new AbortController();
  const state = { total: null as number | null, error: null as string | null };
  let rest = 0;

  const load = (part: number): Promise<void> => {
    const under = asked.get(part);
    if (under) return under;
    const request = (async () => {
      const wanted = new URLSearchParams(query);
      wanted.set("from", `${part * PART}`);
      wanted.set("count", `${PART}`);
      try {
        const { total, pieces } = await ask("library.json", wanted, stop.signal);
        state.total = total;
        state.error = null;
        parts.set(part, pieces);
        for (const old of parts.keys()) if (parts.size > MOST_PARTS) parts.delete(old);
      } catch (error) {
        if ((error as Error).name !== "AbortError") state.error = (error as Error).message;
      } finally {
        asked.delete(part);
        if (!stop.signal.aborted) changed();
      }
    })();
    asked.set(part, request);
    return request;
  };
  const partOf = (row: number) => Math.floor(row / PART);
  const at = (row: number) => parts.get(partOf(row))?.[row % PART];
  void load(0);
  return {
    get total() {
      return state.total;
    },
    get error() {
      return state.error;
    },
    at,
    want(from, to) {
      clearTimeout(rest);
      const missing = () => {
        for (let part = partOf(from); part <= partOf(to); part++) if (!parts.has(part)) void load(part);
      };
      if (parts.has(partOf(from)) || parts.has(partOf(to))) missing();
      else rest = setTimeout(missing, REST_MS) as unknown as number;
    },
    async get(row) {
      if (!at(row)) await load(partOf(row));
      return at(row);
    },
    close: () => stop.abort(),
  };
}
