// What goes to the server and comes back: types, arrays, helpers, cursors.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { createPool, type PoolSql } from "../../lib/pool.ts";
import { codeOf, until } from "../../scripts/bench/support/load.ts";
import { sharedServer } from "../../scripts/bench/support/private-server.ts";

setDefaultTimeout(60_000);

const server = await sharedServer();
const pool = await createPool({ ...server.target, workers: 2 });
afterAll(() => pool.close());
let lostSoFar = 0;

/** The one value a query gives. */
async function value(query: (sql: PoolSql) => PromiseLike<readonly object[]>): Promise<unknown> {
  const rows = await pool.run(async (sql) => await query(sql));
  return Object.values(rows[0]!)[0];
}

const WORDS = [
  "",
  "plain",
  'with "quotes"',
  "back\\slash",
  "\\\\",
  "comma,brace{}",
  " edges ",
  "null",
  "NULL",
  "tab\tnew\nline",
  "ünïcödé 🎹",
  null,
];

test("arrays of every built-in type go and come back through a plain parameter", async () => {
  const back = (type: string, array: unknown) =>
    value((sql) => sql`select ${array as string[]}::${sql.unsafe(type)} as a`);
  expect(await back("text[]", WORDS)).toEqual(WORDS);
  expect(await back("varchar[]", WORDS)).toEqual(WORDS);
  expect(await back("int4[]", [1, -2, null, 2147483647])).toEqual([1, -2, null, 2147483647]);
  expect(await back("int2[]", [1, null])).toEqual([1, null]);
  expect(await back("int8[]", [1, 2n, null, 9007199254740993n])).toEqual([1, 2, null, 9007199254740993n]);
  expect(await back("float8[]", [0.1, -1.5e300, Infinity, null])).toEqual([0.1, -1.5e300, Infinity, null]);
  expect(await back("float4[]", [0.5, NaN])).toEqual([0.5, NaN]);
  expect(await back("bool[]", [true, false, null])).toEqual([true, false, null]);
  expect(await back("numeric[]", ["1.50", null])).toEqual(["1.50", null]);
  const uuid = "5d1c7a62-27a8-4e0b-9a3d-6fdd5a4c1a11";
  expect(await back("uuid[]", [uuid, null])).toEqual([uuid, null]);
  const dates = [new Date(0), new Date("2024-02-29T12:34:56.789Z"), null];
  expect(await back("timestamptz[]", dates)).toEqual(dates);
  const bytes = [Buffer.from([0, 1, 92, 34, 255]), Buffer.alloc(0), null];
  expect(await back("bytea[]", bytes)).toEqual(bytes);
  expect(await back("bytea[]", [new Uint8Array([7, 8]).subarray(1)])).toEqual([Buffer.from([8])]);
  const documents = [{ chord: 'C"maj\\7' }, ["nested", 1], "word", 5, null];
  expect(await back("jsonb[]", documents)).toEqual(documents);
  expect(await back("text[]", [])).toEqual([]);
  expect(
    await back("int4[]", [
      [1, 2],
      [3, null],
    ]),
  ).toEqual([
    [1, 2],
    [3, null],
  ]);
  expect(
    await back("text[]", [
      ["a,b", '"'],
      ["{", null],
    ]),
  ).toEqual([
    ["a,b", '"'],
    ["{", null],
  ]);
  expect(await value((sql) => sql`select '[2:3]={7,8}'::int4[]`)).toEqual([7, 8]);
});

test("typed arrays are columns of numbers", async () => {
  const sum = (array: Int32Array | Float64Array, type: string) =>
    value((sql) => sql`select sum(x)::float8 from unnest(${array}::${sql.unsafe(type)}) as x`);
  expect(await sum(Int32Array.of(1, 2, 3), "int4[]")).toBe(6);
  expect(await sum(Float64Array.of(0.5, 0.25), "float8[]")).toBe(0.75);
});

test("sql.array names the element type where the server cannot tell", async () => {
  expect(await value((sql) => sql`select pg_typeof(${sql.array([true], 16)})::text`)).toBe("boolean[]");
  expect(await value((sql) => sql`select pg_typeof(${sql.array(["a"], 1009)})::text`)).toBe("text[]");
  expect(await value((sql) => sql`select array_length(${sql.array([1, 2])}::int4[], 1)`)).toBe(2);
});

