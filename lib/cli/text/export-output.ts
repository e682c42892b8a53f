import type { ExportColumn } from "../../columns/exports.ts";
import { lineFile, parquetFile, type RowFile } from "../../files/row-file.ts";
import { csvLine } from "./csv.ts";
import { writeOut } from "./write-out.ts";

export const EXPORT_FORMATS = ["jsonl", "csv", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Takes rows, then ends well or is given up. */
export interface ExportOutput {
  take(rows: readonly (readonly unknown[])[]): Promise<void>;
  finish(): void;
  abandon(): void;
}

/** The format that is asked for, or that the ending of the file's name says; JSON lines where neither does. */
export function exportFormat(given: string | undefined, file: string | undefined): ExportFormat {
  const ending = file?.match(/\.(\w+)$/)?.[1]?.toLowerCase();
  return EXPORT_FORMATS.find((each) => each === (given ?? ending)) ?? "jsonl";
}

/** Rows into a file, which appears when it is whole, or on stdout. */
export function exportOutput(
  columns: readonly ExportColumn[],
  format: ExportFormat,
  file: string | undefined,
): ExportOutput {
  const lineOf = format === "csv" ? csvRow : jsonRow(columns);
  const head = format === "csv" ? csvLine(columns.map(({ name }) => name)) : "";
  if (file === undefined) return onStdout(head, lineOf);
  return toFile(format === "parquet" ? parquetFile(file, columns) : lineFile(file, head, lineOf));
}

function toFile(file: RowFile): ExportOutput {
  return { take: async (rows) => file.add(rows), finish: () => file.finish(), abandon: () => file.abandon() };
}

function onStdout(head: string, lineOf: (row: readonly unknown[]) => string): ExportOutput {
  let before = head;
  return {
    async take(rows) {
      const text = before + rows.map(lineOf).join("");
      before = "";
      await writeOut(text);
    },
    finish: () => void process.stdout.write(before),
    abandon: () => {},
  };
}

const jsonRow = (columns: readonly ExportColumn[]) => (row: readonly unknown[]) =>
  `${JSON.stringify(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])))}\n`;

const csvRow = (row: readonly unknown[]) =>
  csvLine(
    row.map((value) =>
      value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : `${value}`,
    ),
  );
