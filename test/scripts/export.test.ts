import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { EXPORT_NAMES, EXPORTS } from "../../lib/columns/exports.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const data = temporaryFolder("export-data");
const files = temporaryFolder("export-files");
let database: TestDatabase;
let library: readonly string[];

beforeAll(async () => {
  database = await testDatabase();
  library = ["--database", database.url, "--data-dir", data];
  await runScript("orchestrate", ["test/songs", "--skip-split", ...library]);
});
afterAll(() => database.close());

const exported = (...args: readonly string[]) => runScript("export", [...args, ...library]);
const objects = (lines: string) =>
  lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test("export: every table has the columns it says, in every row", async () => {
  for (const name of EXPORT_NAMES) {
    const { out, code, err } = await exported(name);
    expect([name, code, err]).toEqual([name, 0, ""]);
    const names = EXPORTS[name].columns.map((column) => column.name);
    for (const row of objects(out)) expect(Object.keys(row)).toEqual(names);
    if (name !== "beats") expect(objects(out).length).toBeGreaterThan(5);
  }
});

test("export: the rows say what the analysis says", async () => {
  const [chord] = objects((await exported("chords", "--meter", "3/4", "--limit", "1")).out);
  expect(chord).toMatchObject({
    number: 0,
    start_tick: 0,
    start_seconds: 0,
    end_seconds: 2.4,
    label: "D:maj",
    roman: "I",
  });
  const notes = objects((await exported("notes", "--meter", "3/4", "--limit", "1")).out);
  expect(notes).toHaveLength(84);
  expect(objects((await exported("notes", "--meter", "3/4", "--limit", "1")).out)).toEqual(notes);
  expect(notes[0]).toMatchObject({
    track: 1,
    channel: 0,
    pitch: 74,
    start_tick: 0,
    end_tick: 460,
    end_seconds: 0.3833,
  });
});

test("export: Parquet holds what the lines hold, and appears when it is whole", async () => {
  for (const name of ["pieces", "notes", "tracks"] as const) {
    const file = join(files, `${name}.parquet`);
    expect((await exported(name, "--out", file)).code).toBe(0);
    const bytes = readFileSync(file);
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    expect(JSON.parse(JSON.stringify(rows))).toEqual(objects((await exported(name)).out));
  }
  expect(readdirSync(files).sort()).toEqual(["notes.parquet", "pieces.parquet", "tracks.parquet"]);
});

test("export: CSV has a header, and names no table or place that is not there", async () => {
  const { out } = await exported("keys", "--format", "csv");
  expect(out.split("\n")[0]).toBe("sha256,start_tick,start_seconds,tonic,mode");
  expect((await exported("peices")).code).toBe(2);
  expect((await exported("notes", "--format", "parquet")).code).toBe(2);
  expect(await exported("keys", "--out", "/no/such/folder/x.csv")).toMatchObject({
    code: 1,
    err: expect.stringContaining("Cannot write /no/such/folder/x.csv"),
  });
});

test("export --copy-to names files by a pattern, solves collisions and writes nothing twice", async () => {
  const folder = join(files, "copies");
  mkdirSync(folder);
  const copy = () => exported("--meter", "3/4", "--copy-to", folder, "--names", "{key}/{bpm} {title}");
  expect((await copy()).err).toBe(`2 of 2 files written to ${folder}\n`);
  expect(readdirSync(join(folder, "D major")).sort()).toEqual(["150 Waltz in D (2).mid", "150 Waltz in D.mid"]);
  expect((await copy()).err).toBe(`0 of 2 files written to ${folder}\n`);
  expect((await exported("--copy-to", folder, "--names", "{colour}")).err).toContain("the pattern holds {colour}");
});

test("export --sets puts copies of a piece into one set, the same ones every time", async () => {
  const sets = ["--sets", "train=0.5,test=0.5", "--seed", "3"];
  const pieces = objects((await exported("pieces", ...sets)).out);
  expect(new Set(pieces.map(({ set }) => set))).toEqual(new Set(["train", "test"]));
  const waltzes = pieces.filter(({ title }) => title === "Waltz in D");
  expect(new Set(waltzes.map(({ set }) => set)).size).toBe(1);
  const tracks = objects((await exported("tracks", ...sets)).out);
  for (const { sha256, set } of tracks) expect(pieces.find((piece) => piece.sha256 === sha256).set).toBe(set);
  expect((await exported("pieces", "--sets", "train=0.5")).err).toContain("expected shares that sum to 1");
});

test("export --link-to links to the files", async () => {
  const folder = join(files, "links");
  await exported("--drums", "yes", "--link-to", folder);
  const [name] = readdirSync(folder);
  expect(lstatSync(join(folder, name!)).isSymbolicLink()).toBe(true);
});
