// The files in which libpq keeps passwords and services (documentation, "The Password File", "The Connection Service File").
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Settings } from "./connection-string.ts";
import type { Environment } from "./environment.ts";
import { TargetError } from "./target-error.ts";

/** Whose password is looked for. */
export interface Account {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password of the first line that fits, from `file` or the person's own file (`~/.pgpass`). A file that others may
 * read does not count, as with libpq.
 */
export function passwordFromFile(account: Account, file: string | undefined, environment: Environment): string {
  const wanted = [account.host, String(account.port), account.database, account.user];
  for (const line of linesOf(file ?? ownFile(environment, ".pgpass", "pgpass.conf"), true)) {
    if (line.startsWith("#")) continue;
    const fields = [...line.matchAll(/((?:[^:\\]|\\.)*)(?::|$)/g)].map(([, field]) => field!.replace(/\\(.)/g, "$1"));
    if (fields.length < 5) continue;
    if (wanted.every((value, i) => fields[i] === "*" || fields[i] === value)) return fields[4]!;
  }
  return "";
}

/** The settings of a service, from `PGSERVICEFILE`, the person's own file (`~/.pg_service.conf`) or `PGSYSCONFDIR`. */
export function serviceSettings(service: string | undefined, environment: Environment): Settings {
  if (!service) return {};
  const own = environment.PGSERVICEFILE ?? ownFile(environment, ".pg_service.conf", ".pg_service.conf");
  const system = join(environment.PGSYSCONFDIR ?? "/etc/postgresql-common", "pg_service.conf");
  for (const file of [own, system]) {
    const found = sectionOf(linesOf(file, false), service);
    if (found !== undefined) return found;
  }
  throw new TargetError(`Cannot find service ${service}: found no such section in ${own} or ${system}`);
}

function sectionOf(lines: readonly string[], section: string): Settings | undefined {
  const start = lines.indexOf(`[${section}]`);
  if (start < 0) return undefined;
  const settings: Record<string, string> = {};
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith("[")) break;
    const [, name, value] = /^([^#=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value) settings[name] = value;
  }
  return settings;
}

function ownFile(environment: Environment, name: string, windowsName: string): string {
  if (process.platform === "win32") return join(environment.APPDATA ?? homedir(), "postgresql", windowsName);
  return join(environment.HOME ?? homedir(), name);
}

/** Trimmed lines; none when the file cannot be read, or when it holds secrets and others may read it. */
function linesOf(file: string, secret: boolean): readonly string[] {
  try {
    if (secret && process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) return [];
    return readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.trim());
  } catch {
    return [];
  }
}
