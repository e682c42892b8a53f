import { LIBRARY_COLUMNS, type LibraryRow } from "../../columns/library.ts";
import { type FoundPiece, pathOf } from "../../library/search.ts";
import { csvLine } from "./csv.ts";
import { type Column, table } from "./table.ts";
import { writeOut } from "./write-out.ts";

export type SearchFormat = "table" | "json" | "csv" | "paths0";

/** Prints what was found on stdout, page by page; a slow reader slows it down. */
export function searchOutput(format: SearchFormat): (page: readonly FoundPiece[]) => Promise<void> {
  let first = true;
  return async (page) => {
    const text = FORMATS[format](page, first);
    first = false;
    await writeOut(text);
  };
}

const FORMATS: Readonly<Record<SearchFormat, (page: readonly FoundPiece[], first: boolean) => string | Uint8Array>> = {
  table: (page) => `${foundTable(page, process.stdout.columns || (process.stdout.isTTY ? 80 : 1000))}\n`,
  json: (page) => page.map((row) => `${JSON.stringify(row)}\n`).join(""),
  csv: (page, first) => [...(first ? [CSV_COLUMNS] : []), ...page.map(csvCells)].map(csvLine).join(""),
  paths0: (page) => Buffer.concat(page.flatMap(({ file }) => [Buffer.from(pathOf(file)), Buffer.of(0)])),
};

/** What is found as a table for people. */
function foundTable(rows: readonly FoundPiece[], width: number): string {
  const columns: readonly Column[] = [
    { title: "path", least: 24, keepEnd: true },
    { title: "bpm", right: true },
    { title: "key" },
    { title: "meter" },
    { title: "time", right: true },
    { title: "loop", right: true },
    { title: "instruments", least: 16 },
    { title: "same" },
    { title: "where" },
  ];
  const cells = rows.map((row) => [
    row.path,
    row.tempo === null ? "" : row.tempo.toFixed(1).replace(/\.0$/, ""),
    row.key ?? "",
    row.meter ?? "",
    row.duration === null ? "" : clock(row.duration),
    row.loop_bars === null ? "" : `${row.loop_bars}`,
    (row.instruments ?? []).join(", "),
    row.same ?? "",
    whereText(row.played_at),
  ]);
  const used = columns.map((column, i) => column.title === "path" || cells.some((row) => row[i] !== ""));
  const keep = <T>(values: readonly T[]) => values.filter((_, i) => used[i]);
  return table(keep(columns), cells.map(keep), width);
}

/** The first place where a piece plays what was asked for, and how many more there are. */
function whereText(places: FoundPiece["played_at"]): string {
  const [first, ...more] = places ?? [];
  if (!first) return "";
  const bar = first.bar === null ? "" : `bar ${first.bar}, `;
  const voice = first.track === null ? "" : `, track ${first.track} ch ${first.channel}`;
  return `${bar}${clock(first.seconds)}${voice}${more.length > 0 ? ` and ${more.length} more` : ""}`;
}

/** 3:07, or 1:02:03 from an hour on. */
function clock(value: number): string {
  const all = Math.round(value);
  const two = (part: number) => `${part}`.padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, two(all % 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const CSV_COLUMNS: readonly (keyof FoundPiece)[] = [
  ...(Object.keys(LIBRARY_COLUMNS) as (keyof LibraryRow)[]).filter((name) => LIBRARY_COLUMNS[name].csv),
  "same",
];

function csvCells(row: FoundPiece): readonly string[] {
  return CSV_COLUMNS.map((name) => {
    const value = row[name];
    return value === null ? "" : Array.isArray(value) ? value.join("; ") : `${value}`;
  });
}
