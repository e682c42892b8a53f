import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type Criteria, findMusic, identityAt, type Order } from "../../lib/database/search.ts";
import { createPool, type Pool } from "../../lib/pool.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
let pool: Pool;

/** A few pieces, each told by its title; "Unknown" has nothing but notes. */
const PIECES = `
  insert into roots (path) values ('/music'), ('/old');
  insert into contents (sha256, size, status, analysis_state, split_state)
    select sha256(i::text::bytea), 100, 'ok', 'done', 'done' from generate_series(1, 7) i;
  insert into files (root_id, path, member, state, content_id, size, modified_us, tags) values
    (1, 'house/Deep-Night_120.mid', '', 'present', 1, 100, 0, '{house,bass}'),
    (2, 'copy of deep.mid', '', 'present', 1, 100, 0, '{pop}'),
    (1, 'waltz.mid', '', 'present', 2, 100, 0, '{waltz}'),
    (1, 'pack.zip', 'drums/loop.mid', 'present', 3, 100, 0, null),
    (1, '\uf7e9t\uf7e9 unknown.mid', '', 'present', 4, 100, 0, null),
    (1, 'gone.mid', '', 'gone', 5, 100, 0, '{house}'),
    (1, 'Night moved E\u0301te\u0301.mid', '', 'present', 6, 100, 0, null),
    (1, 'was here.mid', '', 'gone', 7, 100, 0, null),
    (1, 'is here.mid', '', 'present', 7, 100, 0, null);
  insert into analyses (
    content_id, analyzer_version, title, duration_seconds, tempo_bpm, tempo_confidence, key_tonic, key_mode,
    key_confidence, meter_numerator, meter_denominator, has_drums, performed, instruments, chord_labels, loop_bars,
    note_count, notes_hash, tune_hash, features
  ) values
    (1, 1, 'Deep', 200, 120, 0.9, 'A', 'minor', 0.5, 4, 4, true, false, '{Violin,Viola}', '{A:min,G:7/3}', null, 9,
      'n1', 't1', '{"text": {"title": "Deep", "trackNames": ["Lead Synth", "Sub\\nBass"]}}'),
    (2, 1, 'Waltz', 90, 60, 0.4, 'Eb', 'major', 0.9, 3, 4, false, true, '{Viola}', '{Eb:maj,A:min7}', null, 9,
      'n2', 't2', '{"text": {"lyrics": {"text": "Night and day, don''t go"}}}'),
    (3, 1, null, 8, 240, 0.9, null, null, null, 4, 4, true, false, '{Standard Kit}', '{}', 4, 9, 'n3', 't3', '{}'),
    (4, 1, 'Unknown', null, null, null, null, null, null, null, null, null, null, null, null, null, 9, null, null, '{}'),
    (5, 1, 'Gone', 200, 120, 0.9, 'A', 'minor', 0.9, 4, 4, true, false, '{Violin}', '{A:min}', 4, 9, 'n1', 't1', '{}'),
    (6, 1, 'Moved', 200, 61, 0.9, 'D#', 'minor', 0.9, 6, 8, false, false, '{Kalimba}', '{}', 2, 9, 'n6', 't1', '{}'),
    (7, 1, 'Here', 10, 30, 0.9, 'D', 'minor', 0.9, 2, 4, false, false, '{Kalimba}', '{}', 1, 9, 'n7', 't7', '{}')`;

beforeAll(async () => {
  database = await testDatabase();
  pool = await createPool({ url: database.url, workers: 1 });
  await pool.run((sql) => sql.unsafe(PIECES).simple());
});
afterAll(async () => {
  await pool.close();
  await database.close();
});

const find = (criteria: Criteria, order?: Order, reverse?: boolean, limit?: number) =>
  pool.run((sql) => findMusic(sql, criteria, order, reverse, limit));
const titles = async (...asked: Parameters<typeof find>) => (await find(...asked)).map(({ title }) => title);

