import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";

/** libpq's words for how much TLS is wanted. */
export type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

/** Where and as whom to connect, given as a URL or in fields; a field wins over the URL. */
export interface TargetOptions {
  /** `postgres://user:password@host:port/database?sslmode=...`, or `?host=/directory` for a unix socket. */
  readonly url?: string | undefined;
  /** Host name, address, or (starting with `/`) the directory of a unix socket. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** The unix socket itself, or its directory. */
  readonly path?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  /** A mode, `true` (= `require`), `false`, or Node's TLS options (certificate checked unless they say otherwise). */
  readonly ssl?: boolean | SslMode | ConnectionOptions | undefined;
  /** `false` for a pooler in transaction mode (PgBouncer): no named prepared statements. URL: `?prepare=false` or `?pgbouncer=true`. */
  readonly prepare?: boolean | undefined;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Full path of a unix socket; empty for TCP. */
  readonly path: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly sslMode: SslMode;
  readonly tls: ConnectionOptions;
  readonly prepare: boolean;
  /** Run-time parameters the URL asks for, sent at start-up. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number | undefined;
}

/** Parameters of libpq URLs that speak of things this pool does not do, or does in its own way. */
const IGNORED = new Set([
  "channel_binding",
  "gssencmode",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "ssl",
  "sslnegotiation",
  "target_session_attrs",
]);
const OWN = new Set([
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslmode",
  "sslrootcert",
  "prepare",
  "pgbouncer",
  "connect_timeout",
]);

/** Reads the options into one place to dial. Nothing is taken from the environment. */
export function resolveTarget(options: TargetOptions): Target {
  const url = options.url === undefined ? EMPTY : parseUrl(options.url);
  const host = options.host ?? url.host ?? "localhost";
  const port = options.port ?? url.port ?? 5432;
  const user = options.user ?? url.user ?? userInfo().username;
  return {
    host,
    port,
    path: socketPath(options.path ?? (host.startsWith("/") ? host : ""), port),
    user,
    password: options.password ?? url.password ?? "",
    database: options.database ?? url.database ?? user,
    ...resolveSsl(options.ssl, url.query),
    prepare: options.prepare ?? !(url.query.get("prepare") === "false" || url.query.get("pgbouncer") === "true"),
    parameters: Object.fromEntries([...url.query].filter(([key]) => !OWN.has(key) && !IGNORED.has(key))),
    connectTimeoutMs: 1000 * Number(url.query.get("connect_timeout")) || undefined, // 0, as in libpq, is no limit of its own
  };
}

/** How the target is named in messages: never with the password. */
export function targetName(target: Target): string {
  return target.path !== "" ? target.path : `${target.host}:${target.port}`;
}

interface ParsedUrl {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly query: URLSearchParams;
}

const EMPTY: ParsedUrl = {
  host: undefined,
  port: undefined,
  user: undefined,
  password: undefined,
  database: undefined,
  query: new URLSearchParams(),
};

// WHATWG's URL refuses `postgresql://user@/db?host=/run/postgresql`, which libpq takes; so the parts are cut here.
const URL_PARTS =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:/?]*?)(?::(?<password>[^/?]*))?@)?(?<host>\[[^\]]*\]|[^:/?@]*)(?::(?<port>\d+))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/;

function parseUrl(url: string): ParsedUrl {
  const parts = URL_PARTS.exec(url)?.groups;
  if (parts === undefined) {
    const shown = url.replace(/:[^:@/]*@/, ":***@");
    throw new TypeError(
      `Cannot read database URL: found ${shown}, expected postgres://user:password@host:port/database`,
    );
  }
  const query = new URLSearchParams(parts.query ?? "");
  const port = parts.port ?? query.get("port");
  return {
    host: text(parts.host?.replace(/^\[|\]$/g, "")) ?? (query.get("host") || undefined),
    port: port ? Number(port) : undefined,
    user: text(parts.user) ?? (query.get("user") || undefined),
    password: text(parts.password) ?? (query.get("password") || undefined),
    database: text(parts.database) ?? (query.get("dbname") || undefined),
    query,
  };
}

/** A part of the URL as it was meant; a bare `%` is taken as it stands. */
function text(part: string | null | undefined): string | undefined {
  if (!part) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function socketPath(path: string, port: number): string {
  return path === "" || /\.s\.PGSQL\.\d+$/.test(path) ? path : `${path.replace(/\/$/, "")}/.s.PGSQL.${port}`;
}

function resolveSsl(ssl: TargetOptions["ssl"], query: URLSearchParams): { sslMode: SslMode; tls: ConnectionOptions } {
  if (typeof ssl === "object") return { sslMode: "verify-full", tls: ssl };
  const root = query.get("sslrootcert");
  const word =
    ssl === undefined ? (query.get("sslmode") ?? query.get("ssl") ?? (root ? "verify-full" : "disable")) : ssl;
  const sslMode = SSL_WORDS.get(word);
  if (sslMode === undefined) {
    throw new TypeError(`Cannot read sslmode: found ${word}, expected ${[...new Set(SSL_WORDS.values())].join(", ")}`);
  }
  return { sslMode, tls: root && root !== "system" ? { ca: readFileSync(root) } : {} };
}

const SSL_WORDS = new Map<unknown, SslMode>([
  [false, "disable"],
  ["disable", "disable"],
  ["false", "disable"],
  ["allow", "prefer"],
  ["prefer", "prefer"],
  [true, "require"],
  ["true", "require"],
  ["require", "require"],
  ["verify-ca", "verify-ca"],
  ["verify-full", "verify-full"],
]);
