import { type Answer, ask } from "../database/questions/ask.ts";
import type { Library } from "./open-library.ts";

/**
 * Asks the library one statement in SQL, in a transaction of its own: read-only, unless `write` is asked for. `take`
 * gets the answer and reads its pages before it resolves.
 */
export async function askLibrary(
  { pool }: Library,
  statement: string,
  { write }: { readonly write: boolean },
  take: (answer: Answer) => Promise<void>,
): Promise<void> {
  await pool.tx(async (sql) => take(await ask(sql, statement)), {
    mode: write ? "read write" : "read only",
  });
}