test("an undefined in an array is refused, not sent", async () => {
  expect(await codeOf(value((sql) => sql`select ${["a", undefined] as string[]}::text[]`))).toBe("UNDEFINED_VALUE");
  expect(await codeOf(value((sql) => sql`select ${undefined as unknown as string}::text`))).toBe("UNDEFINED_VALUE");
  expect(await value((sql) => sql`select 1 as one`)).toBe(1);
  lostSoFar = pool.stats().lost; // the first was found out with its statement half sent: its connection is dropped
});

test("unnest of thousands of rows keeps every value in its row", async () => {
  const n = 5000;
  const ids = Int32Array.from({ length: n }, (_, i) => i);
  const names = Array.from({ length: n }, (_, i) => (i % 7 === 0 ? null : `${WORDS[i % 11]}-${i}`));
  const hashes = Array.from({ length: n }, (_, i) => Buffer.from(`hash ${i} \\ "`));
  const sizes = Array.from({ length: n }, (_, i) => 2 ** 33 + i);
  const rows = await pool.run(
    (sql) => sql`
      select * from unnest(${ids}::int4[], ${names}::text[], ${hashes}::bytea[], ${sizes}::int8[])
      as t (id, name, hash, size) order by id`,
  );
  expect(rows.map((row) => row.id)).toEqual([...ids]);
  expect(rows.map((row) => row.name)).toEqual(names);
  expect(rows.map((row) => row.hash)).toEqual(hashes);
  expect(rows.map((row) => row.size)).toEqual(sizes);
});

test("arrays of every type the server lists go and come back, those made by its users too", async () => {
  await server.admin("drop type if exists weather");
  await server.admin("create type weather as enum ('fair', 'foul, wet')");
  const made = await createPool({ ...server.target, workers: 1 });
  const back = async (type: string, array: unknown) =>
    (await made.run((sql) => sql`select ${array as string[]}::${sql.unsafe(type)} as a`))[0]?.a;
  expect(await back("weather[]", ["fair", "foul, wet", null])).toEqual(["fair", "foul, wet", null]);
  expect(await back("int4range[]", ["[1,5)", null])).toEqual(["[1,5)", null]);
  expect(await back("box[]", ["(2,2),(1,1)", "(4,4),(3,3)"])).toEqual(["(2,2),(1,1)", "(4,4),(3,3)"]);
  expect(await back("tsvector[]", ["'a' 'b'"])).toEqual(["'a' 'b'"]);
  expect(await back("money[]", ["$1,000.50"])).toEqual(["$1,000.50"]);
  expect(await back("macaddr[]", ["08:00:2b:01:02:03"])).toEqual(["08:00:2b:01:02:03"]);
  const typed = await made.run(
    (sql) => sql`select ${sql.array([1, 2], 23)} as numbers, pg_typeof(${sql.array(["x"], 25)})::text as type`,
  );
  expect(typed[0]).toEqual({ numbers: [1, 2], type: "text[]" });
  await made.close();
});

test("int8 is a number while that is exact, a bigint beyond", async () => {
  expect(await value((sql) => sql`select count(*) from generate_series(1, 3)`)).toBe(3);
  expect(await value((sql) => sql`select 9007199254740991::int8`)).toBe(Number.MAX_SAFE_INTEGER);
  expect(await value((sql) => sql`select -9007199254740993::int8`)).toBe(-9007199254740993n);
  expect(await value((sql) => sql`select ${2n ** 62n}::int8`)).toBe(2n ** 62n);
});

