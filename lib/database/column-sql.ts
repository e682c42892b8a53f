import type { Column } from "../columns/column.ts";

type Columns = readonly Pick<Column<never>, "name" | "type">[];

/** The names of columns, with what stands before each: `excluded.title, excluded.bars`. */
export function names(columns: Columns, before = ""): string {
  return columns.map(({ name }) => before + name).join(", ");
}

/** The same, with bytes made of the hex that JSON carries. */
export function values(columns: Columns, table: string): string {
  return columns
    .map(({ name, type }) => (type === "bytea" ? `decode(${table}.${name}, 'hex')` : `${table}.${name}`))
    .join(", ");
}

/** The list of columns of `json_to_recordset`; bytes come as hex. */
export function recordset(columns: Columns): string {
  return columns.map(({ name, type }) => `${name} ${type === "bytea" ? "text" : type}`).join(", ");
}

/** What `on conflict do update set` sets: all columns but those of the key. */
export function overwritten(columns: Columns, key: readonly string[]): string {
  const others = columns.filter(({ name }) => !key.includes(name));
  return `(${names(others)}) = row(${names(others, "excluded.")})`;
}
