/** SQL types that columns have, as PostgreSQL's catalogue names them. */
export type SqlType =
  | "bigint"
  | "boolean"
  | "bytea"
  | "content_status"
  | "double precision"
  | "integer"
  | "integer[]"
  | "json"
  | "jsonb"
  | "real"
  | "smallint"
  | "smallint[]"
  | "text"
  | "text[]";

/**
 * A stored column, declared once: its name and type in the database, where its value comes from, and what it means.
 * Statements, rows and the documentation are made from these.
 */
export interface Column<Source, Name extends string = string, Value = unknown> {
  readonly name: Name;
  readonly type: SqlType;
  /** Its value as JSON carries it to the server; hashes in hex. */
  readonly from: (source: Source) => Value;
  readonly about: string;
}

/** Columns of one table, made from one kind of source. */
export function columnsFrom<Source>() {
  return <const C extends readonly Column<Source>[]>(...columns: C): C => columns;
}

/** A row under the names of its columns. */
export type RowOf<C extends readonly Column<never>[]> = {
  readonly [K in C[number] as K["name"]]: ReturnType<K["from"]>;
};

/** The row that these columns make of a source. */
export function rowOf<Source, C extends readonly Column<Source>[]>(columns: C, source: Source): RowOf<C> {
  const row: Record<string, unknown> = {};
  for (const { name, from } of columns) row[name] = from(source);
  return row as RowOf<C>;
}