test("findMusic finds all that is somewhere, in the order it was added", async () => {
  expect(await titles({})).toEqual(["Deep", "Waltz", "loop", "Unknown", "Moved", "Here"]);
});

test.each<[string, Criteria, string[]]>([
  ["tempo", { tempo: [{ least: 60, most: 61 }] }, ["Waltz", "Moved"]],
  ["tempo, open below", { tempo: [{ least: null, most: 60 }] }, ["Waltz", "Here"]],
  [
    "tempo in octaves",
    {
      tempo: [
        { least: 120, most: 120 },
        { least: 240, most: 240 },
      ],
    },
    ["Deep", "loop"],
  ],
  [
    "confidence where it is asked for",
    { tempo: [{ least: 0, most: null }], confidence: 0.5 },
    ["Deep", "loop", "Moved", "Here"],
  ],
  ["confidence of the key", { keys: ["A minor", "Eb major"], confidence: 0.6 }, ["Waltz"]],
  ["key", { keys: ["D# minor", "Eb minor"] }, ["Moved"]],
  ["meter", { meters: ["6/8", "3/4"] }, ["Waltz", "Moved"]],
  ["duration", { fields: { duration: { least: 9, most: 90 } } }, ["Waltz", "Here"]],
  ["instrument, one of the names", { instruments: [["Violin", "Kalimba"]] }, ["Deep", "Moved", "Here"]],
  ["instruments, all of them", { instruments: [["Viola"], ["Violin"]] }, ["Deep"]],
  [
    "chords, all of them",
    {
      chords: [
        ["A:min", "A:min7"],
        ["G:7", "G:7/3"],
      ],
    },
    ["Deep"],
  ],
  ["drums", { fields: { drums: true } }, ["Deep", "loop"]],
  ["no drums", { fields: { drums: false } }, ["Waltz", "Moved", "Here"]],
  ["performed", { fields: { performed: true } }, ["Waltz"]],
  ["loop", { fields: { loop: { least: 2, most: 4 } } }, ["loop", "Moved"]],
  ["tags at one place", { tags: ["house", "bass"] }, ["Deep"]],
  ["tags at different places", { tags: ["house", "pop"] }, []],
  ["the beginning of a word, in lyrics and in a path", { words: ["nigh"] }, ["Deep", "Waltz", "Moved"]],
  ["words parted by signs, in a path", { words: ["deep", "120"] }, ["Deep"]],
  ["words of track names over a line break", { words: ["bass", "sub"] }, ["Deep"]],
  ["words with an apostrophe", { words: ["don", "t"] }, ["Waltz"]],
  ["words half in the music and half in a path", { words: ["synth", "night"] }, ["Deep"]],
  ["words of several paths and a tag", { words: ["night", "copy", "pop"] }, ["Deep"]],
  ["words of a member of an archive", { words: ["drums", "pack"] }, ["loop"]],
  ["words of a path in Latin-1, and of one that is decomposed", { words: ["\u00e9t\u00e9"] }, ["Unknown", "Moved"]],
  ["words of a place that is gone", { words: ["was"] }, []],
  [
    "all together",
    { tempo: [{ least: 100, most: 130 }], keys: ["A minor"], fields: { drums: true }, words: ["lead"] },
    ["Deep"],
  ],
])("findMusic by %s", async (_, criteria, expected) => {
  expect(await titles(criteria)).toEqual(expected);
});

test("findMusic by words follows places that come, go and return", async () => {
  const change = (statement: string) => pool.run((sql) => sql.unsafe(statement));
  const found = () => titles({ words: ["visiting", "waltz"] });
  expect(await found()).toEqual([]);
  await change(`
    insert into files (root_id, path, state, content_id, size, modified_us)
    values (1, 'visiting/here.mid', 'present', 2, 100, 0)`);
  expect(await found()).toEqual(["Waltz"]);
  await change("update files set state = 'gone' where path = 'visiting/here.mid'");
  expect(await found()).toEqual([]);
  expect(await titles({ words: ["waltz", "night"] })).toEqual(["Waltz"]);
  await change("update files set state = 'present' where path = 'visiting/here.mid'");
  expect(await found()).toEqual(["Waltz"]);
  await change("delete from files where path = 'visiting/here.mid'");
});

