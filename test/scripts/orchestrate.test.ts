import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPool, type Pool } from "../../lib/pool.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runScript, startScript } from "../support/script.ts";
import { song } from "../support/tunes.ts";

setDefaultTimeout(120_000);

const songs = new URL("../songs", import.meta.url).pathname;
const base = temporaryFolder("orchestrate");
const many = join(base, "many songs");
const MANY = 1500;
const databases: TestDatabase[] = [];

beforeAll(() => {
  mkdirSync(many);
  for (let i = 0; i < MANY; i++) writeFileSync(join(many, `${i}.mid`), song(i));
});
afterAll(async () => {
  for (const database of databases) await database.close();
});

async function library() {
  const database = await testDatabase();
  databases.push(database);
  return database.url;
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const pool: Pool = await createPool({ url, workers: 1 });
  try {
    return [...(await pool.run((sql) => sql.unsafe(statement)))];
  } finally {
    await pool.close();
  }
}

/** What a library says, without the numbers that depend on who came first. */
const CONTENT = `
  select encode(contents.sha256, 'hex') as hash, status::text, contents.error, analysis_state::text, split_state::text,
    analysis_error, split_error, analysis_attempts, split_attempts, key_tonic, tempo_bpm, analyses.note_count,
    (select string_agg(files.path, '|' order by files.path) from files where content_id = contents.id) as places,
    (select string_agg(encode(parts.sha256, 'hex') || parts.path, '|' order by number) from parts
      where content_id = contents.id) as parts,
    (select count(*)::int from tracks where content_id = contents.id) as tracks
  from contents
  left join analyses on analyses.content_id = contents.id
  order by 1`;

const everything = (source: string, url: string, data: string, ...more: string[]) => [
  ...["--source", source, "--database", url, "--data-dir", join(base, data), "--json"],
  ...more,
];

test("orchestrate does the whole job on a folder, and a second run finds nothing to do", async () => {
  const url = await library();
  const first = await runScript("orchestrate", everything(songs, url, "a"));
  expect(first.err).toBe("");
  expect(first.code).toBe(0);
  const report = JSON.parse(first.out);
  expect(report.phases).toMatchObject([
    { phase: "import", done: 8, failed: 2, error: null, counts: { new: 9, duplicates: 1 } },
    { phase: "analysis", done: 7, failed: 0 },
    { phase: "split", done: 4, failed: 0 },
  ]);
  const before = await query(url, CONTENT);
  const versions = "select xmin::text from contents union all select xmin::text from files order by 1";
  const rows = await query(url, versions);
  const second = JSON.parse((await runScript("orchestrate", everything(songs, url, "a"))).out);
  expect(second.phases).toMatchObject([
    { done: 0, counts: { unchanged: 10 } },
    { done: 0, failed: 0 },
    { done: 0, failed: 0 },
  ]);
  expect(await query(url, CONTENT)).toEqual(before);
  expect(await query(url, versions)).toEqual(rows);
});

test("orchestrate killed at any moment and run again ends as if it had never been killed", async () => {
  const [calm, stormy] = [await library(), await library()];
  expect((await runScript("orchestrate", everything(many, calm, "calm", "--quiet"))).code).toBe(0);
  for (const contents of [1, 60, 200]) {
    const { child, ended } = startScript("orchestrate", everything(many, stormy, "stormy"));
    await begun(stormy, contents);
    child.kill("SIGKILL");
    await ended;
  }
  const last = await runScript("orchestrate", everything(many, stormy, "stormy", "--quiet"));
  expect(last.code).toBe(0);
  expect(await query(stormy, CONTENT)).toEqual(await query(calm, CONTENT));
});

/** Resolves when this many contents are analysed or in hand, so that what follows comes in the middle of the work. */
async function begun(url: string, contents: number) {
  const size = "select count(*)::int as rows from contents where analysis_state <> 'pending'";
  for (;;) {
    const [row] = await query(url, size);
    if ((row!.rows as number) >= contents) return;
  }
}

test("Ctrl-C finishes what is in hand, leaves nothing claimed, and exits 130", async () => {
  const url = await library();
  const { child, ended } = startScript("orchestrate", everything(many, url, "stopped"));
  await begun(url, 1);
  child.kill("SIGINT");
  const { code, out } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(out).stopped).toBe(true);
  const claimed = "select count(*)::int as n from contents where analysis_state = 'claimed' or split_state = 'claimed'";
  expect(await query(url, claimed)).toEqual([{ n: 0 }]);
});

test("SIGTERM exits 143", async () => {
  const url = await library();
  const { child, ended } = startScript("orchestrate", everything(many, url, "terminated"));
  await begun(url, 1);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(143);
});

test("phases that are skipped are not run, and catch up later", async () => {
  const url = await library();
  await runScript("orchestrate", everything(songs, url, "b", "--skip-analysis", "--skip-split"));
  expect(await query(url, "select count(*)::int as n from analyses")).toEqual([{ n: 0 }]);
  const common = ["--database", url, "--data-dir", join(base, "b"), "--json"];
  expect(JSON.parse((await runScript("analyze", common)).out).phases).toMatchObject([{ phase: "analysis", done: 7 }]);
  expect(JSON.parse((await runScript("split", common)).out).phases).toMatchObject([{ phase: "split", done: 4 }]);
});

test.each([
  [["--source"], "--source needs a value"],
  [["--sauce", "x"], "unknown flag --sauce"],
  [["--source", "x", "--workers", "many"], '--workers is "many", expected a number of at least 1'],
  [["--source", "x", "y"], 'unexpected argument "y"'],
  [[] as string[], "--source is missing, expected the folder to import"],
])("orchestrate %j is wrong use: one line and exit code 2", async (args, line) => {
  const { code, err, out } = await runScript("orchestrate", args);
  expect(code).toBe(2);
  expect(err).toContain(`orchestrate: ${line}`);
  expect(out).toBe("");
});

test("surroundings at fault: one line that names them, exit code 1", async () => {
  const url = await library();
  const missing = await runScript("orchestrate", everything("/nowhere", url, "c"));
  expect(missing).toMatchObject({ code: 1, out: "" });
  expect(missing.err).toBe("orchestrate: Cannot read /nowhere: no such folder, expected a folder\n");
  const refused = await runScript("orchestrate", everything(songs, "postgresql://localhost:1/none", "c"));
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/^orchestrate: Cannot .*localhost:1.*ECONNREFUSED.*\n$/);
  await query(
    url,
    "do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$",
  );
  const reading = await runScript("orchestrate", everything(songs, url, "c"));
  expect(reading.code).toBe(1);
  expect(reading.err).toMatch(
    /^orchestrate: Cannot write to the library in .*; expected a server that takes writes\n$/,
  );
});
