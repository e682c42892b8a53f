import type { PoolSql } from "../pool.ts";

/** Rows fetched at a time: an answer of any length takes no more memory. */
const PAGE = 500;

/** What a statement answers with: the names of its columns, then its rows, page by page. */
export interface Answer {
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly unknown[])[]>;
}

/** Asks the server one statement in SQL. The pages are read while the connection is held. */
export async function ask(sql: PoolSql, statement: string): Promise<Answer> {
  const { columns } = await sql.unsafe(statement).describe();
  const pages = sql.unsafe(statement).values().cursor(PAGE) as AsyncIterable<readonly (readonly unknown[])[]>;
  return { columns: columns.map(({ name }) => name), pages };
}