test("words of places and of an analysis that are stored at once are all kept", async () => {
  const other = await createPool({ url: database.url, workers: 1 });
  const place = (path: string, content: number) => `
    insert into files (root_id, path, state, content_id, size, modified_us)
    values (1, '${path}', 'present', ${content}, 100, 0)`;
  let late: Promise<unknown> | undefined;
  await pool.tx(async (sql) => {
    await sql.unsafe('update analyses set features = \'{"text": {"title": "Slowly"}}\' where content_id in (4, 6)');
    late = other.run((elsewhere) => elsewhere.unsafe(place("meanwhile.mid", 6)));
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while ((await pool.run((watcher) => watcher.unsafe(waits))).count === 0) await Promise.race([late, Bun.sleep(1)]);
    await sql.unsafe(place("at once.mid", 4));
  });
  await late;
  await other.close();
  expect(await titles({ words: ["slowly", "once"] })).toEqual(["Unknown"]);
  expect(await titles({ words: ["slowly", "meanwhile"] })).toEqual(["Moved"]);
  await pool.run((sql) => sql`delete from files where path in ('meanwhile.mid', 'at once.mid')`);
});

test("findMusic sorts by what is known, both ways, to a limit", async () => {
  expect(await titles({}, "tempo")).toEqual(["Here", "Waltz", "Moved", "Deep", "loop"]);
  expect(await titles({}, "duration", true, 3)).toEqual(["Deep", "Moved", "Waltz"]);
  expect(await titles({}, "key")).toEqual(["Deep", "Here", "Moved", "Waltz"]);
  expect(await titles({ words: ["night"] }, "tempo", true, 2)).toEqual(["Deep", "Moved"]);
});

test("findMusic puts the same notes before the same tune", async () => {
  const like = { notesHash: "n6", tuneHash: "t1" };
  const found = await find({ like });
  expect(found.map(({ title, same }) => [title, same])).toEqual([
    ["Moved", "notes"],
    ["Deep", "tune"],
  ]);
  expect((await find({ like: { notesHash: null, tuneHash: null } })).length).toBe(0);
});

test("findMusic says where a piece is, members of archives too", async () => {
  const [deep, , loop] = await find({});
  expect(deep).toMatchObject({
    path: "/music/house/Deep-Night_120.mid",
    copies: 2,
    member: null,
    tempo: 120,
    key: "A minor",
    meter: "4/4",
    tags: ["bass", "house", "pop"],
  });
  expect(loop).toMatchObject({
    path: "/music/pack.zip!/drums/loop.mid",
    file: "/music/pack.zip",
    member: "drums/loop.mid",
    key: null,
  });
});

test("findMusic reads all rows by cursor", async () => {
  const sizes: number[] = [];
  await pool.run(async (sql) => {
    for await (const page of findMusic(sql, {}).cursor(4)) sizes.push(page.length);
  });
  expect(sizes).toEqual([4, 2]);
});

test("identityAt knows a place by its path, a member too", async () => {
  const at = (path: string) => pool.run((sql) => identityAt(sql, path));
  expect(await at("/old/copy of deep.mid")).toEqual({ notesHash: "n1", tuneHash: "t1" });
  expect(await at("/music/pack.zip!/drums/loop.mid")).toEqual({ notesHash: "n3", tuneHash: "t3" });
  expect(await at("/music/nowhere.mid")).toBeNull();
});

test("the view duplicates lists the places of one content", async () => {
  const rows = await pool.run((sql) => sql`select path, copies, paths, bytes_to_spare::int as spare from duplicates`);
  const paths = ["/music/house/Deep-Night_120.mid", "/old/copy of deep.mid"];
  expect(rows.map((row) => ({ ...row }))).toEqual([{ path: paths[0]!, copies: 2, paths, spare: 100 }]);
});
