import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";
import { midi } from "../support/midi-builder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const SCRIPT = join(import.meta.dir, "../../scripts/show.ts");
const folder = temporaryFolder("show");
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  const tune = midi().track("Blue Moon").tempo(0, 120).meter(0, 4, 4).track("Lead").program(0, 73).channel(0);
  for (let i = 0; i < 32; i++) tune.note(i * 480, 480, 60 + [0, 2, 4, 5, 7, 9, 11, 12][i % 8]!);
  const drums = tune.track("Kit").channel(9);
  for (let i = 0; i < 32; i++) drums.note(i * 480, 240, i % 2 === 0 ? 36 : 38);
  await Bun.write(at("Tune 120 bpm.mid"), tune.bytes());
  await Bun.write(at("text.mid"), "not a MIDI file");
  await Bun.write(at("empty.MID"), "");
  await Bun.write(at("bäd näme ♯1.mid"), midi().track().note(0, 480, 60).bytes());
});

const show = (...args: string[]) => runScript("show", args);

test("show --json prints one object a line, in the order given, with an error where a file cannot be read", async () => {
  const files = ["text.mid", "Tune 120 bpm.mid", "missing.mid", "empty.MID", "bäd näme ♯1.mid", "text.mid"].map(at);
  const { out, err, code } = await show("--json", ...files);
  const said = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(said.map(({ path }) => path)).toEqual(files);
  expect(said.map(({ error }) => error === undefined)).toEqual([false, true, false, false, true, false]);
  expect(Object.keys(said[2])).toEqual(["path", "error"]);
  expect(said[1]).toMatchObject({ notes: { count: 64 }, durationSeconds: 16, meter: { numerator: 4, denominator: 4 } });
  expect(said[1]).toMatchObject({ tempo: { bpm: 120 }, names: { bpm: 120, bpmAgrees: "agrees" }, status: "ok" });
  expect({ err, code }).toEqual({ err: "", code: 1 });
});

test("show keeps the order of many files, which several threads work on", async () => {
  const files = Array.from({ length: 120 }, (_, i) =>
    at(i % 3 === 0 ? "Tune 120 bpm.mid" : i % 3 === 1 ? "text.mid" : `${i}.mid`),
  );
  const { out, code } = await show("--json", ...files);
  const said = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(said.map(({ path }) => path)).toEqual(files);
  expect(said.map(({ error }) => error === undefined)).toEqual(files.map((_, i) => i % 3 === 0));
  expect(code).toBe(1);
});

test("show prints a page a file", async () => {
  const { out, code } = await show(at("Tune 120 bpm.mid"), at("text.mid"));
  for (const line of [
    /^\/.*Tune 120 bpm\.mid\n {2}Title/,
    /^ {2}Title +Blue Moon$/m,
    /^ {2}Tempo +120 bpm/m,
    /^ {2}Meter +4\/4/m,
    /^ {2}Drums +kick {2}x\.\.\.\.\.\.\.x\.\.\.\.\.\.\. {2}in 100 % of the bars$/m,
    /^ {2}Name says +120 bpm \(agrees\)$/m,
    /^ {2}1 +1 +Lead +Flute +melody 0\.95 +32 +C4 to C5$/m,
    /^\/.*text\.mid\n {2}cannot be read: /m,
  ])
    expect(out).toMatch(line);
  expect(code).toBe(1);
});

test("show refuses wrong use with one line and exit code 2", async () => {
  for (const args of [[], ["--jsn", at("text.mid")]]) {
    const { out, err, code } = await show(...args);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(err).toMatch(/^show: /);
  }
});

test("show ends quietly when nobody reads on", async () => {
  const many = Array.from({ length: 400 }, () => at("Tune 120 bpm.mid"));
  const run = Bun.spawn(["sh", "-c", '"$@" | head -n 1', "sh", process.execPath, SCRIPT, "--json", ...many], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, log] = await Promise.all([run.stdout.text(), run.stderr.text(), run.exited]);
  expect(out.trimEnd().split("\n")).toHaveLength(1);
  expect(log).toBe("");
});
