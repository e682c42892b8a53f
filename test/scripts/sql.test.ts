import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const data = temporaryFolder("sql-data");
let database: TestDatabase;
let library: readonly string[];

beforeAll(async () => {
  database = await testDatabase();
  library = ["--database", database.url, "--data-dir", data];
  await runScript("import", ["test/songs", ...library]);
}, 60_000);
afterAll(() => database.close());

const sql = (...args: readonly string[]) => runScript("sql", [...args, ...library]);

test("sql answers with a table, JSON lines or CSV", async () => {
  const statement = "select 1 as n, 'a, b' as text, null as nothing union all select 20, '=x', 'y'";
  expect((await sql(statement)).out).toBe(" n  text  nothing\n 1  a, b\n20  =x    y\n");
  expect((await sql(statement, "--csv")).out).toBe('n,text,nothing\n1,"a, b",\n20,\'=x,y\n');
  expect((await sql(statement, "--json")).out).toBe(
    '{"n":1,"text":"a, b","nothing":null}\n{"n":20,"text":"=x","nothing":"y"}\n',
  );
});

test("sql changes nothing unless it is let", async () => {
  const { err, code } = await sql("delete from files");
  expect([err, code]).toEqual([expect.stringContaining("read-only transaction"), 1]);
  expect((await sql("select count(*) > 5 as many from files", "--json")).out).toBe('{"many":true}\n');
  await sql("update files set error = 'seen' where member = ''", "--write");
  expect((await sql("select distinct error from files", "--json")).out).toBe('{"error":"seen"}\n');
});

test("sql prints answers longer than a page, and ends when nobody reads on", async () => {
  const { out } = await sql("select n from generate_series(1, 1201) as n", "--csv");
  expect(out.trim().split("\n")).toHaveLength(1202);
});

test("sql prints what explain and show answer", async () => {
  expect((await sql("explain select 1")).out).toContain("Result");
  expect((await sql("show server_version_num", "--csv")).out).toMatch(/^server_version_num\n\d+\n$/);
});

test("sql says what the server says of a wrong statement", async () => {
  const { err, code } = await sql("selec 1");
  expect(code).toBe(1);
  expect(err).toContain('syntax error at or near "selec"');
});
