import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { testDatabase } from "./support/database.ts";

setDefaultTimeout(60_000);

const ROOT = new URL("..", import.meta.url).pathname;

async function example(name: string, ...args: readonly string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, `examples/${name}.ts`, ...args], { cwd: ROOT, stdout: "pipe" });
  const out = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return out;
}

test("examples: one file's tempo, key and length; a file that is no music is told", async () => {
  expect(await example("analyze-file", "test/songs/waltz in D.mid", "test/songs/damaged/a web page.mid")).toMatch(
    /^test\/songs\/waltz in D.mid 150 bpm D major 9.5833 s\ntest\/songs\/damaged\/a web page.mid Cannot read MIDI: .*\n$/,
  );
});

test("examples: the parts of a file", async () => {
  const lines = (await example("split-file", "test/songs/waltz in D.mid")).trim().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toStartWith("track 1, channel 1: 24 notes, ");
});

test("examples: the keys of a folder", async () => {
  expect(await example("folder-keys", "test/songs")).toContain("\tD major\n");
});

test("examples: the pool", async () => {
  const database = await testDatabase();
  expect(await example("pool", database.url)).toBe("1 1, 2 4, 3 9\n2\n");
  await database.close();
});

test("examples: each is run here", async () => {
  const text = await Bun.file(import.meta.path).text();
  const names = readdirSync(`${ROOT}/examples`).map((file) => file.replace(/\.ts$/, ""));
  expect(names.filter((name) => !text.includes(`example("${name}"`))).toEqual([]);
});
