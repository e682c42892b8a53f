import { cpus } from "node:os";
import { createPool } from "../../lib/pool.ts";

/** The machine and Bun, and what else has a part in the figures, in one line. */
export function describeMachine(...more: readonly string[]): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  return [`${cpus().length} × ${model}, ${process.platform} ${process.arch}; Bun ${Bun.version}`, ...more].join(", ");
}

/** "PostgreSQL 18.4", as the server says it. */
export async function serverVersion(url: string): Promise<string> {
  const pool = await createPool({ url, workers: 1 });
  const [row] = await pool.run((sql) => sql<{ version: string }[]>`select split_part(version(), ' on ', 1) as version`);
  await pool.close();
  return row!.version;
}
