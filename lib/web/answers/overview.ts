import type { BrowsedLibrary, FailedPlace, Status } from "../../library/browse.ts";
import type { Facets } from "../../library/catalog/catalog.ts";
import { whole } from "./address.ts";
import { NoAnswer } from "./reply.ts";

/** How the library stands, and what is in it. */
export interface OverviewAnswer {
  readonly status: Status;
  readonly copies: { readonly contents: number; readonly copies: number; readonly bytes: number };
  readonly pieces: number;
  readonly facets: Facets;
}

export async function overviewAnswer(library: BrowsedLibrary): Promise<OverviewAnswer> {
  const view = await library.catalog.view();
  const [status, copies, facets] = await Promise.all([library.status(), library.copies(), view.facets({})]);
  return { status, copies, pieces: view.count, facets };
}

export interface FailuresAnswer {
  readonly from: number;
  readonly places: readonly FailedPlace[];
}

const MOST_FAILURES = 500;

/** The places of one group of failures. */
export async function failuresAnswer(library: BrowsedLibrary, query: URLSearchParams): Promise<FailuresAnswer> {
  const [phase, reason, from] = [query.get("phase"), query.get("reason"), whole(query, "from") ?? 0];
  if (phase === null || reason === null) throw new NoAnswer(400, "phase or reason is missing, expected both");
  return { from, places: await library.failures(phase, reason, from, MOST_FAILURES) };
}
