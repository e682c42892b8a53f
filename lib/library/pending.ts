import { backlog } from "../database/claims.ts";
import type { Library } from "./open-library.ts";

/** How many files are imported and not analysed yet. */
export async function pendingAnalyses({ pool }: Library): Promise<number> {
  return (await pool.run((sql) => backlog(sql, "analysis"))).pending;
}
