import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";
import { readConnectionString, type Settings } from "./connection-string.ts";
import { type Environment, realEnvironment } from "./environment.ts";
import { passwordFromFile, serviceSettings } from "./own-files.ts";
import { TargetError } from "./target-error.ts";
import { resolveTls, type SslMode } from "./tls.ts";
import { environmentSettings, sortWords } from "./words.ts";

/** A password, or what gives one for each new connection. */
export type Password = string | (() => string | Promise<string>);

/** Where and as whom to connect, given as a URL or in fields; a field wins over the URL, the URL over the environment. */
export interface TargetOptions {
  /** `postgres://user:password@host:port/database?sslmode=...`, or libpq's `host=... dbname=...`. */
  readonly url?: string | undefined;
  /** Host name, address, or (starting with `/`) the directory of a unix socket; several with commas between them. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** The unix socket itself, or its directory. */
  readonly path?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: Password | undefined;
  readonly database?: string | undefined;
  /** A mode, `true` (= `require`), `false`, or Node's TLS options (certificate checked unless they say otherwise). */
  readonly ssl?: boolean | SslMode | ConnectionOptions | undefined;
  /** `false` for a pooler in transaction mode (PgBouncer): no named prepared statements. URL: `?prepare=false` or `?pgbouncer=true`. */
  readonly prepare?: boolean | undefined;
  /** Where libpq's variables (`PGHOST`, `PGPASSWORD`, `PGSERVICE` ...) are read. Default: as the person set them; `{}` for none. */
  readonly environment?: Environment | undefined;
}

/** One place where the server may answer. */
export interface Endpoint {
  readonly host: string;
  /** The numeric address to dial instead of looking `host` up; empty for none. */
  readonly address: string;
  readonly port: number;
  /** Full path of a unix socket; empty for TCP. */
  readonly path: string;
  readonly password: Password;
  readonly sslMode: SslMode;
}

/** libpq's words for the session that is wanted. */
const SESSIONS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
export type WantedSession = (typeof SESSIONS)[number];

export interface Target {
  /** Tried in this order. */
  readonly endpoints: readonly Endpoint[];
  /** Take them in any order. */
  readonly shuffled: boolean;
  readonly user: string;
  readonly database: string;
  readonly tls: ConnectionOptions;
  readonly prepare: boolean;
  readonly wantedSession: WantedSession;
  /** Run-time parameters asked for, sent at start-up. */
  readonly parameters: Settings;
  readonly connectTimeoutMs: number | undefined;
  /** Words of the URL that change nothing here. */
  readonly passedOver: readonly string[];
}

/**
 * Reads the options into places to dial, as libpq does: fields, then the URL, then a service file, then the environment.
 * @throws TargetError for what cannot be read or is not done, by name; never with a password
 */
export function resolveTarget(options: TargetOptions): Target {
  const environment = options.environment ?? realEnvironment();
  const said = sortWords({
    ...(options.url === undefined ? {} : readConnectionString(options.url)),
    ...fields(options),
  });
  const service = sortWords(serviceSettings(said.settings.service ?? environment.PGSERVICE, environment));
  const around = sortWords(environmentSettings(environment));
  const settings = { ...around.settings, ...service.settings, ...said.settings };
  const user = settings.user ?? userInfo().username;
  const database = settings.dbname ?? user;
  const { sslMode, tls } = resolveTls(options.ssl, settings);
  return {
    endpoints: places(settings, options.path).map((place) => ({
      ...place,
      password: options.password ?? settings.password ?? storedPassword(place, user, database, settings, environment),
      sslMode: sslMode ?? (isHere(place) ? "disable" : "prefer"),
    })),
    shuffled: settings.load_balance_hosts === "random",
    user,
    database,
    tls,
    prepare: options.prepare ?? !(settings.prepare === "false" || settings.pgbouncer === "true"),
    wantedSession: wantedSession(settings.target_session_attrs ?? "any"),
    parameters: { ...around.parameters, ...service.parameters, ...said.parameters },
    connectTimeoutMs: 1000 * Number(settings.connect_timeout) || undefined, // 0, as in libpq, is no limit of its own
    passedOver: [...service.passedOver, ...said.passedOver],
  };
}

/** How the target is named in messages: never with the password. */
export function targetName(target: Target): string {
  return target.endpoints.map(endpointName).join(", ");
}

export function endpointName({ path, host, port }: Endpoint): string {
  return path !== "" ? path : `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function fields({ host, port, user, database }: TargetOptions): Settings {
  const given = { host, port: port === undefined ? undefined : String(port), user, dbname: database };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Settings;
}

type Place = Pick<Endpoint, "host" | "address" | "port" | "path">;

function places(settings: Settings, path: string | undefined): Place[] {
  const addresses = settings.hostaddr?.split(",") ?? [];
  const hosts = (path ?? settings.host)?.split(",") ?? (addresses.length > 0 ? addresses : [undefined]);
  const ports = settings.port?.split(",") ?? [];
  if (![0, 1, hosts.length].includes(ports.length)) {
    throw new TargetError(
      `Cannot pair hosts and ports: found ${hosts.length} and ${ports.length}, expected one port or as many as hosts`,
    );
  }
  return hosts.map((name, i) => {
    const port = portNumber(ports.length === 1 ? ports[0]! : (ports[i] ?? ""));
    const host = name || ownSocketDir(port) || "localhost";
    return { host, address: addresses[i] ?? "", port, path: host.startsWith("/") ? socketPath(host, port) : "" };
  });
}

function portNumber(text: string): number {
  if (text === "") return 5432;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new TargetError("Cannot read the port: found something else, expected a whole number from 1 to 65535");
}

/** Where packages of PostgreSQL put the socket of a server on this machine, if there is one. */
function ownSocketDir(port: number): string | undefined {
  if (process.platform === "win32") return undefined;
  return ["/var/run/postgresql", "/tmp"].find((dir) => existsSync(socketPath(dir, port)));
}

function socketPath(path: string, port: number): string {
  return /\.s\.PGSQL\.\d+$/.test(path) ? path : `${path.replace(/\/$/, "")}/.s.PGSQL.${port}`;
}

/** True on the machine itself, where there is nobody to hide anything from. */
function isHere({ host, address, path }: Place): boolean {
  return path !== "" || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(address || host);
}

function storedPassword(
  { host, port, path }: Place,
  user: string,
  database: string,
  settings: Settings,
  environment: Environment,
): string {
  const find = (name: string) => passwordFromFile({ host: name, port, database, user }, settings.passfile, environment);
  return find(host) || (path !== "" ? find("localhost") : "");
}

/** JDBC's words, where they differ. */
const OTHER_SESSIONS: Settings = {
  master: "primary",
  slave: "standby",
  secondary: "standby",
  preferSecondary: "prefer-standby",
};

function wantedSession(word: string): WantedSession {
  const wanted = SESSIONS.find((session) => session === (OTHER_SESSIONS[word] ?? word));
  if (wanted !== undefined) return wanted;
  throw new TargetError(`Cannot read target_session_attrs: found ${word}, expected ${SESSIONS.join(", ")}`);
}
