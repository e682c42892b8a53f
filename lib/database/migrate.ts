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
 * Where there is no library yet, `wish` says whether to make one, see `OpenOptions`.
 * @throws DatabaseError `schema-newer` when a newer program has been here, `permission` when the user may not make tables,
 * `no-library`, `foreign-tables` and `no-schema` when none is to be made there
 */
export async function migrate(
  pool: Pool,
  where: string,
  wish: "expect" | "make" | "make beside others",
  known = knownMigrations(),
): Promise<number> {
  const newest = known.length;
  const applied = await pool.run((sql) => appliedUpTo(sql, where, newest));
  if (applied === newest) return 0;
  if (applied === 0) {
    if (wish === "expect") {
      const text = `Cannot find a library in ${where}: expected a database that import.ts or orchestrate.ts has filled`;
      throw new DatabaseError("no-library", text);
    }
    await pool.run((sql) => refuseOthers(sql, where, wish));
  }
  try {
    return await pool.tx(async (sql) => {
      await sql`set local idle_in_transaction_session_timeout = '30s'`; // a frozen process lets the others go on
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      await sql`set local statement_timeout = 0`; // the user's own may be short
      await sql.unsafe(LEDGER).simple();
      const from = await appliedUpTo(sql, where, newest);
      for (const step of known.slice(from)) await take(sql, step);
      return newest - from;
    });
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    const refused = `Cannot make the library's tables in ${where}: ${message}`;
    if (code === "42501")
      throw new DatabaseError("permission", `${refused}; expected a user that may create in this schema`, error);
    if (/^42(P07|710|723)$/.test(code ?? "")) {
      throw new DatabaseError(
        "foreign-tables",
        `${refused}: it is another program's, expected an empty database or a schema of its own`,
        error,
      );
    }
    throw error;
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

/** Tables, views and sequences of others in the schema that the library would stand in; those of extensions do not count. */
async function refuseOthers(sql: PoolSql, where: string, wish: "make" | "make beside others"): Promise<void> {
  const [found] = await sql<{ schema: string | null; count: number; some: string[] | null }[]>`
    select current_schema() as schema, count(relname)::int as count, (array_agg(relname order by relname))[1:3] as some
    from pg_class
    where relnamespace = to_regnamespace(quote_ident(current_schema())) and relkind in ('r', 'p', 'v', 'm', 'f')
      and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')`;
  const { schema, count, some } = found!;
  if (schema === null) {
    const text = `Cannot make the library's tables in ${where}: the search path of the user names no schema that exists, expected one, or ?schema=NAME in the URL`;
    throw new DatabaseError("no-schema", text);
  }
  if (count === 0 || wish === "make beside others") return;
  const more = count > some!.length ? ` and ${count - some!.length} more` : "";
  const text = `Cannot make the library's tables in ${where}: others have tables there (${some!.join(", ")}${more}), expected an empty database, ?schema=NAME of a schema of its own, or --create to make them beside those`;
  throw new DatabaseError("foreign-tables", text);
}

async function take(sql: PoolSql, step: Migration): Promise<void> {
  await sql.unsafe(readFileSync(step.path, "utf8")).simple();
  await sql`insert into midiworks_migrations (number, name) values (${step.number}, ${step.name})`;
}
