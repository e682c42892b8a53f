import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { type Environment, realEnvironment } from "../../pool.ts";
import { DatabaseError } from "../faults/database-error.ts";

/** The user's data directory for midiworks: `$XDG_DATA_HOME/midiworks` or the platform's equivalent. */
export function defaultDataDir(
  env: Environment = realEnvironment(),
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "midiworks");
  if (env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME)) return join(env.XDG_DATA_HOME, "midiworks");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "midiworks");
  return join(homedir(), ".local", "share", "midiworks");
}

/**
 * Where the server's programs may be kept, best first; the user's cache serves all data directories at once.
 * As root they must be readable by another account, which rules out root's home.
 */
export function binaryPlaces(dataDir: string, env: Environment = realEnvironment()): readonly string[] {
  const last = join(tmpdir(), `midiworks-${process.getuid?.() ?? "cache"}`);
  const own = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? [join(env.XDG_CACHE_HOME, "midiworks")] : [];
  if (process.getuid?.() === 0) return [...own, "/var/cache/midiworks", last];
  const cache = process.platform === "darwin" ? join("Library", "Caches") : ".cache";
  return [...own, join(homedir(), cache, "midiworks"), join(dataDir, "cache"), last];
}

/**
 * Makes a directory that is ours alone to write and returns its absolute path.
 * @throws when it cannot be made, or belongs to somebody else who could change what is in it
 */
export function ownDirectory(path: string, mode: number): string {
  const dir = resolve(path);
  const made = mkdirSync(dir, { recursive: true, mode });
  if (made !== undefined) chmodSync(dir, mode);
  const found = lstatSync(dir);
  const owner = process.getuid?.();
  if (owner !== undefined && (found.uid !== owner || (found.mode & 0o022) !== 0)) {
    throw new DatabaseError("permission", `Cannot use ${dir}: others may write there, expected a directory of our own`);
  }
  return dir;
}