test("helpers, fragments, json, values, cursor, forEach, unsafe, file, describe", async () => {
  await pool.tx(async (sql) => {
    await sql`create temp table notes (pitch int, name text, extra jsonb) on commit drop`;
    await sql`insert into notes ${sql([
      { pitch: 60, name: "C" },
      { pitch: 64, name: "E" },
    ])}`;
    await sql`insert into notes (pitch, extra) values (${67}, ${sql.json({ bend: [1, 2] })})`;
    await sql`update notes set ${sql({ name: "c'" }, "name")} where pitch = 60`;
    const high = sql`pitch > ${61}`;
    expect(await sql`select pitch from notes where ${high} order by pitch`.values()).toEqual([[64], [67]] as never);
    expect([...(await sql`select ${sql("pitch")} from notes where pitch in ${sql([60, 64])} order by 1`)]).toEqual([
      { pitch: 60 },
      { pitch: 64 },
    ]);
    expect((await sql`select extra from notes where pitch = 67`)[0]).toEqual({ extra: { bend: [1, 2] } });
    expect((await sql`select name from notes where pitch = 60`)[0]).toEqual({ name: "c'" });
    const sizes: number[] = [];
    for await (const rows of sql`select generate_series(1, 5)`.cursor(2)) sizes.push(rows.length);
    expect(sizes).toEqual([2, 2, 1]);
    let seen = 0;
    await sql`select generate_series(1, 5) as n`.forEach((row) => {
      seen += row.n;
    });
    expect(seen).toBe(15);
    expect(await sql.unsafe("select $1::int as n", [4]).values()).toEqual([[4]] as never);
    const described = await sql`select 1 as one`.describe();
    expect(String(described.columns[0]?.name)).toBe("one");
    const script = `${process.env.TMPDIR ?? "/tmp"}/midiworks-values-test.sql`;
    await Bun.write(script, "select 3 as three");
    expect([...(await sql.file(script))]).toEqual([{ three: 3 }]);
    await Bun.file(script).delete();
    await sql.notify("midiworks", "done");
  });
  expect(pool.stats().lost).toBe(lostSoFar);
});

test("a query can be cancelled, and its connection lives on", async () => {
  await pool.run(async (sql) => {
    const slow = sql`select pg_sleep(30)`;
    const ended = codeOf(slow);
    // The server hears the wish on another connection, and only for a statement it has begun.
    const sleeping = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
    await until("it sleeps", async () => (await server.admin(sleeping)).length === 1);
    slow.cancel();
    expect(await ended).toBe("57014");
    expect([...(await sql`select 2 as two`)]).toEqual([{ two: 2 }]);
  });
  expect(pool.stats().lost).toBe(lostSoFar);
});

test("copy in and out are streams, and end with their connection", async () => {
  await server.admin("drop table if exists copied");
  await server.admin("create table copied (n int)");
  await pool.run(async (sql) => {
    const into = await sql`copy copied from stdin`.writable();
    await new Promise<void>((done, fail) => into.on("error", fail).end("1\n2\n3\n", () => done()));
  });
  const out = await pool.run(async (sql) => {
    let text = "";
    for await (const chunk of await sql`copy (select n from copied order by n) to stdout`.readable()) text += chunk;
    return text;
  });
  expect(out).toBe("1\n2\n3\n");
  const lease = await pool.acquire();
  const cut = await lease.sql`copy copied from stdin`.writable();
  const failed = new Promise<Error>((done) => cut.on("error", done));
  cut.write("4\n");
  await server.admin("select pg_terminate_backend($1)", [lease.pid]);
  expect(await failed).toMatchObject({ code: "CONNECTION_LOST" });
  lease.release();
  lostSoFar = pool.stats().lost;
});

test("errors of statements are the driver's own", async () => {
  const error = await pool.run((sql) => sql`select 1 / 0`).catch((thrown) => thrown);
  expect(error).toMatchObject({ name: "PostgresError", code: "22012", message: "division by zero" });
  expect(pool.stats().lost).toBe(lostSoFar);
});

test("without prepared statements everything works the same", async () => {
  const plain = await createPool({ url: server.url("?prepare=false"), workers: 1 });
  const [row] = await plain.run((sql) => sql`select ${["a", null]}::text[] as words, ${[1]}::int4[] as numbers`);
  expect(row).toEqual({ words: ["a", null], numbers: [1] });
  expect(await plain.tx((sql) => sql`select count(*)::int as n from pg_prepared_statements`.values())).toEqual([
    [0],
  ] as never);
  await plain.close();
});

test("session settings reach every connection", async () => {
  const session = { statement_timeout: "40ms", application_name: "midiworks" };
  const timed = await createPool({ url: server.url("?search_path=pg_catalog"), workers: 1, session });
  expect(await codeOf(timed.run((sql) => sql`select pg_sleep(10)`))).toBe("57014");
  expect(await timed.run((sql) => sql`show search_path`.values())).toEqual([["pg_catalog"]] as never);
  await timed.close();
});
