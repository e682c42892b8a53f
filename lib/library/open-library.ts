import { serverFault } from "../database/faults/faults.ts";
import { type Database, defaultDataDir, openDatabase } from "../database/open.ts";
import type { Pool } from "../pool.ts";
import { createRoots, type Roots } from "./roots.ts";

/** An opened library, to be asked as often as one likes. */
export interface Library {
  readonly pool: Pool;
  /** For a person to read; never holds a password. */
  readonly where: string;
  /** Where parts and the members of archives live. */
  readonly dataDir: string;
  /** Where its folders are on this machine. */
  readonly roots: Roots;
  /** Why the embedded server is gone and will not come back, once that is so. */
  readonly fault: Database["fault"];
  close(): Promise<void>;
}

export interface LibraryOptions {
  /** The script's name: it stands in the server's list of connections. */
  readonly command: string;
  /** `--database`; else DATABASE_URL; else the embedded server. */
  readonly database?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly mounts?: Readonly<Record<string, string>>;
  /** Callers that ask at once; the pool holds two more. */
  readonly callers?: number;
}

/**
 * Opens a library that is there to be asked. Where no database is named and the data directory holds none, that is an
 * error: asking makes no library.
 */
export async function openLibrary(options: LibraryOptions): Promise<Library> {
  const { command, database: url, dataDir, mounts = {}, callers = 1 } = options;
  const applicationName = `midiworks ${command}`;
  const database = await openDatabase({ url, dataDir, library: "expect", workers: callers, applicationName });
  const { pool, where, fault, close } = database;
  return { pool, where, dataDir: dataDir ?? defaultDataDir(), roots: createRoots(mounts), fault, close };
}

/** Opens a library, does something with it, and closes it whatever happens. */
export async function withLibrary<T>(options: LibraryOptions, ask: (library: Library) => Promise<T>): Promise<T> {
  const library = await openLibrary(options);
  try {
    return await ask(library);
  } catch (error) {
    throw serverFault(error, library.where);
  } finally {
    await library.close();
  }
}
