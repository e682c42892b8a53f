import { existsSync } from "node:fs";
import { CLUSTER_DIR } from "../database/embedded/keeper-protocol.ts";
import { defaultDataDir } from "../database/embedded/places.ts";
import { DatabaseError } from "../database/error.ts";
import { type Database, openDatabase } from "../database/open.ts";

/**
 * Opens a library that is there to be asked, with one connection at hand. Where no database is named and the data
 * directory holds none, that is an error: asking makes no library.
 */
export async function openLibrary(
  command: string,
  url: string | undefined,
  dataDir = defaultDataDir(),
): Promise<{ readonly database: Database; readonly dataDir: string }> {
  if (!url && !process.env.DATABASE_URL && !existsSync(`${dataDir}/${CLUSTER_DIR}`)) {
    const text = `Cannot find a library in ${dataDir}: nothing was imported there, expected --data-dir or --database of one`;
    throw new DatabaseError("no-database", text);
  }
  const database = await openDatabase({ url, dataDir, workers: 1, applicationName: `midiworks ${command}` });
  return { database, dataDir };
}
