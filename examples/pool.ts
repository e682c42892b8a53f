/** The connection pool in a script of one's own: `bun examples/pool.ts postgres://user@host/database`. */
import { createPool } from "midiworks/pool";

const url = process.argv[2];
if (url === undefined) throw new Error("No URL given, expected that of a PostgreSQL database");

// Four callers at once, each with a connection that is open and proven before the first query.
const pool = await createPool({ url, workers: 4 });

// A batch is one round trip; what may run twice may be asked again when its connection dies.
const squares = await pool.run(
  (sql) => sql<{ n: number; square: number }[]>`select n, n * n as square from generate_series(1, 3) as n`,
  { retry: 2 },
);
console.log(squares.map(({ n, square }) => `${n} ${square}`).join(", "));

// All or nothing.
const [row] = await pool.tx((sql) => sql<{ total: number }[]>`select 1 + 1 as total`);
console.log(row!.total);

await pool.close();
