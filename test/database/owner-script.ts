// A script as a user runs one: opens the library of a data directory, says so, and leaves when its input ends.
import { openDatabase } from "../../lib/database/open.ts";

const [dataDir] = process.argv.slice(2);
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const notes: string[] = [];
const onEvent = (event: unknown) => typeof event === "string" && notes.push(event);
try {
  const database = await openDatabase({ library: "make", dataDir, workers: 1, applicationName: "owner", onEvent });
  const [row] = await database.pool.run((sql) => sql`select count(*)::int as steps from midiworks_migrations`);
  say({ where: database.where, version: database.serverVersion, notes, steps: row?.steps });
  for await (const _ of process.stdin);
  await database.close();
} catch (error) {
  const { name, code, message } = error as Error & { code?: string };
  say({ error: name, code, message });
}
