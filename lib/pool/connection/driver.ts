import postgres from "postgres";
import type { Endpoint, Target } from "../target/target.ts";
import type { TypeTables } from "./arrays.ts";
import type { DriverSocket } from "./driver-socket.ts";

/** The driver's query object, as far as the pool looks into it. */
export interface DriverQuery extends Promise<unknown> {
  handler: (query: DriverQuery) => void;
  canceller: unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  /** What the last attempt to send it left behind. */
  parameters: unknown;
  isRaw: boolean | "values" | undefined;
  readonly options: { readonly simple?: boolean };
  readonly cursorFn?: unknown;
  /** True from when the driver sends it until it is resolved or rejected. */
  readonly active: boolean;
}

/** Rejects a query such that nobody has to have awaited it. */
export function rejectQuietly(query: DriverQuery, error: unknown): void {
  Promise.prototype.catch.call(query, () => {});
  query.reject(error);
}

/** Run-time parameters, sent with the start-up message. */
export type Session = Readonly<Record<string, string | number | boolean>>;

/**
 * One driver client on one ready socket, as the function that takes a query to it. It never learns that the socket
 * closed, so it asks for it once and never tries to reconnect behind the pool's back.
 */
export function openDriver(
  socket: DriverSocket,
  target: Target,
  endpoint: Endpoint,
  session: Session,
  { parsers, serializers }: TypeTables,
): (query: DriverQuery) => void {
  const options = {
    ...BASE,
    parsers,
    serializers,
    host: [endpoint.host],
    port: [endpoint.port],
    path: endpoint.path || false,
    database: target.database,
    user: target.user,
    pass: endpoint.password,
    prepare: target.prepare,
    connection: Object.fromEntries(Object.entries(session).map(([key, value]) => [key, String(value)])),
    parameters: {},
    shared: { retries: 0, typeArrayMap: {} },
    socket: () => socket,
  };
  return (postgres(options as never).unsafe("") as unknown as DriverQuery).handler;
}

/** int8 comes back as a number while that is exact, as a bigint beyond 2^53: counts stay easy, nothing is rounded. */
const INT8 = {
  to: 20,
  from: [20],
  serialize: (value: unknown) => String(value),
  parse: (text: string) => {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  },
};

/**
 * The driver's options as it parses them, made once. Every option is named, because it reads any other from `PG<NAME>`
 * in the environment; handed back to it (recognised by `shared`), they are taken as they are.
 */
const BASE: TypeTables = parsedOptions();

/** The driver's own tables of types, to start from. */
export const DRIVER_TYPES: TypeTables = BASE;

/** A client that never connects: it makes the query objects that a slot's own client then sends. */
export const QUERIES = postgres(BASE as never) as unknown as QueryMaker;

/** The driver's functions that make queries and their parts. */
export interface QueryMaker {
  (first: unknown, ...rest: unknown[]): DriverQuery;
  unsafe(text: string, values?: unknown[], options?: object): DriverQuery;
  typed(value: unknown, oid: number): unknown;
  json(value: unknown): unknown;
}

function parsedOptions(): TypeTables {
  const options = {
    host: "localhost",
    port: 5432,
    database: "postgres",
    user: "postgres",
    pass: " ",
    max: 1,
    ssl: false,
    sslnegotiation: null,
    idle_timeout: 0,
    connect_timeout: 0,
    max_lifetime: 0,
    max_pipeline: 1,
    backoff: 0,
    keep_alive: 0,
    prepare: true,
    debug: false,
    fetch_types: false,
    publications: "none",
    target_session_attrs: "primary",
    onnotice: () => {},
    connection: { application_name: "midiworks" },
    types: { int8: INT8 },
  };
  const parsed = (postgres(options as never) as unknown as { options: TypeTables & object }).options;
  return Object.assign(parsed, { target_session_attrs: null, no_subscribe: true });
}
