import { TargetError } from "./target-error.ts";

/** Settings by their names in libpq (documentation, "Parameter Key Words"), as they were written. */
export type Settings = Readonly<Record<string, string>>;

const FORMS = 'expected postgres://user:password@host:port/database or "host=... port=... user=... dbname=..."';

/** Schemes that mean PostgreSQL; each may carry a driver (`postgresql+asyncpg://`). */
const SCHEMES = new Set(["postgres", "postgresql", "pgsql", "postgis"]);

/**
 * Reads a database URL or a string of keywords, in the forms of libpq and its family. No message shows any part of it
 * that may hold the password.
 */
export function readConnectionString(text: string): Settings {
  const trimmed = text.trim();
  if (/^[\w.+:-]+:\/\//.test(trimmed)) return readUrl(trimmed);
  if (/^\w+\s*=/.test(trimmed)) return readKeywords(trimmed);
  throw new TargetError(`Cannot read database URL: found no scheme and no keyword, ${FORMS}`);
}

const HOST = String.raw`(?:\[[^\]/?]*\]|[^:/?@,[\]]*)(?::\d*)?`;
/** The parts after `://`. (WHATWG's URL refuses `postgresql://user@/db?host=/run/postgresql`, which libpq takes.) */
const STRICT = new RegExp(
  String.raw`^(?:(?<user>[^:/?]*?)(?::(?<password>[^/?]*))?@)?(?<hosts>${HOST}(?:,${HOST})*)(?:/(?<dbname>[^?]*))?(?:\?(?<query>.*))?$`,
  "s",
);
/** The same for a password with signs that should have been percent-encoded: it reaches to the last `@`. */
const LENIENT = new RegExp(STRICT.source.replaceAll("[^/?]*))?@", ".*))?@"), "s");

function readUrl(text: string): Settings {
  const [, scheme = "", rest = ""] = /^(?:jdbc:)?([\w.+-]+):\/\/(.*)$/s.exec(text) ?? [];
  if (!SCHEMES.has(scheme.replace(/\+.*/, "").toLowerCase())) {
    throw new TargetError(
      `Cannot read database URL: found scheme ${/^[^:]+/.exec(text)?.[0]}, expected postgres or postgresql`,
    );
  }
  const parts = (STRICT.exec(rest) ?? LENIENT.exec(rest))?.groups;
  if (parts === undefined) {
    throw new TargetError(
      `Cannot read database URL: found something else than a host and a port after the scheme, ${FORMS}; write the signs / ? # @ of a password as %2F %3F %23 %40`,
    );
  }
  const settings: Record<string, string> = {};
  const set = (name: string, value: string | undefined): void => {
    if (value) settings[name] = value;
  };
  set("user", decoded(parts.user));
  set("password", decoded(parts.password));
  set("dbname", decoded(parts.dbname));
  const hosts = parts.hosts!.split(",").map((host) => /^(.*?)(?::(\d*))?$/.exec(host.replace(/^\[(.*)\]/, hide))!);
  set("host", hosts.map(([, host]) => decoded(host!.replaceAll("\0", ":"))).join(","));
  if (hosts.some(([, , port]) => port)) set("port", hosts.map(([, , port = ""]) => port).join(","));
  for (const pair of (parts.query ?? "").split("&")) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair)!;
    set(decoded(name)!, decoded(value));
  }
  return settings;
}

/** The colons of an IPv6 address, kept apart from that of the port. */
function hide(_: string, address: string): string {
  return address.replaceAll(":", "\0");
}

/** A part of the URL as it was meant; a bare `%` is taken as it stands. */
function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `host=localhost port=5432 password='it\'s'` */
function readKeywords(text: string): Settings {
  const settings: Record<string, string> = {};
  const pair = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\']|\\.)*))(?=\s|$)/sy;
  for (let end = 0; end < text.trimEnd().length; end = pair.lastIndex) {
    pair.lastIndex = end;
    const [, name, quoted, plain] = pair.exec(text) ?? [];
    if (name === undefined) {
      const after = Object.keys(settings).at(-1);
      throw new TargetError(
        `Cannot read database keywords: found something else than name=value ${after === undefined ? "at the start" : `after ${after}`}, expected name=value pairs, a value with spaces in single quotes`,
      );
    }
    const value = (quoted ?? plain ?? "").replace(/\\(.)/gs, "$1");
    if (value !== "") settings[name] = value;
  }
  return settings;
}
