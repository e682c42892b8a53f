import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ANALYSIS_COLUMNS } from "../../lib/columns/analyses.ts";
import type { Column } from "../../lib/columns/column.ts";
import { CONTENT_COLUMNS } from "../../lib/columns/contents.ts";
import { FILE_COLUMNS } from "../../lib/columns/files.ts";
import { LIBRARY_COLUMNS } from "../../lib/columns/library.ts";
import { PART_COLUMNS } from "../../lib/columns/parts.ts";
import { SEARCHABLE } from "../../lib/columns/searchable.ts";
import { TRACK_COLUMNS } from "../../lib/columns/tracks.ts";
import { createPool, type Pool } from "../../lib/pool.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

setDefaultTimeout(60_000);

/** Columns that no declaration fills: keys, states of the phases, and what the statements find out. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  analyses: ["chords json", "content_id bigint", "features json", "piece_group bigint"],
  tracks: ["content_id bigint"],
  parts: ["content_id bigint"],
  files: ["content_id bigint", "id bigint", "root_id integer", "state file_state"],
};

const TABLES: Readonly<Record<string, readonly Column<never>[]>> = {
  analyses: ANALYSIS_COLUMNS,
  tracks: TRACK_COLUMNS,
  parts: PART_COLUMNS,
  files: FILE_COLUMNS,
};

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = await createPool({ url: database.url, workers: 1 });
});
afterAll(async () => {
  await pool.close();
  await database.close();
});

/** The columns of a table as `name type`. */
async function catalog(table: string): Promise<string[]> {
  const rows = await pool.run(
    (sql) => sql<{ column: string }[]>`
      select attname || ' ' || format_type(atttypid, atttypmod) as column
      from pg_attribute
      where attrelid = ${table}::text::regclass and attnum > 0 and not attisdropped`,
  );
  return rows.map(({ column }) => column).sort();
}

for (const [table, columns] of Object.entries(TABLES)) {
  test(`columns: those of ${table} are declared as the database has them`, async () => {
    const declared = columns.map(({ name, type }) => `${name} ${type}`);
    expect([...declared, ...OTHERS[table]!].sort()).toEqual(await catalog(table));
  });
}

test("columns: those that the import fills in contents are as the database has them", async () => {
  const found = await catalog("contents");
  for (const { name, type } of CONTENT_COLUMNS) expect(found).toContain(`${name} ${type}`);
});

test("columns: those that a search answers with are in the view, of their kinds", async () => {
  const kinds = {
    text: ["text"],
    number: /^(bigint|integer|real|double precision)$/,
    flag: ["boolean"],
    list: ["text[]"],
  };
  const found = new Map(
    (await catalog("library")).map((column) => [column.split(" ")[0], column.replace(/^\S+ /, "")]),
  );
  for (const [name, { kind }] of Object.entries(LIBRARY_COLUMNS)) {
    const wanted = kinds[kind];
    if (wanted instanceof RegExp) expect(found.get(name)).toMatch(wanted);
    else expect(wanted).toContain(found.get(name)!);
  }
});

test("columns: what a flag asks for has the type of its kind", () => {
  for (const [flag, { column, kind }] of Object.entries(SEARCHABLE)) {
    const { type } = ANALYSIS_COLUMNS.find(({ name }) => name === column)!;
    expect([flag, type === "boolean"]).toEqual([flag, kind === "yes-no"]);
  }
});

test("columns: each says what it means, in one line", () => {
  for (const { about } of [...Object.values(TABLES).flat(), ...CONTENT_COLUMNS]) expect(about).toMatch(/^\S.{2,110}$/);
});
