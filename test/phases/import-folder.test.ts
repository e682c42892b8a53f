import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCrew } from "../../lib/crew/crew.ts";
import { NO_PLACE } from "../../lib/database/contents.ts";
import { importFolder } from "../../lib/phases/import-folder.ts";
import { importTally } from "../../lib/phases/import-tally.ts";
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
  await t.rows("truncate parts, files, contents, roots restart identity cascade");
});

const places = () => t.rows("select path, member, state, error from files order by path, member");
/** Every version of every row: a row that is written again gets a new one, even with the same values. */
const versions = () =>
  t.rows(
    "select xmin::text, ctid::text from files union all select xmin::text, ctid::text from contents order by 1, 2",
  );

test("import stores every place once and every distinct content once", async () => {
  t.put({ "a.mid": song(1), "deep/er/B.MIDI": song(1), "c.KAR": song(2), "readme.txt": "no music" });
  const tally = await t.import();
  expect(tally.counts).toMatchObject({ new: 2, duplicates: 1 });
  expect((await places()).map((row) => row.path)).toEqual(["a.mid", "c.KAR", "deep/er/B.MIDI"]);
  expect(await t.rows("select status, voice_count, analysis_state, split_state from contents")).toEqual(
    Array(2).fill({ status: "ok", voice_count: 2, analysis_state: "pending", split_state: "pending" }),
  );
});

test("import leaves out AppleDouble files, hidden folders and folders of parts", async () => {
  t.put({ "._a.mid": song(1), ".trash/b.mid": song(2), "parts/.midiworks-parts": "", "parts/c.mid": song(3) });
  t.put({ "d.mid": song(4) });
  const tally = await t.import();
  expect((await places()).map((row) => row.path)).toEqual(["d.mid"]);
  expect(tally.counts.parts).toBe(1);
});

test("import of an unchanged folder reads nothing and writes no row", async () => {
  t.put({ "a.mid": song(1), "b.mid": song(1), "bad.mid": "no music", "c/d.mid": song(2) });
  await t.import();
  const before = await versions();
  const tally = await t.import();
  expect(tally).toMatchObject({ done: 0, failed: 0, counts: { unchanged: 4, new: 0, duplicates: 0 } });
  expect(await versions()).toEqual(before);
});

test("import reads a changed file again and keeps its former content", async () => {
  t.put({ "a.mid": song(1) });
  await t.import();
  t.put({ "a.mid": song(2) });
  utimesSync(join(t.source, "a.mid"), 1, 1);
  const tally = await t.import();
  expect(tally.counts).toMatchObject({ new: 1, unchanged: 0 });
  const [row] = await t.rows(
    "select count(*)::int as contents, count(files.id)::int as places from contents left join files on files.content_id = contents.id",
  );
  expect(row).toEqual({ contents: 2, places: 1 });
});

test("import counts a file whose time alone changed as refreshed", async () => {
  t.put({ "a.mid": song(1) });
  await t.import();
  utimesSync(join(t.source, "a.mid"), 1, 1);
  expect((await t.import()).counts).toMatchObject({ refreshed: 1, new: 0, duplicates: 0 });
});

test("import marks what is gone, and takes it back when it returns", async () => {
  t.put({ "a.mid": song(1), "b.mid": song(2) });
  await t.import();
  renameSync(join(t.source, "b.mid"), join(t.source, "b.away"));
  expect((await t.import()).counts).toMatchObject({ gone: 1, unchanged: 1 });
  expect((await places()).map((row) => row.state)).toEqual(["present", "gone"]);
  renameSync(join(t.source, "b.away"), join(t.source, "b.mid"));
  expect(await t.import()).toMatchObject({ done: 0, counts: { unchanged: 2, returned: 1 } });
  expect((await places()).map((row) => row.state)).toEqual(["present", "present"]);
});

test("import reads a file again that returns other than it went", async () => {
  t.put({ "a.mid": song(1), "b.mid": song(2) });
  await t.import();
  rmSync(join(t.source, "b.mid"));
  await t.import();
  t.put({ "b.mid": song(3) });
  utimesSync(join(t.source, "b.mid"), 1, 1);
  expect(await t.import()).toMatchObject({ done: 1, counts: { unchanged: 1, returned: 0, new: 1 } });
  expect((await places()).map((row) => row.state)).toEqual(["present", "present"]);
});

test("a returned place makes a content that had none pending again", async () => {
  t.put({ "a.mid": song(1), "b.mid": song(2) });
  await t.import();
  renameSync(join(t.source, "b.mid"), join(t.source, "b.away"));
  await t.import();
  await t.rows(`update contents set analysis_state = 'failed', analysis_error = '${NO_PLACE}' where id = 2`);
  renameSync(join(t.source, "b.away"), join(t.source, "b.mid"));
  await t.import();
  expect(await t.rows("select analysis_state, analysis_error from contents where id = 2")).toEqual([
    { analysis_state: "pending", analysis_error: null },
  ]);
});

