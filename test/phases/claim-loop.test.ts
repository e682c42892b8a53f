import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backlog, claim, claimSuspect, fail, release, takeOver } from "../../lib/database/claims.ts";
import { storeParts } from "../../lib/database/parts.ts";
import { endRun, startRun } from "../../lib/database/runs.ts";
import { analysisTally, analyzeContents } from "../../lib/phases/analyze-contents.ts";
import { splitContents, splitTally } from "../../lib/phases/split-contents.ts";
import { createBell } from "../../lib/phases/wake-up.ts";
import { midi } from "../support/midi-builder.ts";
import { song } from "../support/tunes.ts";
import { openTestSession, type TestSession } from "./open-session.ts";

setDefaultTimeout(60_000);

let t: TestSession;
beforeAll(async () => {
  t = await openTestSession();
});
afterAll(() => t.close());

const SONGS = 12;
beforeEach(async () => {
  await t.rows("truncate tracks, analyses, parts, files, contents, roots restart identity cascade");
  rmSync(t.source, { recursive: true });
  t.put(Object.fromEntries(Array.from({ length: SONGS }, (_, i) => [`${i}.mid`, song(i)])));
  await t.import();
});

const ended = () => ({ ended: true, bell: createBell() });
const options = { force: false, retryFailed: false, maxBytes: 1 << 20 };
const splitOptions = () => ({
  ...options,
  out: `${t.dataDir}/parts`,
  by: "auto" as const,
  drumsByNote: false,
});
const states = (phase: string) =>
  t.rows(`select ${phase}_state as state, count(*)::int from contents group by 1 order by 1`);
const self = { machine: "test", pid: 1, started: "1" };

test("analysis and split work through everything pending and end by themselves", async () => {
  const analysis = analysisTally();
  await analyzeContents(t.session, options, analysis, ended());
  expect(analysis).toMatchObject({ done: SONGS, failed: 0, total: SONGS });
  const split = splitTally();
  await splitContents(t.session, splitOptions(), split, ended());
  expect(split).toMatchObject({ done: SONGS, failed: 0, counts: { parts: 2 * SONGS } });
  expect(await states("analysis")).toEqual([{ state: "done", count: SONGS }]);
  expect(await states("split")).toEqual([{ state: "done", count: SONGS }]);
  expect(await t.rows("select count(*)::int from analyses")).toEqual([{ count: SONGS }]);
});

test("two sessions share the work: everything is done once", async () => {
  const other = await t.other();
  const tallies = [analysisTally(), analysisTally()] as const;
  await Promise.all([
    analyzeContents(t.session, options, tallies[0], ended()),
    analyzeContents(other, options, tallies[1], ended()),
  ]);
  expect(tallies[0].done + tallies[1].done).toBe(SONGS);
  expect(await t.rows("select distinct analysis_attempts as n from contents")).toEqual([{ n: 0 }]);
});

test("claims of a run that ended are taken over; its late results change nothing", async () => {
  const dead = await t.session.query((sql) => startRun(sql, "dead", self));
  const claimed = await t.session.query((sql) => claim(sql, "split", dead, 5));
  expect(claimed.length).toBe(5);
  expect(await t.session.query((sql) => takeOver(sql, "split"))).toBe(0);
  await t.session.query((sql) => endRun(sql, dead));
  const tally = splitTally();
  const loop = splitContents(t.session, splitOptions(), tally, ended());
  await t.session.query((sql) => takeOver(sql, "split"));
  await loop;
  expect(tally.done).toBe(SONGS);
  const late = claimed.map(({ id }) => ({ contentId: id, parts: [] }));
  expect(await t.session.query((sql) => storeParts(sql, dead, "auto", late))).toBe(0);
  const failures = claimed.map(({ id }) => ({ id, error: "too late" }));
  expect(await t.session.query((sql) => fail(sql, "split", dead, failures))).toBe(0);
  expect(await states("split")).toEqual([{ state: "done", count: SONGS }]);
});

test("a lease that is over loses its claims though the run did not end", async () => {
  const silent = await t.session.query((sql) => startRun(sql, "silent", self));
  await t.session.query((sql) => claim(sql, "analysis", silent, 3));
  await t.rows(`update runs set expires_at = now() - interval '1 second' where id = ${silent.id}`);
  expect(await t.session.query((sql) => takeOver(sql, "analysis"))).toBe(3);
  expect(await states("analysis")).toEqual([{ state: "pending", count: SONGS }]);
});

