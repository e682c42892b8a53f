import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";
import { runScript } from "../support/script.ts";

setDefaultTimeout(60_000);

const out = join(temporaryFolder("mend"), "copies");
const DAMAGED = "test/songs/damaged/no end of track.mid";

test("mend writes a whole copy, says what was changed, and writes it once", async () => {
  const first = await runScript("mend", [DAMAGED, "--out", out]);
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("missing-end-of-track: a track without End of Track: it ends with its last event\n");
  expect(first.out).toContain(`written to ${out}/no end of track.mid\n`);
  expect((await runScript("mend", [DAMAGED, "--out", out])).out).toContain("stands in");
  expect((await runScript("show", [`${out}/no end of track.mid`])).out).not.toContain("repaired");
  expect(readdirSync(out)).toEqual(["no end of track.mid"]);
});

test("mend leaves whole files alone and says what cannot be mended", async () => {
  const { out: said, code } = await runScript("mend", [
    "test/songs/waltz in D.mid",
    "test/songs/damaged/empty.mid",
    "--out",
    out,
  ]);
  expect(code).toBe(1);
  expect(said).toContain("is well-formed");
  expect(said).toContain("cannot be mended: ");
  expect((await runScript("mend", ["--out", out])).code).toBe(2);
});

test("mend --library writes all that the library had to repair", async () => {
  const data = temporaryFolder("mend-data");
  await runScript("import", ["test/songs", "--data-dir", data, "--quiet"]);
  const { out: lines } = await runScript("mend", [
    "--library",
    "--out",
    join(out, "all"),
    "--json",
    "--data-dir",
    data,
  ]);
  const results = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(results.map(({ written }) => written)).toEqual([true, true]);
  expect(readdirSync(join(out, "all"))).toHaveLength(2);
});
