import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { generateLibrary } from "../../scripts/bench/generate.ts";
import { until } from "../../scripts/bench/support/load.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runScript, startScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const folder = temporaryFolder("bench");
const make = (name: string) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

test("bench measures a folder and a generated library, as one JSON object, and leaves no file behind", async () => {
  const [songs, scratch] = [make("songs"), make("scratch")];
  await generateLibrary(songs, 4, 1, "loop");
  const env = { TMPDIR: scratch };
  const split = await runScript("bench", ["split", "--source", songs, "--rounds", "2", "--json"], env);
  expect(JSON.parse(split.out)).toMatchObject({ files: 4, parts: 8, machine: expect.stringContaining("Bun") });
  const analyze = await runScript("bench", ["analyze", "--source", songs, "--rounds", "1", "--json"], env);
  expect(JSON.parse(analyze.out)).toMatchObject({ files: 4 });
  const scale = await runScript("bench", ["scale", "--files", "6", "--loops", "--json"], env);
  expect(JSON.parse(scale.out)).toMatchObject({ rows: [{ files: 6 }] });
  await until("the folders are removed", () => readdirSync(scratch).length === 0);
});

test("bench stopped by Ctrl-C ends with 130 and leaves no file behind", async () => {
  const scratch = make("stopped");
  const { child, ended } = startScript("bench", ["scale", "--files", "20000"], { TMPDIR: scratch });
  await until("it has begun", () => readdirSync(scratch, { recursive: true }).length > 3);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  await until("the folder is removed", () => readdirSync(scratch).length === 0);
});

test("bench refuses what it does not know in one line", async () => {
  const unknown = await runScript("bench", ["speed"]);
  expect(unknown).toMatchObject({ code: 2, err: expect.stringMatching(/^bench: no bench is called "speed"\n/) });
  const flag = await runScript("bench", ["pool", "--rouns", "3"]);
  expect(flag).toMatchObject({ code: 2, out: "", err: expect.stringContaining("unknown flag --rouns, did you mean") });
  const empty = await runScript("bench", ["read", "--source", make("empty")]);
  expect(empty).toMatchObject({ code: 2, out: "", err: expect.stringContaining("holds no MIDI file, expected some") });
});
