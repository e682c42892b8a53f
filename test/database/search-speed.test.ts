import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Criteria, findMusic, type Order } from "../../lib/database/search.ts";
import { createPool, type Pool } from "../../lib/pool.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { fillLibrary } from "./search-library.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await testDatabase();
  pool = await createPool({ url: database.url, workers: 1 });
  await pool.run((sql) => fillLibrary(sql, 20_000));
});
afterAll(async () => {
  await pool.close();
  await database.close();
});

async function plan(criteria: Criteria, order?: Order, reverse?: boolean, limit?: number): Promise<string> {
  const lines = await pool.run(
    (sql) => sql<{ "QUERY PLAN": string }[]>`explain ${findMusic(sql, criteria, order, reverse, limit)}`,
  );
  return lines.map((line) => line["QUERY PLAN"]).join("\n");
}

const SCAN_OF_ALL = /Seq Scan on (analyses|files|contents)/;

test.each<[string, Criteria]>([
  ["analyses_tempo", { tempo: [{ least: 198, most: 199 }] }],
  ["analyses_duration", { fields: { duration: { least: 900, most: null } } }],
  ["analyses_key", { keys: ["Db minor"] }],
  ["analyses_meter", { meters: ["5/4"] }],
  ["analyses_loop", { fields: { loop: { least: 4, most: 4 } }, meters: ["5/4"] }],
  ["analyses_notes_hash", { like: { notesHash: "0".repeat(32), tuneHash: "1".repeat(32) } }],
  ["analyses_tune_hash", { like: { notesHash: "0".repeat(32), tuneHash: "1".repeat(32) } }],
  ["analyses_instruments", { instruments: [["Instrument 127"], ["Instrument 100"]] }],
  ["analyses_chords", { chords: [["Db:hdim7"], ["Db:dim7"]] }],
  ["words_words", { words: ["sing9999"] }],
  ["words_words", { words: ["word19999", "melody"] }],
  ["files_tags", { tags: ["klezmer", "ambient"] }],
])("%s serves a search for all there is", async (index, criteria) => {
  expect(await plan(criteria)).toContain(index);
});

test.each<[string, Criteria, Order, boolean]>([
  ["nothing", {}, "added", false],
  ["a common tempo", { tempo: [{ least: 118, most: 124 }] }, "added", false],
  ["a common key and meter", { keys: ["C major"], meters: ["4/4"] }, "added", false],
  [
    "rare things",
    { keys: ["Db minor"], instruments: [["Kalimba"]], fields: { loop: { least: 2, most: 4 } } },
    "added",
    false,
  ],
  ["common words", { words: ["melody", "bass"] }, "added", false],
  ["rare words", { words: ["sing9999"] }, "added", false],
  ["a common tag", { tags: ["rock"] }, "added", false],
  ["the slowest", { fields: { drums: true } }, "tempo", false],
  ["the longest", { keys: ["C major"] }, "duration", true],
  ["by key", { fields: { performed: true } }, "key", false],
])("a first page of %s reads no table from end to end", async (_, criteria, order, reverse) => {
  expect(await plan(criteria, order, reverse, 20)).not.toMatch(SCAN_OF_ALL);
});
