import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Criteria, findMusic, type Order } from "../../../lib/database/search.ts";
import { TEMPO_FROM, TEMPO_STEP } from "../../../lib/library/catalog/bins.ts";
import { type CatalogOrder, type CatalogView, createCatalog } from "../../../lib/library/catalog/catalog.ts";
import { createPool, type Pool } from "../../../lib/pool.ts";
import { fillLibrary } from "../../database/search-library.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
let pool: Pool;
let view: CatalogView;

beforeAll(async () => {
  database = await testDatabase();
  pool = await createPool({ url: database.url, workers: 2 });
  await pool.run(async (sql) => {
    await fillLibrary(sql, 3000);
    // Some that are gone, and one that is gone from one of its two places.
    await sql`update files set state = 'gone' where content_id in (7, 8, 9) or id = (select min(id) from files where content_id = 10)`;
  });
  view = await createCatalog(pool).view();
});
afterAll(async () => {
  await pool.close();
  await database.close();
});

const CRITERIA: readonly [name: string, criteria: Criteria][] = [
  ["nothing", {}],
  ["a tempo", { tempo: [{ least: 118, most: 124 }] }],
  [
    "a tempo and its octaves",
    {
      tempo: [
        { least: 60, most: 62 },
        { least: 120, most: 124 },
      ],
    },
  ],
  ["a tempo that is sure", { tempo: [{ least: 80, most: null }], confidence: 0.8 }],
  ["keys in other spellings", { keys: ["A minor", "D# major", "Eb major"], confidence: 0.3 }],
  ["meters", { meters: ["3/4", "6/8", "17/16"] }],
  ["a length", { fields: { duration: { least: null, most: 30 } } }],
  ["a loop", { fields: { loop: { least: 2, most: 4 } } }],
  ["drums by hand", { fields: { drums: true, performed: true } }],
  [
    "notes, and what the columns do not hold",
    { fields: { notes: { least: 100, most: 900 }, polyphony: { least: 1, most: null } } },
  ],
  ["instruments", { instruments: [["Violin", "Kalimba"], ["Acoustic Grand Piano"]] }],
  ["an instrument that nobody plays", { instruments: [["Theremin"]] }],
  ["a tag", { tags: ["house"] }],
  ["tags of one place", { tags: ["house", "bass"] }],
  ["words", { words: ["word1"] }],
  ["chords and words", { chords: [["C:maj", "C:7"]], words: ["song"] }],
  ["all at once", { tempo: [{ least: 100, most: 140 }], meters: ["4/4"], fields: { drums: true }, words: ["word"] }],
];

test.each(CRITERIA)("a catalog finds what a search in the database finds: %s", async (_, criteria) => {
  const found = await pool.run((sql) => findMusic(sql, criteria));
  const ids = await view.find(criteria, "added", false);
  const rows = await pool.run(
    (sql) => sql<{ id: number }[]>`
    select id::float8 as id from contents where encode(sha256, 'hex') = any(${found.map(({ sha256 }) => sha256)}) order by 1`,
  );
  expect([...ids]).toEqual(rows.map(({ id }) => id));
});

test.each<[CatalogOrder, Order, boolean]>([
  ["tempo", "tempo", false],
  ["tempo", "tempo", true],
  ["duration", "duration", false],
])("a catalog sorts by %s as the database does, and puts what is not known last", async (order, same, reverse) => {
  const found = await pool.run((sql) => findMusic(sql, {}, same, reverse));
  const ids = await view.find({}, order, reverse);
  const known = await pool.run(
    (sql) => sql<{ sha256: string; value: number }[]>`
    select encode(sha256, 'hex') as sha256
    from unnest(${[...ids]}::bigint[]) with ordinality as listed (id, place)
    join contents using (id)
    order by place`,
  );
  const values = new Map(found.map((row) => [row.sha256, same === "tempo" ? row.tempo! : row.duration!]));
  expect(known.slice(0, found.length).map(({ sha256 }) => Math.fround(values.get(sha256)!))).toEqual(
    found.map((row) => Math.fround(same === "tempo" ? row.tempo! : row.duration!)),
  );
  expect(ids.length).toBe(2997);
});

test("facets leave their own criterion out, and count the others", async () => {
  const criteria: Criteria = { tempo: [{ least: 120, most: 120 }], meters: ["3/4"] };
  const facets = await view.facets(criteria);
  const in3 = await view.find({ meters: ["3/4"] }, "added", false);
  const at120 = await view.find({ tempo: [{ least: 120, most: 120 }] }, "added", false);
  const both = await view.find(criteria, "added", false);
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  expect(sum(facets.tempo)).toBe(in3.length);
  expect(facets.tempo[(120 - TEMPO_FROM) / TEMPO_STEP]).toBeGreaterThanOrEqual(both.length);
  expect(facets.meter.find(({ name }) => name === "3/4")?.count).toBe(both.length);
  expect(sum(facets.meter.map(({ count }) => count))).toBeLessThanOrEqual(at120.length);
  expect(facets.drums.yes + facets.drums.no + facets.drums.unknown).toBe(both.length);
  expect(sum(facets.key)).toBeLessThanOrEqual(both.length);
});

test("every choice of a facet finds as many pieces as it says", async () => {
  const base: Criteria = { fields: { drums: true } };
  const facets = await view.facets(base);
  for (const { name, count } of facets.meter) {
    expect([name, (await view.find({ ...base, meters: [name] }, "added", false)).length]).toEqual([name, count]);
  }
  for (const { name, count } of [...facets.tag.slice(0, 8)]) {
    expect([name, (await view.find({ ...base, tags: [name] }, "added", false)).length]).toEqual([name, count]);
  }
  for (const { name, count } of facets.instrument.slice(0, 8)) {
    expect([name, (await view.find({ ...base, instruments: [[name]] }, "added", false)).length]).toEqual([name, count]);
  }
  expect((await view.find({ ...base, keys: ["C major"] }, "added", false)).length).toBe(facets.key[0]!);
});

test("a catalog without pieces has empty lists and facets", async () => {
  const empty = await testDatabase();
  const other = await createPool({ url: empty.url, workers: 1 });
  const nothing = await createCatalog(other).view();
  expect(nothing.count).toBe(0);
  expect([...(await nothing.find({ words: ["x"] }, "path", true))]).toEqual([]);
  expect((await nothing.facets({})).meter).toEqual([]);
  await other.close();
  await empty.close();
});
