import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Pool, PoolSql } from "../pool.ts";
import { DatabaseError } from "./faults/database-error.ts";

/** One step of the schema: a file `0001_library.sql`, run once in a library's life. */
export type Migration = { readonly number: number; readonly name: string; readonly path: string };

/** The steps this program knows, in order; their numbers have no gaps. */
export function knownMigrations(dir = fileURLToPath(new URL("migrations/", import.meta.url))): readonly Migration[] {
  const names = readdirSync(dir).filter((name) => name.endsWith(".sql"));
  const steps = names.sort().map((name) => ({ number: Number.parseInt(name, 10), name, path: join(dir, name) }));
  const wrong = steps.find((step, index) => step.number !== index + 1);
  if (wrong)
    throw new Error(`Cannot order the migrations: found ${wrong.name}, expected consecutive numbers from 0001`);
  return steps;
}

/**
 * Brings the schema up to this program's, forward only. One query when nothing is to do; otherwise all steps in one
 * transaction under an advisory lock, so that scripts starting at once take turns and a failed step leaves nothing behind.
 * Resolves to how many steps were taken.
 * @throws DatabaseError `schema-newer` when a newer program has been here, `permission` when the user may not make tables
 */
export async function migrate(pool: Pool, where: string, known = knownMigrations()): Promise<number> {
  const newest = known.length;
  if ((await pool.run((sql) => appliedUpTo(sql, where, newest))) === newest) return 0;
  try {
    return await pool.tx(async (sql) => {
      await sql`set local idle_in_transaction_session_timeout = '30s'`; // a frozen process lets the others go on
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      await sql.unsafe(LEDGER).simple();
      const from = await appliedUpTo(sql, where, newest);
      for (const step of known.slice(from)) await take(sql, step);
      return newest - from;
    });
  } catch (error) {
    if ((error as { code?: string }).code !== "42501") throw error;
    const text = `Cannot make the library's tables in ${where}: ${(error as Error).message}; expected a user that may create in this schema`;
    throw new DatabaseError("permission", text, error);
  }
}

/** "midiwork" in bytes: a key other programs in the same database will not choose. */
const MIGRATION_LOCK = 0x6d696469776f726bn;

const LEDGER = `
  create table if not exists midiworks_migrations (
    number integer primary key,
    name text not null,
    applied_at timestamptz not null default now()
  )`;

async function appliedUpTo(sql: PoolSql, where: string, newest: number): Promise<number> {
  const [found] = await sql<{ there: boolean }[]>`select to_regclass('midiworks_migrations') is not null as there`;
  if (!found?.there) return 0;
  const [row] = await sql<{ number: number }[]>`select coalesce(max(number), 0) as number from midiworks_migrations`;
  const number = row?.number ?? 0;
  if (number <= newest) return number;
  const text = `Cannot use the library in ${where}: its schema is number ${number}, expected at most ${newest}; a newer midiworks made it, update this one`;
  throw new DatabaseError("schema-newer", text);
}

async function take(sql: PoolSql, step: Migration): Promise<void> {
  await sql.unsafe(readFileSync(step.path, "utf8")).simple();
  await sql`insert into midiworks_migrations (number, name) values (${step.number}, ${step.name})`;
}
