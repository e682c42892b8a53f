import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryFolder } from "../support/folder.ts";
import { midi } from "../support/midi-builder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const base = temporaryFolder("search");
const music = join(base, "music");
let database: TestDatabase;

/** Two bars over and over in a key, a flute or a violin, at a tempo. */
function tune(bpm: number, program: number, transposed: number): Uint8Array {
  const pitches = [60, 64, 67, 72, 71, 67, 62, 65, 69, 74, 67, 71, 74, 67, 60, 64];
  const track = midi({ division: 96 }).track("Solo").tempo(0, bpm).meter(0, 4, 4).program(0, program);
  for (let i = 0; i < 64; i++) track.note(i * 96, 96, pitches[i % 16]! + transposed);
  return track.bytes();
}

const search = (...args: string[]) => runScript("search", ["--database", database.url, ...args]);

/** A name as the file system has it, whatever its bytes. */
const raw = (folder: string, bytes: number[]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes)]);
const LATIN1 = [0x63, 0x61, 0x66, 0xe9, 0x2e, 0x6d, 0x69, 0x64];

beforeAll(async () => {
  database = await testDatabase();
  mkdirSync(join(music, "dark house"), { recursive: true });
  writeFileSync(join(music, "dark house", "violin.mid"), tune(120, 40, 0));
  writeFileSync(raw(music, LATIN1), tune(90, 73, 0));
  writeFileSync(join(base, "higher.mid"), tune(133, 10, 5));
  const imported = ["--source", music, "--database", database.url, "--data-dir", base, "--skip-split", "--quiet"];
  expect(await runScript("orchestrate", imported)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await database.close();
});

test("search prints a table of what is found", async () => {
  const { code, out, err } = await search("--bpm", "118-124", "--instrument", "violin", "--tag", "house");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.split("\n")[0]).toMatch(/^path +bpm +/);
  expect(out.split("\n")[1]).toStartWith(`${music}/dark house/violin.mid  120`);
  expect(out.split("\n")).toHaveLength(3);
});

test("search --json gives one object a line", async () => {
  const { out } = await search("--json", "--sort", "bpm", "--meter", "4/4");
  const rows = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.map(({ tempo, instruments, copies }) => [tempo, instruments, copies])).toEqual([
    [90, ["Flute"], 1],
    [120, ["Violin"], 1],
  ]);
});

test("search --csv has a header and a line a piece", async () => {
  const { out } = await search("--csv", "--text", "viol");
  const [header, row, rest] = out.split("\n");
  expect(header).toStartWith("path,title,tempo,key,meter,");
  expect(row).toStartWith(`${music}/dark house/violin.mid,`);
  expect(rest).toBe("");
});

test("search --paths0 gives the bytes of names that are no text", async () => {
  const child = Bun.spawn(
    [process.execPath, "scripts/search.ts", "--database", database.url, "--paths0", "--bpm", "90"],
    {
      cwd: join(import.meta.dir, "../.."),
    },
  );
  const bytes = Buffer.from(await new Response(child.stdout).arrayBuffer());
  expect(bytes.equals(Buffer.concat([raw(music, LATIN1), Buffer.of(0)]))).toBe(true);
});

test("search --like finds a transposed tune at another tempo, from a file that is not in the library", async () => {
  const { out } = await search("--json", "--like", join(base, "higher.mid"));
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).same),
  ).toEqual(["tune", "tune"]);
});

test("search --like takes a path of the library, where the files are elsewhere", async () => {
  const moved = ["--root", `${music}=/mnt/midi`, "--like", "/mnt/midi/dark house/violin.mid"];
  const { out } = await search("--json", "--limit", "1", "--bpm", "120", ...moved);
  expect(JSON.parse(out)).toMatchObject({ same: "notes", path: "/mnt/midi/dark house/violin.mid" });
});

test("search finds nothing and says so", async () => {
  const { code, err } = await search("--bpm", "300-");
  expect([code, err]).toEqual([0, "Nothing found.\n"]);
});

test.each([
  [["--bpm", "fast"], 'search: --bpm is "fast", expected a number or a range'],
  [["--key", "H"], 'search: --key is "H", expected a key'],
  [["--instrument", "violn"], 'search: --instrument is "violn", expected a General MIDI instrument'],
  [["--json", "--csv"], "search: --json and --csv given, expected one of them"],
  [["--compatible"], "search: --compatible stands alone, expected --key with it"],
  [["--min-confidence", "2"], "search: --min-confidence is 2, expected 0 to 1"],
])("search refuses %p", async (args, line) => {
  const { code, out, err } = await search(...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toStartWith(line);
});

test("search of a folder without a library makes none", async () => {
  const { code, err } = await runScript("search", ["--data-dir", join(base, "none")]);
  expect(code).toBe(1);
  expect(err).toBe(
    `search: Cannot find a library in ${base}/none: nothing was imported there, expected --data-dir or --database of one\n`,
  );
});