test("release gives claims back as if they had never been taken", async () => {
  const claimed = await t.session.query((sql) => claim(sql, "analysis", t.session.run, 4));
  const ids = claimed.map(({ id }) => id);
  await t.session.query((sql) => release(sql, "analysis", t.session.run, ids));
  expect(await t.rows("select distinct analysis_attempts as n, analysis_state as state from contents")).toEqual([
    { n: 0, state: "pending" },
  ]);
});

test("a content that was in hand at several deaths is claimed alone and last, then given up", async () => {
  const die = async (limit: number) => {
    const run = await t.session.query((sql) => startRun(sql, "dies", self));
    const claimed = await t.session.query((sql) => claim(sql, "analysis", run, limit));
    await t.session.query((sql) => endRun(sql, run));
    await t.session.query((sql) => takeOver(sql, "analysis"));
    return claimed.map(({ id }) => id);
  };
  const dieAlone = async () => {
    const run = await t.session.query((sql) => startRun(sql, "dies", self));
    const claimed = await t.session.transact((sql) => claimSuspect(sql, "analysis", run));
    await t.session.query((sql) => endRun(sql, run));
    await t.session.query((sql) => takeOver(sql, "analysis"));
    return claimed.map(({ id }) => id);
  };
  expect(await dieAlone()).toEqual([]);
  for (let death = 0; death < 3; death++) expect(await die(2)).toEqual([1, 2]);
  expect(await die(2)).toEqual([3, 4]);
  await t.rows("update contents set analysis_state = 'done' where id > 1");
  expect(await die(2)).toEqual([]);
  for (let death = 3; death < 8; death++) expect(await dieAlone()).toEqual([1]);
  expect(await t.rows("select analysis_state as state, analysis_error as error from contents where id = 1")).toEqual([
    { state: "failed", error: "the process ended each of the 8 times it was worked on" },
  ]);
});

test("one suspect is in hand in the whole library at a time, whoever works in whatever phase", async () => {
  await t.rows("update contents set analysis_attempts = 3, split_attempts = 3 where id <= 5");
  const other = await t.other();
  const take = async (session: typeof other, phase: "analysis" | "split") =>
    (await session.transact((sql) => claimSuspect(sql, phase, session.run))).map(({ id }) => id);
  const [first, ...others] = await Promise.all([
    take(t.session, "analysis"),
    take(other, "analysis"),
    take(other, "split"),
    take(t.session, "split"),
  ]).then((all) => all.sort((a, b) => b.length - a.length));
  expect(first).toEqual([1]);
  expect(others).toEqual([[], [], []]);
  expect(await take(other, "split")).toEqual([]);
  for (const phase of ["analysis", "split"] as const) {
    for (const { run } of [t.session, other]) await t.session.query((sql) => release(sql, phase, run, [1]));
  }
  expect(await take(other, "split")).toEqual([1]);
  await t.session.query((sql) => release(sql, "split", other.run, [1]));
  const [analysis, split] = [analysisTally(), splitTally()];
  await Promise.all([
    analyzeContents(t.session, options, analysis, ended()),
    splitContents(other, splitOptions(), split, ended()),
  ]);
  expect([analysis.done, split.done]).toEqual([SONGS, SONGS]);
});

test("a result that the server refuses costs its content alone", async () => {
  await t.rows("alter table analyses add constraint refused check (content_id <> 4)");
  await t.rows("alter table parts add constraint refused check (content_id <> 5)");
  try {
    const [analysis, split] = [analysisTally(), splitTally()];
    await analyzeContents(t.session, options, analysis, ended());
    await splitContents(t.session, splitOptions(), split, ended());
    expect([analysis, split].map(({ done, failed }) => [done, failed])).toEqual(Array(2).fill([SONGS - 1, 1]));
    expect(
      await t.rows(
        "select id, coalesce(analysis_error, split_error) as error from contents where 'failed' in (analysis_state, split_state) order by id",
      ),
    ).toEqual([
      { id: 4, error: expect.stringMatching(/^cannot be stored: .*"refused"/) },
      { id: 5, error: expect.stringMatching(/^cannot be stored: .*"refused"/) },
    ]);
  } finally {
    await t.rows("alter table analyses drop constraint refused");
    await t.rows("alter table parts drop constraint refused");
  }
});

