import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { song } from "../support/tunes.ts";
import { zip } from "../support/zip.ts";
import { openTestSession, type TestSession } from "./open-session.ts";

setDefaultTimeout(60_000);

let t: TestSession;
beforeAll(async () => {
  t = await openTestSession();
});
afterAll(() => t.close());

beforeEach(async () => {
  rmSync(t.source, { recursive: true, force: true });
  t.put({});
  t.lines.length = 0;
  await t.rows("truncate parts, files, contents, roots restart identity cascade");
});

const states = async () =>
  (await t.rows("select path, member, state from files order by path, member")).map(
    ({ path, member, state }) => `${path}${member && `!${member}`} ${state}`,
  );
/** Text that no server makes shorter: a path of so many bytes fits into no row of an index. */
const random = (length: number, seed = 0) =>
  Array.from({ length }, (_, i) => (Bun.hash.crc32(`${seed} ${i}`) % 36).toString(36)).join("");

test("a member's name with NUL in it is stored as it is, and what stands behind it too", async () => {
  t.put({
    "nul.zip": zip([
      { name: "nul\0name.mid", bytes: song(1) },
      { name: "z.mid", bytes: song(2) },
    ]),
  });
  t.put({ "zz.mid": song(3) });
  expect(await t.import()).toMatchObject({ done: 3, failed: 0 });
  expect(await states()).toEqual([
    "nul.zip archive",
    "nul.zip!nul\uf700name.mid present",
    "nul.zip!z.mid present",
    "zz.mid present",
  ]);
});

test("a place that is too long for the library is named, and costs only itself", async () => {
  const names = [`${random(4000)}.mid`, "a.mid", `${random(60_000)}.mid`, "b.mid"];
  t.put({ "pack.zip": zip(names.map((name, i) => ({ name, bytes: song(i) }))), "z.mid": song(9) });
  const deep = Array.from({ length: 18 }, (_, i) => random(200, i)).join("/");
  t.put({ [`${deep}/x.mid`]: song(10) });
  expect(await t.import()).toMatchObject({ done: 3, failed: 3, counts: { unreadable: 3, archives: 1 } });
  expect(await states()).toEqual([
    "pack.zip archive",
    "pack.zip!a.mid present",
    "pack.zip!b.mid present",
    "z.mid present",
  ]);
  expect(t.lines).toHaveLength(3);
  for (const line of t.lines) expect(line).toMatch(/\.mid: cannot be stored: index row /);
});

test("a time that is beyond all calendars is no obstacle", async () => {
  t.put({ "a.mid": song(1), "b.mid": song(2), "c.mid": song(3) });
  utimesSync(join(t.source, "a.mid"), 2 ** 33, 2 ** 33);
  const tar = await new Bun.Archive({ "x.mid": song(4) }).bytes();
  // The time of a member as a number of base 256, which the format allows.
  const absurd = Buffer.from(tar);
  absurd.set([0x80, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0], 136);
  absurd.fill(" ", 148, 156);
  const sum = absurd.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  absurd.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  t.put({ "time.tar": absurd });
  expect(await t.import()).toMatchObject({ done: 4, failed: 0 });
  expect(await t.import()).toMatchObject({ done: 0, failed: 0, counts: { unchanged: 4 } });
});

test("what cannot be looked at is said, and what is known of it stays", async () => {
  t.put({ "a.mid": song(1), "sub/b.mid": song(2), "sub/c/d.mid": song(3), "e.mid": song(4), "pack.zip": zip([]) });
  await t.import();
  const away = join(t.dataDir, "..", "away");
  mkdirSync(away);
  for (const name of ["a.mid", "sub", "pack.zip"]) {
    renameSync(join(t.source, name), join(away, name));
    symlinkSync(name, join(t.source, name));
  }
  expect((await t.import()).counts).toMatchObject({ unchanged: 1, gone: 0, problems: 1, unreadable: 2 });
  expect(t.lines.sort()).toEqual([
    `${t.source}/a.mid: too many links`,
    `${t.source}/pack.zip: too many links`,
    `Cannot look into ${t.source}/sub/: too many links`,
  ]);
  expect(await states()).toEqual([
    "a.mid present",
    "e.mid present",
    "pack.zip archive",
    "sub/b.mid present",
    "sub/c/d.mid present",
  ]);
  for (const name of ["a.mid", "sub", "pack.zip"]) {
    rmSync(join(t.source, name));
    renameSync(join(away, name), join(t.source, name));
  }
  expect((await t.import()).counts).toMatchObject({ unchanged: 5, gone: 0 });
});

test("a folder whose path is longer than the system takes is a problem, not an end", async () => {
  const name = "d".repeat(200);
  const script = `for i in $(seq 22); do mkdir ${name} && cd ${name}; done; cp ${t.source}/a.mid deep.mid`;
  t.put({ "a.mid": song(1) });
  expect(Bun.spawnSync(["bash", "-c", script], { cwd: t.source }).exitCode).toBe(0);
  const tally = await t.import();
  expect(tally).toMatchObject({ done: 1, counts: { problems: 1 } });
  expect(t.lines[0]).toEndWith(": the name is too long");
  Bun.spawnSync(["rm", "-rf", join(t.source, name)]);
});
