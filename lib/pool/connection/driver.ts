import postgres from "postgres";
import type { Target } from "../target/target.ts";
import { addArrayTypes, type TypeTables } from "./arrays.ts";
import type { DriverSocket } from "./driver-socket.ts";

/** The driver's query object, as far as the pool looks into it. */
export interface DriverQuery extends Promise<unknown> {
  handler: (query: DriverQuery) => void;
  canceller: unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  /** What the last attempt to send it left behind. */
  parameters: unknown;
  readonly options: { readonly simple?: boolean };
  readonly cursorFn?: unknown;
  readonly active: boolean;
}

/**
 * Run-time parameters sent with the start-up message. `client_connection_check_interval` lets the server notice within a
 * second that a client died in the middle of a long statement; poolers, old servers and some systems refuse it.
 */
export type Session = Readonly<Record<string, string | number | boolean>>;

/**
 * One driver client on one ready socket, as the function that takes a query to it. It never learns that the socket
 * closed, so it asks for it once and never tries to reconnect behind the pool's back.
 */
export function openDriver(socket: DriverSocket, target: Target, session: Session): (query: DriverQuery) => void {
  const options = {
    ...BASE,
    host: [target.host],
    port: [target.port],
    path: target.path || false,
    database: target.database,
    user: target.user,
    pass: target.password,
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
const BASE: object = parsedOptions();

/** A client that never connects: it makes the query objects that a slot's own client then sends. */
export const QUERIES = postgres(BASE as never) as unknown as QueryMaker;

/** The driver's functions that make queries and their parts. */
export interface QueryMaker {
  (first: unknown, ...rest: unknown[]): DriverQuery;
  unsafe(text: string, values?: unknown[], options?: object): DriverQuery;
  typed(value: unknown, oid: number): unknown;
  json(value: unknown): unknown;
}

function parsedOptions(): object {
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
    max_pipeline: 100,
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
  addArrayTypes(parsed);
  return { ...parsed, target_session_attrs: null, no_subscribe: true };
}
