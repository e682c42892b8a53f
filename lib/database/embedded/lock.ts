import { Database } from "bun:sqlite";

/** A lock the kernel lets go of when its holder dies, on every platform. */
export type Lock = { release(): void };

/**
 * Takes the lock of this file, or returns `undefined` at once when another process holds it. SQLite is used for its locking
 * alone (fcntl or LockFileEx, neither of which Bun offers itself); the file stays empty.
 * @throws the file system's error when the file cannot be made
 */
export function takeLock(path: string): Lock | undefined {
  const file = new Database(path, { create: true, readwrite: true });
  try {
    file.run("begin exclusive");
    held.add(file);
    return {
      release: () => {
        held.delete(file);
        file.close();
      },
    };
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") return undefined;
    throw error;
  }
}

/** A lock nobody mentions any more would be collected, and so let go. */
const held = new Set<Database>();
