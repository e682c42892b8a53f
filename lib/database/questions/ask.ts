import type { PoolSql } from "../../pool.ts";
import { DatabaseError } from "../faults/database-error.ts";

/** Rows fetched at a time: an answer of any length takes no more memory. */
const PAGE = 500;

/** What a statement answers with: the names of its columns, then its rows, page by page. */
export interface Answer {
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

/**
 * Asks the server one statement in SQL. The pages are read while the connection is held.
 * @throws DatabaseError `statement` with the server's word on a statement that is wrong
 */
export async function ask(sql: PoolSql, statement: string): Promise<Answer> {
  const described = sql.unsafe(statement).describe();
  const { columns } = await described.catch((error: Error & { readonly code?: string }) => {
    throw /^(42|0A|3F|22)/.test(error.code ?? "")
      ? new DatabaseError("statement", `Cannot ask: ${error.message}`, error)
      : error;
  });
  const pages = UTILITY.test(statement) ? atOnce(sql, statement) : byPages(sql, statement);
  return { columns: columns.map(({ name }) => name), pages };
}

/** Statements whose answer the server gives at once, not by cursor. */
const UTILITY = /^\s*(explain|show)\b/i;

function byPages(sql: PoolSql, statement: string): Answer["pages"] {
  return sql.unsafe(statement).values().cursor(PAGE) as Answer["pages"];
}

async function* atOnce(sql: PoolSql, statement: string): AsyncGenerator<readonly (readonly unknown[])[]> {
  yield (await sql.unsafe(statement).values()) as unknown as readonly (readonly unknown[])[];
}

/** Everything that failed, alike reasons together. */
export function failures(sql: PoolSql): Promise<Answer> {
  return ask(sql, "select phase, reason, path from failures order by phase, reason, path");
}
