import { csvLine } from "./csv.ts";
import { table } from "./table.ts";
import { writeOut } from "./write-out.ts";

/** Rows under the names of their columns, page by page. */
interface Rows {
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

export type RowFormat = "table" | "json" | "csv";

/** Prints rows on stdout, page by page; a slow reader slows them down. The columns of a table are as wide as each page needs. */
export async function printRows({ columns, pages }: Rows, format: RowFormat): Promise<void> {
  if (format === "csv") await writeOut(csvLine(columns));
  for await (const page of pages) await writeOut(PAGES[format](columns, page));
}

const PAGES: Readonly<
  Record<RowFormat, (columns: readonly string[], page: readonly (readonly unknown[])[]) => string>
> = {
  table: (columns, page) => {
    const titles = columns.map((title, at) => ({
      title,
      right: page.every((row) => row[at] === null || typeof row[at] === "number"),
      least: 8,
    }));
    return `${table(
      titles,
      page.map((row) => row.map(cellText)),
      process.stdout.columns || 1000,
    )}\n`;
  },
  json: (columns, page) =>
    page
      .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, plain(row[at])])))}\n`)
      .join(""),
  csv: (_, page) => page.map((row) => csvLine(row.map(cellText))).join(""),
};

/** A value as JSON keeps it: bytes as hex. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return typeof value === "bigint" ? `${value}` : value;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  const told = plain(value);
  return typeof told === "object" ? JSON.stringify(told) : `${told}`;
}
