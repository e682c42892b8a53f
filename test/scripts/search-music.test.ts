import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { midi } from "../support/midi-builder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const data = temporaryFolder("music-data");
const music = join(temporaryFolder("music-files"), "files");
let database: TestDatabase;
let library: readonly string[];

/** Mary had a little lamb, in a key, from bar 3 on, over chords. */
function mary(transposed: number, chords: readonly (readonly number[])[]): Uint8Array {
  const file = midi().track("Flute").program(0, 73);
  const tune = [64, 62, 60, 62, 64, 64, 64, 62, 62, 62, 64, 67, 67];
  for (let n = 0; n < 8; n++) file.note(n * 480, 400, 55 + transposed + [0, 4, 7, 4][n % 4]! + (n > 3 ? 2 : 0));
  for (const [n, pitch] of tune.entries()) file.note((n + 8) * 480, 400, pitch + transposed);
  file.track("Piano").program(0, 0);
  for (let bar = 0; bar < 8; bar++) {
    for (const pitch of chords[bar % chords.length]!) file.note(bar * 1920, 1900, pitch + transposed);
  }
  return file.bytes();
}

const POP = [
  [48, 52, 55],
  [43, 47, 50],
  [45, 48, 52],
  [41, 45, 48],
];
const OTHER = [
  [48, 52, 55],
  [41, 45, 48],
  [43, 47, 50],
  [48, 52, 55],
];

beforeAll(async () => {
  database = await testDatabase();
  library = ["--database", database.url, "--data-dir", data];
  mkdirSync(music);
  writeFileSync(join(music, "in C.mid"), mary(0, POP));
  writeFileSync(join(music, "in E.mid"), mary(4, OTHER));
  await runScript("orchestrate", [music, "--skip-split", ...library]);
  await runScript("orchestrate", ["test/songs", "--skip-split", ...library]);
});
afterAll(() => database.close());

async function found(...args: readonly string[]) {
  const { out, err } = await runScript("search", [...args, "--json", ...library]);
  expect(err).toBe("");
  return out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
const names = (rows: readonly { path: string }[]) => rows.map(({ path }) => path.split("/").at(-1)).sort();

test("--melody finds a tune in any key and says where", async () => {
  const rows = await found("--melody", "E D C D E E E");
  expect(names(rows)).toEqual(["in C.mid", "in E.mid"]);
  for (const { played_at } of rows) expect(played_at[0]).toMatchObject({ bar: 3, seconds: 4, track: 0, channel: 1 });
  expect(names(await found("--melody", "-2 -2 2 2 0 0"))).toEqual(["in C.mid", "in E.mid"]);
});

test("--one-wrong finds it with one wrong note, and nothing without", async () => {
  expect(await found("--melody", "E D C D E F E")).toEqual([]);
  expect(names(await found("--melody", "E D C D E F E", "--one-wrong"))).toEqual(["in C.mid", "in E.mid"]);
});

test("--progression finds numerals in any key, and chords in their own", async () => {
  expect(names(await found("--progression", "I V vi IV"))).toEqual(["in C.mid"]);
  expect(names(await found("--progression", "C G Am F"))).toEqual(["in C.mid"]);
  expect(names(await found("--progression", "E A B"))).toEqual(["in E.mid"]);
  const { out } = await runScript("search", ["--progression", "I V vi IV", ...library]);
  expect(out).toMatch(/where\n.*0:00 and 1 more\n/);
});

test("music goes together with all other criteria and the limit", async () => {
  expect(names(await found("--melody", "E D C D E E E", "--key", "E"))).toEqual(["in E.mid"]);
  expect(await found("--melody", "E D C D E E E", "--limit", "1")).toHaveLength(1);
  expect((await runScript("search", ["--melody", "E D C", ...library])).code).toBe(2);
});

test("search: mode, folder, repairs and the day of arrival; words without a flag are text", async () => {
  expect(names(await found("--mode", "major", "--under", music))).toEqual(["in C.mid", "in E.mid"]);
  expect(await found("--mode", "minor", "--under", music)).toEqual([]);
  expect(names(await found("--repaired", "missing-end-of-track"))).toEqual(["no end of track.mid"]);
  expect((await found("--repaired", "no", "--under", music)).length).toBe(2);
  expect((await found("--since", "2020-01-01")).length).toBeGreaterThan(5);
  expect(await found("--since", "2999-01-01")).toEqual([]);
  expect(names(await found("waltz")).length).toBe(2);
  for (const args of [
    ["--since", "yesterday"],
    ["--min-confidence", "0.9"],
    ["waltz", "--text", "x"],
  ]) {
    expect((await runScript("search", [...args, ...library])).code).toBe(2);
  }
});

test("search: where nothing is found it says what is not analysed yet", async () => {
  const other = temporaryFolder("music-pending");
  await runScript("import", [music, "--data-dir", other, "--quiet"]);
  const { err } = await runScript("search", ["lamb", "--data-dir", other]);
  expect(err).toBe("Nothing found. 2 files are imported and not analysed yet: bun scripts/analyze.ts\n");
});
