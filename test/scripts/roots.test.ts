import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const music = temporaryFolder("roots-music");
const data = temporaryFolder("roots-data");
const [old, moved] = [join(music, "old"), join(music, "new")];
let database: TestDatabase;
let library: readonly string[];

beforeAll(async () => {
  database = await testDatabase();
  library = ["--database", database.url, "--data-dir", data];
  mkdirSync(join(old, "tunes"), { recursive: true });
  copyFileSync("test/songs/waltz in D.mid", join(old, "tunes", "waltz.mid"));
  copyFileSync("test/songs/songs/blues in A.midi", join(old, "blues.mid"));
  await runScript("orchestrate", [old, ...library]);
});
afterAll(() => database.close());

const rows = async (statement: string) => {
  const { out } = await runScript("sql", [statement, "--json", ...library]);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};
const roots = async (...args: readonly string[]) => await runScript("roots", [...args, ...library]);

test("a folder that moved makes no duplicates; the import offers the line, and the path shown is the one that is there", async () => {
  renameSync(old, moved);
  const { err, out } = await runScript("import", [moved, "--json", ...library]);
  expect(err).toContain(
    `2 files of ${moved} are known from ${old}, which is not there; if it moved: bun scripts/roots.ts move`,
  );
  expect(JSON.parse(out).phases[0]).toMatchObject({ done: 2 });
  expect(await rows("select * from duplicates")).toEqual([]);
  expect(await rows("select path, copies from library order by path")).toEqual([
    { path: join(moved, "blues.mid"), copies: 1 },
    { path: join(moved, "tunes/waltz.mid"), copies: 1 },
  ]);
});

test("roots move joins the two; importing again finds all unchanged", async () => {
  expect((await roots()).out).toMatch(/old +2 +0 +\d{4}-.* not there since/);
  expect((await roots("move", old, moved, "--json")).out).toBe('{"moved":0}\n');
  const { out } = await runScript("import", [moved, "--json", ...library]);
  expect(JSON.parse(out).phases[0].counts).toMatchObject({ unchanged: 2, gone: 0 });
  expect(await rows("select path from roots")).toEqual([{ path: moved }]);
  expect(await rows("select path, state from files order by path")).toEqual([
    { path: "blues.mid", state: "present" },
    { path: "tunes/waltz.mid", state: "present" },
  ]);
});

test("roots move gives a root that was not imported there its new path", async () => {
  renameSync(moved, old);
  expect((await roots("move", moved, old, "--json")).out).toBe('{"moved":2}\n');
  const { out, err } = await runScript("import", [old, "--json", ...library]);
  expect(err).toBe("");
  expect(JSON.parse(out).phases[0].counts.unchanged).toBe(2);
});

test("links are no copies, copies are", async () => {
  linkSync(join(old, "blues.mid"), join(old, "hard link.mid"));
  symlinkSync("blues.mid", join(old, "symbolic link.mid"));
  symlinkSync(old, join(music, "a way to old"));
  await runScript("import", [old, ...library]);
  await runScript("import", [join(music, "a way to old"), ...library]);
  expect(await rows("select * from duplicates")).toEqual([]);
  expect(await rows("select path from roots")).toEqual([{ path: old }]);
  copyFileSync(join(old, "blues.mid"), join(old, "copy.mid"));
  await runScript("import", [old, ...library]);
  expect(await rows("select path, copies, bytes_to_spare = size as spare from duplicates")).toEqual([
    { path: join(old, "blues.mid"), copies: 2, spare: true },
  ]);
});

test("roots forget takes the music that is nowhere else, with its parts", async () => {
  const partFolders = () =>
    readdirSync(join(data, "parts"), { recursive: true }).filter((name) => `${name}`.endsWith(".mid"));
  const before = partFolders().length;
  expect(before).toBeGreaterThan(3);
  const { out } = await roots("forget", join(old, "tunes"), "--json");
  expect(JSON.parse(out)).toEqual({ places: 1, contents: 1, parts: 3 });
  expect(partFolders()).toHaveLength(before - 3);
  expect(existsSync(join(old, "tunes/waltz.mid"))).toBe(true);
  expect(await rows("select path from library order by path")).toEqual([{ path: join(old, "blues.mid") }]);
});

test("roots says what it does not know and how it is used", async () => {
  expect(await roots("forget", "/no/such/root")).toMatchObject({
    code: 1,
    err: "roots: Cannot find /no/such/root in the library: expected one of the folders that `roots.ts list` names\n",
  });
  expect((await roots("mvoe", "a", "b")).code).toBe(2);
  rmSync(music, { recursive: true, force: true });
});
