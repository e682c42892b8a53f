import type { FacetsAnswer, PiecesPage } from "../../answers/library.ts";
import type { FailuresAnswer, OverviewAnswer } from "../../answers/overview.ts";
import type { PieceAnswer } from "../../answers/piece.ts";
import type { SettingsAnswer } from "../../routes.ts";

/** Dates pass as text. */
export type Passed<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? readonly Passed<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Passed<T[K]> }
      : T;

interface Answers {
  readonly "settings.json": Passed<SettingsAnswer>;
  readonly "library.json": Passed<PiecesPage>;
  readonly "facets.json": Passed<FacetsAnswer>;
  readonly "overview.json": Passed<OverviewAnswer>;
  readonly "failures.json": Passed<FailuresAnswer>;
}

export type Piece = Passed<PiecesPage>["pieces"][number];
export type PieceOf = Passed<PieceAnswer>;
export type Facets = Passed<FacetsAnswer>["facets"];
export type Settings = Passed<SettingsAnswer>;
export type Overview = Passed<OverviewAnswer>;

/** Why there is no answer. `status` is 0 when the server cannot be reached. */
class NoReply extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function ask<K extends keyof Answers>(
  name: K,
  query = new URLSearchParams(),
  signal?: AbortSignal,
): Promise<Answers[K]> {
  return asked(`/${name}?${query}`, signal).then((response) => response.json() as Promise<Answers[K]>);
}

export const askPiece = (id: number): Promise<PieceOf> =>
  asked(`/piece/${id}.json`).then((response) => response.json() as Promise<PieceOf>);

export const askBytes = (address: string, signal?: AbortSignal): Promise<ArrayBuffer> =>
  asked(address, signal).then((response) => response.arrayBuffer());

const away = new EventTarget();
/** Hears whether the server and its library answer. */
export const onConnection = (listener: (error: string | null) => void): void =>
  away.addEventListener("change", (event) => listener((event as CustomEvent<string | null>).detail));
let known: string | null = null;

function tell(error: string | null): void {
  if (known === error) return;
  known = error;
  away.dispatchEvent(new CustomEvent("change", { detail: error }));
}

async function asked(address: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, signal ? { signal } : {});
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    tell("midiworks does not answer: is it still running?");
    throw new NoReply(0, "midiworks does not answer");
  }
  if (response.ok) {
    tell(null);
    return response;
  }
  const { error = response.statusText } = (await response.json().catch(() => ({}))) as { error?: string };
  if (response.status >= 500) tell(error);
  throw new NoReply(response.status, error);
}
