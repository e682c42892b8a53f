/** Brings the snapshot of the schema up to date: `bun run schema`. */
import { createPool } from "../../lib/pool.ts";
import { testDatabase } from "./database.ts";
import { SCHEMA, schemaText } from "./schema.ts";

const database = await testDatabase();
const pool = await createPool({ url: database.url, workers: 1 });
await Bun.write(SCHEMA, await pool.run(schemaText));
await pool.close();
await database.close();
process.exit();
