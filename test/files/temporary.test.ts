import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryName, tidy } from "../../lib/files/temporary.ts";
import { temporaryFolder } from "../support/folder.ts";

const folder = temporaryFolder("temporary");

test("tidy removes what a killed process left, never what a living one has in the making", async () => {
  const module = join(import.meta.dir, "../../lib/files/temporary.ts");
  const code = `
    import { temporaryName } from ${JSON.stringify(module)};
    import { mkdirSync, writeFileSync } from "node:fs";
    mkdirSync("ab/" + temporaryName(), { recursive: true });
    writeFileSync(temporaryName(), "half");
    console.log("made");
    setInterval(() => {}, 1000);`;
  const maker = Bun.spawn([process.execPath, "-e", code], { cwd: folder, stdout: "pipe" });
  await maker.stdout.getReader().read();
  const made = () => [...readdirSync(folder), ...readdirSync(join(folder, "ab"))];
  writeFileSync(join(folder, "ab", temporaryName()), "ours");
  tidy(folder, () => {});
  expect(made()).toHaveLength(4);
  maker.kill("SIGKILL");
  await maker.exited;
  tidy(folder, () => {});
  expect(made()).toEqual(["ab", expect.stringContaining(`-${process.pid}-`)]);
});

test("tidy leaves another machine's an hour, and what is no temporary for ever", () => {
  const [old, young] = ["1", "2"].map((last) => temporaryName().replace(/-[0-9a-f]{16}-/, `-000000000000000${last}-`));
  for (const name of [old!, young!, ".midiworks-notes.tmp"]) mkdirSync(join(folder, "cd", name), { recursive: true });
  const hours = (count: number) => Date.now() / 1000 - count * 3600;
  utimesSync(join(folder, "cd", old!), hours(2), hours(2));
  tidy(folder, () => {});
  expect(readdirSync(join(folder, "cd")).sort()).toEqual([young!, ".midiworks-notes.tmp"].sort());
});
