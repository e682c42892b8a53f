import { type Answer, ask } from "../database/ask.ts";
import type { Database } from "../database/open.ts";

/**
 * Asks the library one statement in SQL, in a transaction of its own: read-only, unless `write` is asked for. `take`
 * gets the answer and reads its pages before it resolves.
 */
export async function askLibrary(
  library: { readonly database: Database },
  statement: string,
  { write }: { readonly write: boolean },
  take: (answer: Answer) => Promise<void>,
): Promise<void> {
  await library.database.pool.tx(async (sql) => take(await ask(sql, statement)), {
    mode: write ? "read write" : "read only",
  });
}
