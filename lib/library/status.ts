import {
  type ContentCount,
  countContents,
  countDuplicates,
  countGone,
  countParts,
  countPlaces,
  type FailureGroup,
  failureGroups,
  type PhaseState,
  type RunStatus,
  runsAtWork,
  tableSizes,
} from "../database/status.ts";
import type { Library } from "./open-library.ts";

export type { FailureGroup, RunStatus } from "../database/status.ts";

/** What a library holds and what goes on in it, at one moment. */
export interface Status {
  readonly library: string;
  readonly at: Date;
  /** Distinct files; bytes without their copies. */
  readonly contents: { readonly count: number; readonly bytes: number } & Counts<ContentCount["status"]>;
  /** Places; `duplicates` are files at hand beyond the first of a content, `lost` the contents that are at no place any more. */
  readonly places: Counts<"present" | "part" | "archive" | "unreadable" | "gone" | "duplicates"> & {
    readonly lost: number;
  };
  readonly analysis: Counts<PhaseState>;
  readonly split: Counts<PhaseState>;
  /** The planner's estimate when they are many. */
  readonly parts: { readonly count: number; readonly estimated: boolean };
  readonly runs: readonly RunStatus[];
  /** Most frequent first; at most `MOST_REASONS`. */
  readonly failures: readonly FailureGroup[];
  /** Bytes on the server's disk by table. */
  readonly sizes: readonly { readonly name: string; readonly bytes: number }[];
  /** Since the moment before; null at the first one. */
  readonly rates: Rates | null;
}

/** A second. */
export interface Rates {
  readonly imported: number;
  readonly analysed: number;
  readonly split: number;
}

type Counts<K extends string> = { readonly [name in K]: number };

const MOST_REASONS = 20;

/** Looks at a library every so many seconds until stopped, and hands each view on; once when `everySeconds` is null. */
export async function watchStatus(
  library: Library,
  { everySeconds, stop }: { readonly everySeconds: number | null; readonly stop: AbortSignal },
  show: (status: Status) => void,
): Promise<void> {
  for (let last: Status | null = null; ; ) {
    last = await takeStatus(library, last);
    show(last);
    if (everySeconds === null || !(await pause(everySeconds, stop))) return;
  }
}

/** All of it as of one moment: what is counted apart still adds up. Changes nothing. `last` is the view before, for the rates. */
export function takeStatus({ pool, where }: Library, last: Status | null = null): Promise<Status> {
  return pool.tx(
    async (sql) => {
      const contents = await countContents(sql);
      const places = await countPlaces(sql);
      const lost = await countGone(sql);
      const duplicates = await countDuplicates(sql);
      const status = {
        library: where,
        at: new Date(),
        contents: contentsOf(contents),
        places: placesOf(places, duplicates, lost),
        analysis: statesOf(contents, "analysis"),
        split: statesOf(contents, "split"),
        parts: await countParts(sql),
        runs: await runsAtWork(sql),
        failures: await failureGroups(sql, MOST_REASONS),
        sizes: await tableSizes(sql),
      };
      return { ...status, rates: last && ratesSince(last, status) };
    },
    { mode: "isolation level repeatable read read only" },
  );
}

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

function contentsOf(rows: readonly ContentCount[]): Status["contents"] {
  const with_ = (status: string) => sum(rows, (row) => (row.status === status ? row.count : 0));
  return {
    count: sum(rows, (row) => row.count),
    bytes: sum(rows, (row) => row.bytes),
    ok: with_("ok"),
    repaired: with_("repaired"),
    rejected: with_("rejected"),
  };
}

function placesOf(
  rows: readonly { readonly state: string; readonly count: number }[],
  duplicates: number,
  lost: number,
): Status["places"] {
  const of = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
  return {
    present: of("present"),
    part: of("part"),
    archive: of("archive"),
    unreadable: of("unreadable"),
    gone: of("gone"),
    duplicates,
    lost,
  };
}

function statesOf(rows: readonly ContentCount[], phase: "analysis" | "split"): Counts<PhaseState> {
  const of = (state: PhaseState) => sum(rows, (row) => (row[phase] === state ? row.count : 0));
  return {
    done: of("done"),
    pending: of("pending"),
    claimed: of("claimed"),
    failed: of("failed"),
    not_applicable: of("not_applicable"),
  };
}

function ratesSince(last: Status, now: Omit<Status, "rates">): Rates {
  const seconds = Math.max((now.at.getTime() - last.at.getTime()) / 1000, 0.001);
  const rate = (of: (status: Omit<Status, "rates">) => number) =>
    Math.round(((of(now) - of(last)) / seconds) * 10) / 10;
  return {
    imported: rate(({ contents }) => contents.count),
    analysed: rate(({ analysis }) => analysis.done),
    split: rate(({ split }) => split.done),
  };
}

/** Waits; answers false when it was told to stop. */
function pause(seconds: number, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve(!stop.aborted);
    };
    const timer = setTimeout(end, seconds * 1000);
    stop.addEventListener("abort", end);
    if (stop.aborted) end();
  });
}
