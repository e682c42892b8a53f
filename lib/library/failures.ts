import { type Answer, failures } from "../database/questions/ask.ts";
import type { Library } from "./open-library.ts";

/** Everything that failed: phase, reason and place, one row each. `take` reads the pages before it resolves. */
export async function listFailures({ pool }: Library, take: (answer: Answer) => Promise<void>): Promise<void> {
  await pool.tx(async (sql) => take(await failures(sql)), { mode: "read only" });
}
