import type { Mark, Said } from "./mark.ts";

/** A mark and whose it is. */
export interface PieceMark extends Mark {
  readonly collection: string;
  readonly composition: string;
}

/** One measure on one collection. */
export interface Row {
  readonly what: string;
  readonly collection: string;
  readonly files: number;
  readonly compositions: number;
  /** Mean over the compositions, each the mean of its files. */
  readonly score: number;
  readonly trivial: number;
  /** Share of the files for which nothing was said. */
  readonly silent: number;
}

const MACRO = "mean of collections";

/** A row for every measure and collection, and for every measure the mean of its collections. */
export function summary(marks: readonly PieceMark[]): Row[] {
  const rows: Row[] = [];
  for (const [what, ofWhat] of groups(marks, ({ what }) => what)) {
    const collections = [...groups(ofWhat, ({ collection }) => collection)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([collection, list]) => row(what, collection, list));
    rows.push(...collections);
    if (collections.length > 1) rows.push(macro(what, collections));
  }
  return rows;
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, keyOf);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function row(what: string, collection: string, marks: readonly PieceMark[]): Row {
  const compositions = [...groups(marks, ({ composition }) => composition).values()];
  const over = (value: (mark: Mark) => number) => mean(compositions.map((list) => mean(list.map(value))));
  const commonest = [...groups(marks, ({ truth = "" }) => truth)].sort((a, b) => b[1].length - a[1].length)[0]![0];
  return {
    what,
    collection,
    files: marks.length,
    compositions: compositions.length,
    score: over(({ score }) => score ?? 0),
    trivial: over(({ trivial, truth }) => trivial ?? Number(truth === commonest)),
    silent: mean(marks.map(({ score }) => Number(score === null))),
  };
}

function macro(what: string, rows: readonly Row[]): Row {
  return {
    what,
    collection: MACRO,
    files: rows.reduce((sum, { files }) => sum + files, 0),
    compositions: rows.reduce((sum, { compositions }) => sum + compositions, 0),
    score: mean(rows.map(({ score }) => score)),
    trivial: mean(rows.map(({ trivial }) => trivial)),
    silent: mean(rows.map(({ silent }) => silent)),
  };
}

/** What was said with a confidence in one tenth, against what was right. */
export interface Tenth {
  readonly what: string;
  /** Lower end, in tenths. */
  readonly tenth: number;
  readonly count: number;
  readonly said: number;
  readonly right: number;
}

export function calibration(said: readonly Said[]): Tenth[] {
  const tenthOf = ({ what, confidence }: Said) => `${what}\n${Math.min(9, Math.floor(confidence * 10))}`;
  return [...groups(said, tenthOf)]
    .map(([name, list]): Tenth => {
      const [what = "", tenth = ""] = name.split("\n");
      const weight = list.reduce((sum, one) => sum + one.weight, 0);
      const over = (value: (one: Said) => number) =>
        list.reduce((sum, one) => sum + one.weight * value(one), 0) / weight;
      return {
        what,
        tenth: Number(tenth),
        count: list.length,
        said: over((s) => s.confidence),
        right: over((s) => s.right),
      };
    })
    .sort((a, b) => (a.what === b.what ? a.tenth - b.tenth : a.what < b.what ? -1 : 1));
}