test("claims that got lost on the way back are found again", async () => {
  await t.session.query((sql) => claim(sql, "analysis", t.session.run, 5));
  const tally = analysisTally();
  await analyzeContents(t.session, options, tally, ended());
  expect(tally.done).toBe(SONGS);
});

test("a content whose places are all gone fails with that reason, and returns with a place", async () => {
  t.put({ "0.mid": song(1000) });
  await analyzeContents(t.session, options, analysisTally(), ended());
  const failed = await t.rows("select analysis_error as error from contents where analysis_state = 'failed'");
  expect(failed).toEqual([{ error: "none of its places holds it any more" }]);
  await t.import();
  expect(await t.rows("select analysis_state as state from contents where analysis_error is not null")).toEqual([
    { state: "not_applicable" },
  ]);
  t.put({ "back.mid": song(0) });
  await t.import();
  const tally = analysisTally();
  await analyzeContents(t.session, options, tally, ended());
  expect(tally).toMatchObject({ done: 2, failed: 0 });
});

test("a content whose file was away for a while is tried again when an import finds it unchanged", async () => {
  renameSync(join(t.source, "3.mid"), join(t.source, "3.away"));
  await analyzeContents(t.session, options, analysisTally(), ended());
  expect(await states("analysis")).toEqual([
    { state: "done", count: SONGS - 1 },
    { state: "failed", count: 1 },
  ]);
  renameSync(join(t.source, "3.away"), join(t.source, "3.mid"));
  expect(await t.import()).toMatchObject({ counts: { unchanged: SONGS } });
  await analyzeContents(t.session, options, analysisTally(), ended());
  expect(await states("analysis")).toEqual([{ state: "done", count: SONGS }]);
});

test("a source folder that vanished stops the phase and fails nothing", async () => {
  await t.rows("update roots set path = '/nowhere/at/all'");
  const analysis = analyzeContents(t.session, options, analysisTally(), ended());
  await expect(analysis).rejects.toThrow("Cannot read /nowhere/at/all: no such folder, expected a folder");
  expect(await states("analysis")).toEqual([{ state: "pending", count: SONGS }]);
});

test("a folder of parts that cannot be written stops the phase and marks nothing", async () => {
  t.put({ file: "" });
  const split = splitContents(t.session, { ...splitOptions(), out: `${t.source}/file/parts` }, splitTally(), ended());
  await expect(split).rejects.toThrow(/^Cannot write .*file/);
  expect(await states("split")).toEqual([{ state: "pending", count: SONGS }]);
});

test("an older analyser's results are done again, the same version's are not", async () => {
  await analyzeContents(t.session, options, analysisTally(), ended());
  await t.rows("update analyses set analyzer_version = 0 where content_id <= 3");
  const tally = analysisTally();
  await analyzeContents(t.session, options, tally, ended());
  expect(tally.done).toBe(3);
  const forced = analysisTally();
  await analyzeContents(t.session, { ...options, force: true }, forced, ended());
  expect(forced.done).toBe(SONGS);
});

test("cut another way, contents are cut again, with kits cut also those of one voice", async () => {
  await splitContents(t.session, splitOptions(), splitTally(), ended());
  const again = splitTally();
  await splitContents(t.session, { ...splitOptions(), by: "channel" }, again, ended());
  expect(again.done).toBe(SONGS);
  const kit = midi({ format: 0 }).track("Kit").channel(9).note(0, 10, 36).note(10, 10, 38).bytes();
  t.put({ "kit.mid": kit });
  await t.import();
  const drums = splitTally();
  await splitContents(t.session, { ...splitOptions(), drumsByNote: true }, drums, ended());
  expect(drums).toMatchObject({ done: SONGS + 1, counts: { parts: 2 * SONGS + 2 } });
  const same = splitTally();
  await splitContents(t.session, { ...splitOptions(), drumsByNote: true }, same, ended());
  expect(same.done).toBe(0);
});

test("a stop ends the loop and leaves nothing claimed", async () => {
  t.stop();
  const tally = analysisTally();
  await analyzeContents(t.session, options, tally, ended());
  expect(tally.done).toBe(0);
  expect(await t.session.query((sql) => backlog(sql, "analysis"))).toEqual({ pending: SONGS, claimed: 0 });
});
