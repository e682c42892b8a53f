// What the words of a database URL mean here: libpq's, those of other drivers and pools, and the server's own.
import type { Settings } from "./connection-string.ts";
import type { Environment } from "./environment.ts";
import { TargetError } from "./target-error.ts";

/** libpq's environment variables (documentation, "Environment Variables") and the settings they stand for. */
const VARIABLES: Settings = {
  PGHOST: "host",
  PGHOSTADDR: "hostaddr",
  PGPORT: "port",
  PGDATABASE: "dbname",
  PGUSER: "user",
  PGPASSWORD: "password",
  PGPASSFILE: "passfile",
  PGOPTIONS: "options",
  PGAPPNAME: "application_name",
  PGSSLMODE: "sslmode",
  PGSSLCERT: "sslcert",
  PGSSLKEY: "sslkey",
  PGSSLROOTCERT: "sslrootcert",
  PGSSLCRL: "sslcrl",
  PGSSLMINPROTOCOLVERSION: "ssl_min_protocol_version",
  PGSSLMAXPROTOCOLVERSION: "ssl_max_protocol_version",
  PGCHANNELBINDING: "channel_binding",
  PGGSSENCMODE: "gssencmode",
  PGREQUIREAUTH: "require_auth",
  PGCONNECT_TIMEOUT: "connect_timeout",
  PGTARGETSESSIONATTRS: "target_session_attrs",
  PGLOADBALANCEHOSTS: "load_balance_hosts",
  PGTZ: "timezone",
};

export function environmentSettings(environment: Environment): Settings {
  const settings: Record<string, string> = {};
  for (const [variable, name] of Object.entries(VARIABLES)) {
    const value = environment[variable];
    if (value) settings[name] = value;
  }
  return settings;
}

/** Other names of the same things: JDBC's, Prisma's, Rails', postgres.js's. */
const OTHER_NAMES: Settings = {
  ApplicationName: "application_name",
  connectTimeout: "connect_timeout",
  loadBalanceHosts: "load_balance_hosts",
  schema_search_path: "search_path",
  targetServerType: "target_session_attrs",
  target_session_attributes: "target_session_attrs",
  username: "user",
  database: "dbname",
};

/** Settings that have a meaning of their own in `target.ts`; all else goes to the server. */
const READ_HERE = new Set([
  ...Object.values(VARIABLES).filter((name) => !["application_name", "options", "timezone"].includes(name)),
  "pgbouncer",
  "prepare",
  "service",
  "ssl",
  "sslpassword",
]);

/** Settings of other pools and drivers, and of parts of libpq that change nothing that is sent: passed over. */
const PASSED_OVER = new Set([
  // Prisma, Supabase, Vercel
  "connection_limit",
  "pool_timeout",
  "socket_timeout",
  "statement_cache_size",
  "supa",
  "workaround",
  // pgx, asyncpg, SQLAlchemy, Django, Ecto
  "command_timeout",
  "conn_health_checks",
  "conn_max_age",
  "default_query_exec_mode",
  "description_cache_capacity",
  "max_overflow",
  "prepared_statement_cache_size",
  "prepared_statement_name_func",
  "queue_interval",
  "queue_target",
  "statement_cache_capacity",
  // Rails
  "adapter",
  "advisory_locks",
  "checkout_timeout",
  "encoding",
  "reaping_frequency",
  "reconnect",
  "timeout",
  // JDBC
  "assumeMinServerVersion",
  "defaultRowFetchSize",
  "loginTimeout",
  "preparedStatementCacheQueries",
  "preparedStatementCacheSizeMiB",
  "prepareThreshold",
  "reWriteBatchedInserts",
  "socketTimeout",
  "stringtype",
  "tcpKeepAlive",
  // node-postgres, postgres.js
  "backoff",
  "connectionTimeoutMillis",
  "fetch_types",
  "idleTimeoutMillis",
  "idle_timeout",
  "keep_alive",
  "max",
  "max_lifetime",
  "max_pipeline",
  "min",
  "uselibpqcompat",
  // libpq
  "fallback_application_name",
  "gssdelegation",
  "gsslib",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "krbsrvname",
  "sslcertmode",
  "sslcompression",
  "sslsni",
  "tcp_user_timeout",
]);
const ANY_POOL = /^pool([_A-Z]|$)/;

/** Settings that ask for what the pool does not do: all values but these are refused. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  channel_binding: ["prefer", "disable"],
  client_encoding: ["auto", "utf8", "utf-8", "unicode"],
  gssencmode: ["prefer", "disable"],
  replication: ["false", "off", "no", "0"],
  require_auth: [],
  requirepeer: [],
  sslcrldir: [],
  sslnegotiation: ["postgres"],
};

export interface Words {
  /** By their names in libpq; what is read here. */
  readonly settings: Settings;
  /** Run-time parameters, for the server. */
  readonly parameters: Settings;
  /** Names that change nothing here, to be told in one line. */
  readonly passedOver: readonly string[];
}

/** Sorts settings into what is read here, what the server gets and what is passed over; refuses what is not done, by name. */
export function sortWords(given: Settings): Words {
  const settings: Record<string, string> = {};
  const parameters: Record<string, string> = {};
  const passedOver: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const known = OTHER_NAMES[name] ?? name;
    const only = ONLY[known];
    if (name === "schema" || name === "currentSchema") parameters.search_path ??= schemaPath(name, value);
    else if (name === "sslaccept") settings.sslmode ??= value === "accept_invalid_certs" ? "no-verify" : "verify-full";
    else if (name === "prepared_statements") settings.prepare = value;
    else if (only !== undefined) mustBe(name, value, only);
    else if (READ_HERE.has(known)) settings[known] = value;
    else if (PASSED_OVER.has(name) || ANY_POOL.test(name)) passedOver.push(name);
    else parameters[known] = value;
  }
  return { settings, parameters, passedOver };
}

/** Prisma's schema is one name, JDBC's a list of them. */
function schemaPath(name: string, value: string): string {
  const schemas = name === "schema" ? [value] : value.split(",");
  return schemas.map((schema) => `"${schema.trim().replaceAll('"', '""')}"`).join(",");
}

function mustBe(name: string, value: string, only: readonly string[]): void {
  if (only.includes(value.toLowerCase())) return;
  const wanted = only.length === 0 ? "to be left out" : only.join(" or ");
  throw new TargetError(`Cannot do what ${name} asks: found ${value}, expected ${wanted}`);
}