test("import marks thousands gone, those in folders it leaves out never", async () => {
  t.put({ "a.mid": song(1), "k/.midiworks-parts": "", "z.mid": song(2) });
  await t.import();
  const folders = ["b", "k", "x", "zz"];
  for (const folder of folders) {
    await t.rows(
      `insert into files (root_id, path, state, content_id, size, modified_us)
       select 1, '${folder}/' || lpad(i::text, 6, '0') || '.mid', 'present', null, 1, 1 from generate_series(1, 5500) as i`,
    );
  }
  expect((await t.import()).counts).toMatchObject({ unchanged: 2, gone: 3 * 5500 });
  const states = "select left(path, 2) as folder, state, count(*)::int from files group by 1, 2 order by 1, 2";
  expect(await t.rows(states)).toEqual([
    { folder: "a.", state: "present", count: 1 },
    { folder: "b/", state: "gone", count: 5500 },
    { folder: "k/", state: "present", count: 5500 },
    { folder: "x/", state: "gone", count: 5500 },
    { folder: "z.", state: "present", count: 1 },
    { folder: "zz", state: "gone", count: 5500 },
  ]);
  expect((await t.import()).counts).toMatchObject({ unchanged: 2, gone: 0 });
});

test("a file that hangs or ends the thread that reads it is rejected with that reason and not read again", async () => {
  t.put({ "a.mid": song(1), "crash.mid": song(2), "hang.mid": song(3), "z.mid": song(4) });
  const crew = createCrew({ threads: 2, itemTimeoutMs: 2000, entry: new URL("./poison-worker.ts", import.meta.url) });
  try {
    const importing = async () => {
      const tally = importTally();
      await importFolder({ ...t.session, crew }, { source: t.source, maxBytes: 1 << 20 }, tally);
      return tally;
    };
    expect(await importing()).toMatchObject({ done: 2, failed: 2 });
    expect(
      await t.rows(
        "select path, status, contents.error from files join contents on contents.id = content_id order by 1",
      ),
    ).toEqual([
      { path: "a.mid", status: "ok", error: null },
      { path: "crash.mid", status: "rejected", error: "the thread ended" },
      { path: "hang.mid", status: "rejected", error: "no result within 2 s" },
      { path: "z.mid", status: "ok", error: null },
    ]);
    const { restarts } = crew.stats();
    expect(await importing()).toMatchObject({ done: 0, failed: 0, counts: { unchanged: 4 } });
    expect(crew.stats().restarts).toBe(restarts);
  } finally {
    crew.close();
  }
});

test("a rejected content that can be read by now is as good as new", async () => {
  t.put({ "a.mid": song(1) });
  await t.import();
  await t.rows(
    "update contents set status = 'rejected', error = 'hung', analysis_state = 'not_applicable', split_state = 'not_applicable'",
  );
  t.put({ "b.mid": song(1) });
  expect((await t.import()).counts).toMatchObject({ unchanged: 1, new: 1 });
  expect(await t.rows("select status, error, analysis_state, split_state from contents")).toEqual([
    { status: "ok", error: null, analysis_state: "pending", split_state: "pending" },
  ]);
});

test("import of a folder that has lost all its files refuses to mark them gone", async () => {
  t.put({ "a.mid": song(1) });
  await t.import();
  rmSync(join(t.source, "a.mid"));
  await expect(t.import()).rejects.toThrow(/is it mounted\?$/);
  expect((await places()).map((row) => row.state)).toEqual(["present"]);
});

test("import of a folder that does not exist says so", async () => {
  rmSync(t.source, { recursive: true });
  await expect(t.import()).rejects.toThrow(`Cannot read ${t.source}: no such folder, expected a folder`);
});

test("import marks rejected files with their reason and leaves them alone", async () => {
  t.put({ "bad.mid": "<html>404</html>", "empty.mid": "" });
  const tally = await t.import();
  expect(tally.failed).toBe(2);
  for (const row of await t.rows("select * from contents")) {
    expect(row).toMatchObject({ status: "rejected", analysis_state: "not_applicable", split_state: "not_applicable" });
    expect(row.error).toMatch(/^Cannot read MIDI: .+, expected .+/);
  }
});

test("import does not read files above the size limit", async () => {
  t.put({ "big.mid": new Uint8Array(5000), "small.mid": song(1) });
  await t.import(4000);
  expect(await places()).toEqual([
    { path: "big.mid", member: "", state: "unreadable", error: "5000 bytes, more than the limit of 4000" },
    { path: "small.mid", member: "", state: "present", error: null },
  ]);
});

