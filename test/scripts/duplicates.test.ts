import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const music = temporaryFolder("duplicates-music");
const data = temporaryFolder("duplicates-data");
const away = join(temporaryFolder("duplicates-away"), "spare's");
const at = (name: string) => join(music, name);
let database: TestDatabase;
let library: readonly string[];

beforeAll(async () => {
  database = await testDatabase();
  library = ["--database", database.url, "--data-dir", data];
  mkdirSync(at("best"));
  for (const [name, year] of [
    ["old.mid", 2001],
    ["new.mid", 2020],
    ["best/copy.mid", 2010],
  ] as const) {
    copyFileSync("test/songs/waltz in D.mid", at(name));
    utimesSync(at(name), new Date(`${year}-01-01`), new Date(`${year}-01-01`));
  }
  linkSync(at("old.mid"), at("linked.mid"));
  symlinkSync("new.mid", at("symbolic.mid"));
  copyFileSync("test/songs/songs/blues in A.midi", at("blues.mid"));
  copyFileSync("test/songs/songs/blues in A.midi", at("blues (1).mid"));
  await runScript("import", [music, ...library]);
});
afterAll(() => database.close());

const found = async (...args: readonly string[]) => {
  const { out } = await runScript("duplicates", ["--json", ...args, ...library]);
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};
const keeps = async (...args: readonly string[]) => (await found(...args)).find(({ spare }) => spare.length === 2);

test("duplicates says which copy to keep and why, and which could go; links are none", async () => {
  expect(await keeps()).toMatchObject({
    keep: at("linked.mid"),
    why: "the oldest",
    spare: [at("best/copy.mid"), at("new.mid")],
  });
  expect(await keeps("--keep", "newest")).toMatchObject({ keep: at("new.mid"), why: "the newest" });
  expect(await keeps("--prefer", at("best"))).toMatchObject({
    keep: at("best/copy.mid"),
    why: "in a preferred folder",
  });
});

test("duplicates looks at the disk: a dead twin makes no duplicate, a file that changed neither", async () => {
  unlinkSync(at("blues (1).mid"));
  expect((await found()).map(({ keep }) => keep)).toEqual([at("linked.mid")]);
  writeFileSync(at("blues (1).mid"), "another file");
  expect((await found()).map(({ keep }) => keep)).toEqual([at("linked.mid")]);
});

test("--paths0 gives the spare files alone", async () => {
  const { out, err } = await runScript("duplicates", ["--paths0", ...library]);
  expect(out.split("\0")).toEqual([at("best/copy.mid"), at("new.mid"), ""]);
  expect(err).toMatch(/^2 files could go, 0\.0 MB\n$/);
});

test("--move-to moves the spare files and writes down the way back", async () => {
  const { err } = await runScript("duplicates", ["--move-to", away, ...library]);
  expect(err).toContain(`2 moved to ${away}`);
  expect(existsSync(at("new.mid"))).toBe(false);
  expect(existsSync(away + at("best/copy.mid"))).toBe(true);
  expect(await found()).toEqual([]);
  expect(await Bun.spawn(["sh", join(away, "undo.sh")]).exited).toBe(0);
  expect(existsSync(at("new.mid"))).toBe(true);
  expect(await found()).toHaveLength(1);
});

test("--near lists music that is alike", async () => {
  await runScript("analyze", library);
  const { code, out } = await runScript("duplicates", ["--near", "--json", ...library]);
  expect([code, out]).toEqual([0, ""]);
  expect((await runScript("duplicates", ["--near", "--paths0", ...library])).code).toBe(2);
});
