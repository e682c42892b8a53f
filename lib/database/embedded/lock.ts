import { Database } from "bun:sqlite";

/**
 * Takes the lock of this file for as long as this process lives, or says at once that another holds it. The kernel lets go of
 * it however we end. SQLite is used for its locking alone (fcntl, which Bun does not offer by itself); the file stays empty.
 * @throws the file system's error when the file cannot be made
 */
export function takeLock(path: string): boolean {
  const file = new Database(path, { create: true, readwrite: true });
  try {
    file.run("begin exclusive");
    held.add(file);
    return true;
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") return false;
    throw error;
  }
}

/** What nobody mentions any more is collected, and with it the lock. */
const held = new Set<Database>();
