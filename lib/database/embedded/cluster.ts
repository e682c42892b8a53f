import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DatabaseError } from "../faults/database-error.ts";
import { type Account, asAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { isNameless, nameFor } from "./preload-user-name.ts";

/** The one role of an embedded cluster; the socket's directory decides who may take it. */
export const EMBEDDED_USER = "midiworks";

/** The database of an embedded cluster that holds the library. */
export const EMBEDDED_DATABASE = "postgres";

/** Server settings by name, as postgresql.conf takes them. */
export type Settings = Readonly<Record<string, string | number>>;

/** Where a cluster is (to be) and with what it is run. */
export type Cluster = { readonly dir: string; readonly binaries: Binaries; readonly account: Account | null };

/**
 * Makes a new cluster: UTF-8, the builtin C.UTF-8 locale (same order on every machine, no ICU). It is made beside its
 * place and moved there when complete, so a killed attempt leaves nothing that looks like a library (`sweepAttempts` removes it).
 * `settings` are written to postgresql.conf, where the owner may change them; `hba` is the text of pg_hba.conf.
 * About 0.6 s, nearly all of it initdb. Nothing is forced to disk yet: see `syncCluster`.
 * @throws DatabaseError `disk-full`, `read-only`, `permission` or `start-failed`
 */
export async function createCluster(cluster: Cluster, settings: Settings = {}, hba = PRIVATE_HBA): Promise<void> {
  const action = `Cannot make the database in ${cluster.dir}`;
  const fresh = beside(cluster.dir, action);
  try {
    if (cluster.account) chownSync(fresh, cluster.account.uid, cluster.account.gid);
    await initdb({ ...cluster, dir: fresh }, [...INITDB, ...asOptions(settings)]);
    await writeFile(join(fresh, "pg_hba.conf"), hba);
    renameSync(fresh, cluster.dir);
  } catch (error) {
    discard(fresh);
    throw diskFault(error, action);
  }
}

/** A new directory named after `dir`, never the same twice: the initdb of a killed attempt may still be at work in its own. */
function beside(dir: string, action: string): string {
  try {
    return mkdtempSync(`${dir}.new-`);
  } catch (error) {
    throw diskFault(error, action);
  }
}

/** Removes what killed attempts to make this cluster have left beside it. */
export function sweepAttempts(dir: string): void {
  const attempts = readdirSync(dirname(dir)).filter((name) => name.startsWith(`${basename(dir)}.new-`));
  for (const name of attempts) discard(join(dirname(dir), name));
}

function discard(dir: string): void {
  try {
    rmSync(dir, { recursive: true, force: true });
  } catch {
    // somebody is still at work in it: the next start tries again
  }
}

const INITDB = [
  "--no-sync",
  "--no-instructions",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--auth=trust",
  `--username=${EMBEDDED_USER}`,
];

const PRIVATE_HBA =
  "# Local sockets only: the directory they are in is closed to everybody but its owner.\nlocal all all trust\n";

/** `-c name=value` for each setting. */
export function asOptions(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Forces a new cluster's files to disk, beside the running server: a power cut must not eat what initdb wrote. */
export async function syncCluster(cluster: Cluster): Promise<void> {
  await initdb(cluster, ["--sync-only"]);
}

async function initdb(cluster: Cluster, options: readonly string[]): Promise<void> {
  const { initdb: program } = cluster.binaries;
  const name = !cluster.account && isNameless() ? nameFor(EMBEDDED_USER, dirname(program)) : {};
  const child = spawn(program, ["-D", serverPath(cluster), ...options], {
    ...asAccount(cluster.account),
    cwd: cluster.dir,
    env: { ...SERVER_ENVIRONMENT, ...name },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.on("data", (chunk) => (text += chunk));
  const code = await new Promise<number | string>((done, failed) => {
    child.on("error", failed);
    child.on("close", (status, signal) => done(status ?? signal ?? 0));
  });
  if (text.includes("could not look up effective user ID")) {
    const found = `user ${process.getuid?.()} has no name in /etc/passwd`;
    throw new DatabaseError("no-account", `Cannot make the database: ${found}, expected one (or set DATABASE_URL)`);
  }
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${firstFault(text)}`);
}

/** What the server's programs may see of the environment: nothing of PG*, one language for the texts we read. */
export const SERVER_ENVIRONMENT: NodeJS.ProcessEnv = {
  LC_ALL: "C",
  TZ: "UTC",
  PATH: process.env.PATH,
};

/**
 * The cluster's directory as the server names it. Another account may own the cluster without being allowed through the
 * directories above it (root's home): it is started inside, and `/proc/self/cwd` leads there without passing them.
 */
export function serverPath(cluster: Cluster): string {
  return cluster.account && process.platform === "linux" ? "/proc/self/cwd" : cluster.dir;
}

/**
 * Says whether a usable cluster is at `dir`. Looks, never changes.
 * @throws DatabaseError `cluster-version` for another PostgreSQL's cluster, `damaged` when it cannot be one at all
 */
export function inspectCluster(dir: string, major: number): "missing" | "present" {
  if (!existsSync(dir) || (statSync(dir).isDirectory() && readdirSync(dir).length === 0)) return "missing";
  const damaged = (found: string, cause?: unknown) =>
    new DatabaseError("damaged", `Cannot use the database in ${dir}: ${found}; nothing was changed`, cause);
  const version = read(join(dir, "PG_VERSION"), damaged).trim();
  if (!/^\d+$/.test(version)) throw damaged(`its PG_VERSION says "${version.slice(0, 20)}", expected ${major}`);
  if (Number(version) !== major) {
    const text = `Cannot use the database in ${dir}: it was written by PostgreSQL ${version}, expected ${major}; nothing was changed`;
    throw new DatabaseError("cluster-version", text);
  }
  const control = read(join(dir, "global", "pg_control"), damaged);
  if (control.length !== CONTROL_BYTES) {
    throw damaged(`its global/pg_control has ${control.length} bytes, expected ${CONTROL_BYTES}`);
  }
  return "present";
}

/** PG_CONTROL_FILE_SIZE, the same on every platform. */
const CONTROL_BYTES = 8192;

function read(path: string, damaged: (found: string, cause: unknown) => DatabaseError): string {
  try {
    return readFileSync(path, "latin1");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") {
      throw new DatabaseError("permission", `Cannot read ${path}: it belongs to another user`, cause);
    }
    throw damaged(code === "ENOENT" ? `found no ${path}` : `${path} cannot be read (${code})`, cause);
  }
}

/** The first line in which a server program says what is wrong, without its prefix. */
export function firstFault(text: string): string {
  // That it starts up or shuts down is what a server in trouble tells others, not the trouble.
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/the database system is /.test(line));
  const fault = lines.find((line) => /(FATAL|PANIC|error|ERROR):/.test(line)) ?? lines[0] ?? "no reason given";
  return fault.replace(/^.*?(FATAL|PANIC|error|ERROR):\s*/, "").trim();
}

/** Turns a full or read-only disk and a closed directory into one line that names the path. */
export function diskFault(error: unknown, action: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const is = (name: string, words: RegExp) => code === name || words.test(text);
  if (is("ENOSPC", /No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/)) {
    return new DatabaseError("disk-full", `${action}: the disk is full`, error);
  }
  if (is("EROFS", /Read-only file system/)) {
    return new DatabaseError("read-only", `${action}: the place is read-only, expected one to write to`, error);
  }
  if (is("EACCES", /Permission denied/) || code === "EPERM") {
    return new DatabaseError("permission", `${action}: permission denied, expected a directory of our own`, error);
  }
  return new DatabaseError("start-failed", `${action}: ${text}`, error);
}