test("import survives link cycles, broken links and names that are no UTF-8", async () => {
  t.put({ "a/b/c.mid": song(1) });
  symlinkSync("..", join(t.source, "a/b/up"));
  symlinkSync("nowhere.mid", join(t.source, "broken.mid"));
  symlinkSync("c.mid", join(t.source, "a/b/link.mid"));
  writeFileSync(Buffer.concat([Buffer.from(`${t.source}/caf`), Buffer.of(0xe9), Buffer.from(".mid")]), song(2));
  await t.import();
  expect(await places()).toEqual([
    { path: "a/b/c.mid", member: "", state: "present", error: null },
    { path: "a/b/link.mid", member: "", state: "present", error: null },
    { path: "broken.mid", member: "", state: "unreadable", error: "no such file" },
    { path: "caf\uf7e9.mid", member: "", state: "present", error: null },
  ]);
  expect((await t.import()).counts.unchanged).toBe(3);
});

test("import merges with known places in byte order, whatever the names", async () => {
  const names = ["a.mid", "a-.mid", "a/x.mid", "a b/x.mid", "ab.mid", "é.mid", "𝄞.mid", "\uf8ff.mid", "Z.mid"];
  t.put(Object.fromEntries(names.map((name, i) => [name, song(i)])));
  await t.import();
  expect((await t.import()).counts).toMatchObject({ unchanged: names.length, gone: 0 });
});

test("import takes a copy of one of our parts for a part", async () => {
  t.put({ "song.mid": song(1) });
  await t.import();
  const part = song(77);
  const hash = new Bun.CryptoHasher("sha256").update(part).digest("hex");
  await t.rows(`insert into parts values (1, 1, decode('${hash}', 'hex'), 1, 'x', 0, 0, null, null, false, 1)`);
  t.put({ "copy.mid": part });
  await t.import();
  expect((await places()).map((row) => row.state)).toEqual(["part", "present"]);
  expect(await t.rows("select count(*)::int from contents")).toEqual([{ count: 1 }]);
});

test("import reads the members of archives once and keeps their bytes", async () => {
  t.put({ "inner/x.mid": song(1), "inner/drums/y.mid": song(2), "inner/._z.mid": song(3) });
  const zip = Bun.spawnSync(["tar", "czf", "pack.tar.gz", "inner"], { cwd: t.source });
  expect(zip.exitCode).toBe(0);
  rmSync(join(t.source, "inner"), { recursive: true });
  expect((await t.import()).counts).toMatchObject({ archives: 1, new: 2 });
  expect(await places()).toEqual([
    { path: "pack.tar.gz", member: "", state: "archive", error: null },
    { path: "pack.tar.gz", member: "inner/drums/y.mid", state: "present", error: null },
    { path: "pack.tar.gz", member: "inner/x.mid", state: "present", error: null },
  ]);
  expect((await t.import()).counts).toMatchObject({ unchanged: 1, new: 0 });
  expect(t.lines).toEqual([]);
  const kept = [...new Bun.Glob("contents/*/*.mid").scanSync(t.dataDir)];
  expect(kept.length).toBe(2);
});

test("import takes members that are links or share a name for places of their own", async () => {
  t.put({ "in/a.mid": song(1), "in/b.mid": song(2) });
  const pack = "ln in/a.mid in/link.mid && tar -cJf pack.txz in && gzip -c in/b.mid > one.mid.gz && rm -r in";
  expect(Bun.spawnSync(["bash", "-ec", pack], { cwd: t.source }).exitCode).toBe(0);
  expect((await t.import()).counts).toMatchObject({ archives: 2, new: 2, duplicates: 2 });
  expect((await places()).map(({ path, member, state }) => `${path} ${member} ${state}`)).toEqual([
    "one.mid.gz  archive",
    "one.mid.gz one.mid present",
    "pack.txz  archive",
    "pack.txz in/a.mid present",
    "pack.txz in/b.mid present",
    "pack.txz in/link.mid present",
  ]);
});

