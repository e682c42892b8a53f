import type postgres from "postgres";
import { arrayTypeOf } from "./arrays.ts";
import type { DriverQuery, Slot } from "./slot.ts";

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
 * `sql.typed`, `sql.unsafe`, `sql.file`, `sql.notify`, and on a query `.values()`, `.raw()`, `.cursor()`, `.forEach()`,
 * `.describe()`, `.simple()`, `.cancel()`. There is no `begin`, `reserve`, `listen` or `end`: the pool owns the session.
 *
 * A JavaScript array in a query takes the type the server wants there (`unnest(${names}::text[])`, any built-in array type).
 */
export interface PoolSql extends postgres.ISql<MoreValues> {}

export type { ParameterOrFragment, PendingQuery, PostgresError, Row, RowList } from "postgres";

/** What a lease says about a query: an error to refuse it with, and its words for an error of the driver. */
export interface Gate {
  readonly admit: () => unknown;
  readonly explain: (error: unknown) => unknown;
}

type AnyFunction = (...args: never[]) => unknown;

/** The `sql` of one lease: every query made by it passes its gate at the moment it is executed. */
export function gatedSql(slot: Slot, gate: Gate): PoolSql {
  const driver = slot.driver as unknown as ((first: unknown, ...rest: unknown[]) => DriverQuery) &
    Record<string, AnyFunction>;
  const gated = (query: unknown): DriverQuery => {
    slot.track(query as DriverQuery, gate.explain, gate.admit);
    return query as DriverQuery;
  };
  const sql = (first: unknown, ...rest: unknown[]): unknown => {
    if ((first as { raw?: unknown } | null)?.raw === undefined) return driver(first, ...rest);
    for (let i = 0; i < rest.length; i++)
      if (Array.isArray(rest[i])) rest[i] = untypedArray(driver, rest[i] as unknown[]);
    return gated(driver(first, ...rest));
  };
  sql.typed = driver.typed;
  sql.types = driver.typed;
  sql.json = driver.json;
  sql.array = (values: unknown, oid = 0) => driver.typed!(values as never, arrayTypeOf(oid) as never);
  sql.unsafe = (...args: never[]) => gated(driver.unsafe!(...args));
  sql.file = (...args: never[]) => gated(driver.file!(...args));
  sql.notify = (channel: string, payload: string) => sql`select pg_notify(${channel}, ${payload})`;
  return sql as unknown as PoolSql;
}

/** Leaves the type of a plain array to the server; the driver would guess the element's. Lists of fragments stay. */
function untypedArray(driver: Record<string, AnyFunction>, values: unknown[]): unknown {
  const first = values[0] as { strings?: unknown } | null | undefined;
  return first?.strings === undefined ? driver.typed!(values as never, 0 as never) : values;
}
