import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPool, type Pool } from "../../lib/pool.ts";
import { emptyDatabase, type TestDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";

setDefaultTimeout(60_000);

/** A folder as another program's: with a database of its own and a `.env` that names it. */
const folder = temporaryFolder("shop");
const root = new URL("../..", import.meta.url).pathname;
let shop: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  shop = await emptyDatabase();
  pool = await createPool({ url: shop.url, workers: 1 });
  await pool.run((sql) =>
    sql.unsafe("create table orders (id int); create table users (id int); create schema music").simple(),
  );
  writeFileSync(join(folder, ".env"), `DATABASE_URL=${shop.url}\nXDG_DATA_HOME=${folder}/from-env-file\n`);
});
afterAll(async () => {
  await pool.close();
  await shop.close();
});

/** Relations in the shop's database. */
async function relations(): Promise<string[]> {
  const rows = await pool.run(
    (sql) => sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { DATABASE_URL: _, ...rest } = process.env;
  const child = Bun.spawn([process.execPath, `${root}/scripts/${name}.ts`, ...args], {
    cwd: folder,
    env: { ...rest, HOME: folder, NO_COLOR: "1", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

test("a .env file in the current folder names no database and no data directory", async () => {
  const { code, err } = await run("status", []);
  expect(code).toBe(1);
  expect(err).toContain(`Cannot find a library in ${folder}/.local/share/midiworks`);
  expect(existsSync(join(folder, "from-env-file"))).toBe(false);
  expect(await relations()).toEqual(["orders", "users"]);
});

test("a real DATABASE_URL counts, but not where a data directory is given", async () => {
  expect((await run("status", [], { DATABASE_URL: shop.url })).err).toContain("expected a database that import.ts");
  const { err } = await run("status", ["--data-dir", join(folder, "other")], { DATABASE_URL: shop.url });
  expect(err).toContain(`Cannot find a library in ${join(folder, "other")}`);
});

test("a database that holds tables of others is left as it is", async () => {
  const { code, err } = await run("import", [`${root}/test/songs`, "--database", shop.url]);
  expect(code).toBe(1);
  expect(err).toContain("others have tables there (orders, users), expected an empty database");
  for (const script of ["status", "search"]) expect((await run(script, ["--database", shop.url])).code).toBe(1);
  expect(await relations()).toEqual(["orders", "users"]);
});

test("with --create the library stands beside them, in a schema of its own it needs no word", async () => {
  const beside = await run("import", [
    `${root}/test/songs`,
    "--database",
    shop.url,
    "--data-dir",
    folder,
    "--create",
    "--json",
  ]);
  expect(beside.err).toBe("");
  expect(beside.code).toBe(0);
  expect(await relations()).toContain("orders");
  expect(await relations()).toContain("contents");
});

test("another program's table of the same name is said", async () => {
  const other = await emptyDatabase();
  const otherPool = await createPool({ url: other.url, workers: 1 });
  await otherPool.run((sql) => sql`create table contents (id int)`);
  const { code, err } = await run("import", [
    `${root}/test/songs`,
    "--database",
    other.url,
    "--create",
    "--data-dir",
    folder,
  ]);
  expect(code).toBe(1);
  expect(err).toMatch(/relation "contents" already exists: it is another program's, expected an empty database/);
  await otherPool.close();
  await other.close();
});
