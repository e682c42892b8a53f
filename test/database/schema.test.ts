import { expect, setDefaultTimeout, test } from "bun:test";
import { createPool } from "../../lib/pool.ts";
import { testDatabase } from "../support/database.ts";
import { SCHEMA, schemaText } from "../support/schema.ts";

setDefaultTimeout(60_000);

test("schema: the snapshot is what the migrations make", async () => {
  const database = await testDatabase();
  const pool = await createPool({ url: database.url, workers: 1 });
  const [server] = await pool.run(
    (sql) => sql<{ version: number }[]>`select current_setting('server_version_num')::int as version`,
  );
  const text = await pool.run(schemaText);
  await pool.close();
  await database.close();
  // Older servers write the definitions of views in other words; there the migrations are tried by all other tests.
  if (server!.version >= 180000) expect(text).toBe(await Bun.file(SCHEMA).text());
  else expect(text).toContain("create table analyses");
});