test("import counts what it passes over by kind, in folders and archives; with sniff it takes what begins as music", async () => {
  t.put({ "a.mid": song(1), "b.TXT": "text", "c/d.txt": "text", "c/song": song(2), ".hidden/x.txt": "text" });
  t.put({
    "pack.zip": zip([
      { name: "e.txt", bytes: Buffer.from("text") },
      { name: "song.dat", bytes: song(3) },
    ]),
  });
  const { passedOver } = await t.import();
  expect(passedOver.kinds()).toEqual([
    { kind: ".txt", count: 3, example: expect.stringMatching(/\.(TXT|txt)$/) },
    { kind: "", count: 1, example: `${t.source}/c/song` },
    { kind: ".dat", count: 1, example: `${t.source}/pack.zip: song.dat` },
  ]);
  await t.rows("update files set size = 0 where state = 'archive'");
  const tally = importTally();
  await importFolder(t.session, { source: t.source, maxBytes: 1 << 20, sniff: true }, tally);
  expect(tally.passedOver.kinds().map(({ kind, count }) => [kind, count])).toEqual([[".txt", 3]]);
  expect(tally.counts).toMatchObject({ new: 2 });
});

test("import of a folder that holds the data directory leaves out what is kept there", async () => {
  t.put({ "pack.zip": zip([{ name: "a.mid", bytes: song(1) }]) });
  await t.import();
  await t.import(1 << 20, "..");
  expect((await t.rows("select path, member from files order by path, member")).map(({ path }) => path)).toEqual([
    "source/pack.zip",
    "source/pack.zip",
  ]);
});

test("a place has one row, whether it is imported through a folder, one above or one below", async () => {
  t.put({ "a/b/x.mid": song(1), "a/y.mid": song(2), "z.mid": song(3) });
  await t.import(undefined, "a/b");
  expect((await t.import(undefined, "a")).counts).toMatchObject({ unchanged: 1, new: 1 });
  expect((await t.import()).counts).toMatchObject({ unchanged: 2, new: 1 });
  rmSync(join(t.source, "a/b/x.mid"));
  t.put({ "a/b/w.mid": song(4) });
  expect((await t.import(undefined, "a/b")).counts).toMatchObject({ gone: 1, new: 1, unchanged: 0 });
  expect((await places()).map(({ path, state }) => [path, state])).toEqual([
    ["a/b/w.mid", "present"],
    ["a/b/x.mid", "gone"],
    ["a/y.mid", "present"],
    ["z.mid", "present"],
  ]);
});

test("the words of a content at very many places keep to a measure, those of its analysis are among them", async () => {
  t.put({ "a.mid": song(1) });
  await t.import();
  for (let i = 0; i < 30; i++) {
    await t.rows(
      `insert into files (root_id, path, state, content_id, size, modified_us)
       select 1, 'w' || i || 'x.mid', 'present', 1, 1, 1 from generate_series(${i}000, ${i}999) as i`,
    );
  }
  const words = async () => (await t.rows("select length(words)::int as n from words"))[0]!.n as number;
  expect(await words()).toBeWithin(2_500, 5_000);
  await t.rows(`insert into analyses (content_id, analyzer_version, note_count, features)
    values (1, 1, 1, '{"text": {"title": "Nocturne"}}')`);
  expect(await t.rows("select count(*)::int as n from words where words @@ 'nocturne'")).toEqual([{ n: 1 }]);
  await t.rows("update files set state = 'gone' where path < 'w3'");
  expect(await words()).toBeWithin(2_500, 5_000);
  await t.rows("truncate words");
  await t.rows("update files set path = 'aria/' || path where path = 'w9998x.mid'");
  expect(await t.rows("select count(*)::int as n from words where words @@ 'aria'")).toEqual([{ n: 1 }]);
  await t.rows("update analyses set note_count = 2");
  expect(await t.rows("select count(*)::int as n from words where words @@ 'nocturne'")).toEqual([{ n: 1 }]);
});

const songs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.mid`, song(i)]));

test("imports of one folder at once end with the same rows", async () => {
  t.put(songs(1500));
  const sessions = [t.session, await t.other()];
  const options = { source: t.source, maxBytes: 1 << 20 };
  await Promise.all(sessions.map((session) => importFolder(session, options, importTally())));
  const stored =
    "select count(*)::int as n, count(distinct path)::int as paths, count(content_id)::int as held from files";
  expect(await t.rows(stored)).toEqual([{ n: 1500, paths: 1500, held: 1500 }]);
});

test("an import does not read what another has stored since it looked into the library", async () => {
  t.put(songs(600));
  const options = { source: t.source, maxBytes: 1 << 20 };
  const [ahead, behind] = [importTally(), importTally()];
  const other = await t.other();
  let whole: Promise<void> | undefined;
  const query: typeof other.query = async (statements) => {
    const answer = await other.query(statements); // the first one: which places are known? None yet
    await (whole ??= importFolder(t.session, options, ahead));
    return answer;
  };
  await importFolder({ ...other, query }, options, behind);
  expect([ahead.done, behind.done]).toEqual([600, 0]);
  expect(behind.counts).toMatchObject({ unchanged: 600, gone: 0 });
});
