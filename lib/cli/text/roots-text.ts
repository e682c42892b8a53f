import type { Forgotten, RootRow } from "../../library/root-admin.ts";
import { printable } from "./printable.ts";
import { type Column, table } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { title: "folder", least: 24, keepEnd: true },
  { title: "places", right: true },
  { title: "gone", right: true },
  { title: "imported" },
  { title: "" },
];

/** The imported folders as a table. */
export function rootsText(roots: readonly RootRow[], width: number): string {
  if (roots.length === 0) return "No folder was imported.";
  const rows = roots.map(({ path, places, gone, importedAt, missingSince }) => [
    path,
    count(places),
    count(gone),
    importedAt ? minute(importedAt) : "",
    missingSince ? `not there since ${minute(missingSince)}` : "",
  ]);
  return table(COLUMNS, rows, width);
}

export function movedText(moved: number, from: string, to: string): string {
  const places = printable(`${count(moved)} places moved from ${from} to ${to}`);
  return `${places}; an import of the new folder brings them up to date`;
}

export function forgottenText({ places, contents, parts }: Forgotten): string {
  return `${count(places)} places forgotten, with ${count(contents)} files that are nowhere else and ${count(parts)} parts`;
}

const count = (value: number) => value.toLocaleString("en-US");
const minute = (date: Date) => date.toISOString().replace("T", " ").slice(0, 16);
