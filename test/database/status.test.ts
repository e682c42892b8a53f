import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  countContents,
  countGone,
  countPlaces,
  failureGroups,
  runsAtWork,
  tableSizes,
} from "../../lib/database/status.ts";
import { createPool, type Pool } from "../../lib/pool.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
let pool: Pool;

const ROWS = `
  insert into roots (path) values ('/music');
  insert into runs (command, machine, pid, process_started, expires_at, ended_at) values
    ('import', 'a', 1, '', now(), now()),
    ('analyze', 'b', 2, '', now() + interval '20 seconds', null),
    ('split', 'c', 3, '', now() - interval '5 seconds', null);
  insert into contents (
    sha256, size, status, error, analysis_state, analysis_error, analysis_owner, split_state, split_error, split_owner
  )
    select sha256(i::text::bytea), 100, status::content_status, error, analysis::phase_state, reason, a, split::phase_state, why, s
    from (values
      (1, 'ok', null, 'done', null, null, 'done', null, null),
      (2, 'repaired', null, 'claimed', null, 2, 'pending', null, null),
      (3, 'ok', null, 'claimed', null, 2, 'claimed', null, 3),
      (4, 'rejected', 'no MThd', 'not_applicable', null, null, 'not_applicable', null, null),
      (5, 'rejected', 'no MThd', 'not_applicable', null, null, 'not_applicable', null, null),
      (6, 'ok', null, 'failed', 'it hung', null, 'failed', 'disk', null),
      (7, 'ok', null, 'done', null, null, 'done', null, null)
    ) as made (i, status, error, analysis, reason, a, split, why, s);
  insert into files (root_id, path, member, state, error, content_id, size, modified_us) values
    (1, '1.mid', '', 'present', null, 1, 100, 0),
    (1, '1 again.mid', '', 'present', null, 1, 100, 0),
    (1, '5 was.mid', '', 'gone', null, 5, 100, 0),
    (1, '5.mid', '', 'present', null, 5, 100, 0),
    (1, '6.zip', 'six.mid', 'present', null, 6, 100, 0),
    (1, '7.mid', '', 'gone', null, 7, 100, 0),
    (1, '7 too.mid', '', 'gone', null, 7, 100, 0),
    (1, 'locked.mid', '', 'unreadable', 'permission denied', null, 100, 0)`;

beforeAll(async () => {
  database = await testDatabase();
  pool = await createPool({ url: database.url, workers: 1 });
  await pool.run((sql) => sql.unsafe(ROWS).simple());
});
afterAll(async () => {
  await pool.close();
  await database.close();
});

test("countContents counts each kind with its bytes", async () => {
  const rows = await pool.run(countContents);
  expect(rows).toContainEqual({
    status: "rejected",
    analysis: "not_applicable",
    split: "not_applicable",
    count: 2,
    bytes: 200,
  });
  expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(7);
});

test("countPlaces and countGone tell a lost content from one that is elsewhere", async () => {
  const places = await pool.run(countPlaces);
  expect(Object.fromEntries(places.map(({ state, count }) => [state, count]))).toEqual({
    present: 4,
    gone: 3,
    unreadable: 1,
  });
  expect(await pool.run(countGone)).toBe(1);
});

test("runsAtWork says who holds what and for how long", async () => {
  const runs = await pool.run(runsAtWork);
  expect(runs.map(({ command, machine, analysis, split }) => [command, machine, analysis, split])).toEqual([
    ["analyze", "b", 2, 0],
    ["split", "c", 0, 1],
  ]);
  expect(runs[0]!.leaseSeconds).toBeWithin(0, 20.1);
  expect(runs[1]!.leaseSeconds).toBeLessThan(0);
});

test("failureGroups groups by phase and reason, with a place to look at", async () => {
  const groups = await pool.run((sql) => failureGroups(sql, 10));
  expect(groups.map((group) => ({ ...group }))).toEqual([
    { phase: "import", reason: "no MThd", count: 2, example: null },
    { phase: "analysis", reason: "it hung", count: 1, example: "/music/6.zip!/six.mid" },
    { phase: "import", reason: "permission denied", count: 1, example: "/music/locked.mid" },
    { phase: "split", reason: "disk", count: 1, example: "/music/6.zip!/six.mid" },
  ]);
  expect(await pool.run((sql) => failureGroups(sql, 1))).toHaveLength(1);
});

test("failureGroups takes reasons that differ in numbers only for one", async () => {
  const limit = (bytes: number) => `${bytes} bytes, more than the limit of 1000`;
  const groups = await pool
    .tx(async (sql) => {
      for (const bytes of [2000, 3001]) {
        await sql`
          insert into files (root_id, path, state, error, size, modified_us)
          select id, ${`large ${bytes}.mid`}, 'unreadable', ${limit(bytes)}, 0, 0 from roots order by id limit 1`;
      }
      throw await failureGroups(sql, 10);
    })
    .catch((found: unknown) => found as Awaited<ReturnType<typeof failureGroups>>);
  expect(groups.find(({ reason }) => reason.includes("limit"))).toMatchObject({
    phase: "import",
    reason: "N bytes, more than the limit of N",
    count: 2,
    example: expect.stringContaining("large 2000.mid"),
  });
});

test("the view failures names every one", async () => {
  const rows = await pool.run(
    (sql) => sql<{ line: string }[]>`
    select concat_ws(' ', phase, reason, path) as line from failures`,
  );
  expect(rows.map(({ line }) => line).sort()).toEqual([
    "analysis it hung /music/6.zip!/six.mid",
    "import no MThd",
    "import no MThd /music/5.mid",
    "import permission denied /music/locked.mid",
    "split disk /music/6.zip!/six.mid",
  ]);
});

test("tableSizes weighs the tables", async () => {
  const sizes = await pool.run(tableSizes);
  expect(sizes.map(({ name }) => name).sort()).toEqual(["analyses", "contents", "files", "parts", "tracks", "words"]);
  expect(Math.min(...sizes.map(({ bytes }) => bytes))).toBeGreaterThan(0);
});
