import { readFile } from "node:fs/promises";
import type postgres from "postgres";
import type { TypeTable } from "./arrays.ts";
import { type DriverQuery, QUERIES } from "./driver.ts";

/** Values beyond the driver's own that may stand in a query: bigints for int8, typed arrays for numeric array columns. */
type MoreValues = {
  readonly bigint: bigint;
  readonly column:
    | Int8Array
    | Int16Array
    | Int32Array
    | Uint16Array
    | Uint32Array
    | Float32Array
    | Float64Array
    | BigInt64Array;
};

/**
 * The tagged template of one leased connection: queries, fragments, `sql(...)` helpers, `sql.array`, `sql.json`,
 * `sql.typed`, `sql.unsafe`, `sql.file`, `sql.notify`, and on a query `.values()`, `.raw()`, `.cursor()`, `.forEach()`, `.describe()`,
 * `.simple()`, `.cancel()`. There is no `begin`, `reserve`, `listen` or `end`: the pool owns the session.
 *
 * A JavaScript array in a query takes the type the server wants there (`unnest(${names}::text[])`, any built-in array type).
 */
export interface PoolSql extends postgres.ISql<MoreValues> {}

export type { ParameterOrFragment, PendingQuery, PostgresError, Row, RowList } from "postgres";

/** Where the queries of one lease go when they are executed. */
export interface QueryOwner {
  readonly types: TypeTable;
  execute(query: DriverQuery): void;
  cancel(query: DriverQuery): void;
}

/** The `sql` of one lease. */
export function leaseSql(owner: QueryOwner): PoolSql {
  const handler = (query: DriverQuery): void => owner.execute(query);
  const canceller = (query: DriverQuery): void => owner.cancel(query);
  const owned = (query: DriverQuery): DriverQuery => {
    query.handler = handler;
    query.canceller = canceller;
    return query;
  };
  const sql = (first: unknown, ...rest: unknown[]): unknown => {
    if ((first as { raw?: unknown } | null)?.raw === undefined) return QUERIES(first, ...rest);
    for (let i = 0; i < rest.length; i++) if (Array.isArray(rest[i])) rest[i] = untypedArray(rest[i] as unknown[]);
    return owned(QUERIES(first, ...rest));
  };
  sql.typed = QUERIES.typed;
  sql.types = QUERIES.typed;
  sql.json = QUERIES.json;
  sql.array = (values: unknown, oid = 0) => QUERIES.typed(values, owner.types.arrayTypeOf(oid));
  sql.unsafe = (text: string, values: unknown[] = [], options: object = {}) =>
    owned(QUERIES.unsafe(text, values, options));
  sql.file = (path: string, values: unknown[] = [], options: object = {}) => {
    const query = owned(QUERIES.unsafe("", values, options));
    query.handler = () =>
      void readFile(path, "utf8").then((text) => handler(Object.assign(query, { strings: [text] })), query.reject);
    return query;
  };
  sql.notify = (channel: string, payload: string) => sql`select pg_notify(${channel}, ${payload})`;
  return sql as unknown as PoolSql;
}

/** Leaves the type of a plain array to the server; the driver would guess the element's. Lists of fragments stay. */
function untypedArray(values: unknown[]): unknown {
  const first = values[0] as { strings?: unknown } | null | undefined;
  return first?.strings === undefined ? QUERIES.typed(values, 0) : values;
}
