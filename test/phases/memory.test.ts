import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { memoryBudget } from "../../lib/crew/memory-budget.ts";
import { analysisTally, analyzeContents } from "../../lib/phases/analyze-contents.ts";
import { importFolder } from "../../lib/phases/import-folder.ts";
import { importTally } from "../../lib/phases/import-tally.ts";
import type { Session } from "../../lib/phases/session.ts";
import { splitContents, splitTally } from "../../lib/phases/split-contents.ts";
import { createBell } from "../../lib/phases/wake-up.ts";
import { midi } from "../support/midi-builder.ts";
import { song } from "../support/tunes.ts";
import { zip } from "../support/zip.ts";
import { openTestSession, type TestSession } from "./open-session.ts";

setDefaultTimeout(60_000);

let t: TestSession;
beforeAll(async () => {
  t = await openTestSession();
});
afterAll(() => t.close());

/** A song of two voices with so many notes in each. */
function long(notes: number): Uint8Array {
  const file = midi().track("Bass");
  for (let i = 0; i < notes; i++) file.note(i * 10, 9, 40 + (i % 40));
  const lead = file.track("Lead").channel(1);
  for (let i = 0; i < notes; i++) lead.note(i * 10, 9, 60 + (i % 30));
  return lead.bytes();
}

const small = song(1);
const large = long(300);
const huge = long(1500);

/** A session whose budget calls `large` large and `huge` too much; it hears which files are worked on alone. */
function tight(alone: string[]): Session {
  const { crew } = t.session;
  return {
    ...t.session,
    memory: { ...memoryBudget(2 ** 30, 2), ordinaryBytes: small.length + 10, largestBytes: large.length + 10 },
    crew: {
      ...crew,
      runAlone(job, item, context, stop) {
        alone.push(job);
        return crew.runAlone(job, item, context, stop);
      },
    },
  };
}

test("large files are worked on alone, those that do not fit are refused with the reason, in all phases", async () => {
  t.put({ "a.mid": small, "b.mid": large, "c.mid": huge, "d.mid": song(2) });
  t.put({
    "pack.zip": zip([
      { name: "e.mid", bytes: long(299) },
      { name: "f.mid", bytes: long(1501) },
    ]),
  });
  const alone: string[] = [];
  const session = tight(alone);
  const tally = importTally();
  await importFolder(session, { source: t.source, maxBytes: 1 << 20 }, tally);
  expect(tally).toMatchObject({ done: 4, failed: 2, counts: { new: 4, unreadable: 2, archives: 1 } });
  expect(alone).toEqual(["check", "check"]);
  expect(await t.rows("select path, member, error from files where state = 'unreadable' order by 1, 2")).toEqual([
    { path: "c.mid", member: "", error: expect.stringMatching(/ bytes need up to \d+ MB of memory/) },
    { path: "pack.zip", member: "f.mid", error: expect.stringMatching(/ bytes need up to \d+ MB of memory/) },
  ]);
  const feed = () => ({ ended: true, bell: createBell() });
  const options = { force: false, retryFailed: false, maxBytes: 1 << 20 };
  const [analysis, split] = [analysisTally(), splitTally()];
  await analyzeContents(session, options, analysis, feed());
  await splitContents(session, { ...options, by: "auto", drumsByNote: false }, split, feed());
  expect([analysis.done, split.done]).toEqual([4, 4]);
  expect(alone.slice(2).sort()).toEqual(["analyze", "analyze", "split", "split"]);
  const again = importTally();
  await importFolder(t.session, { source: t.source, maxBytes: 1 << 20 }, again);
  expect(again).toMatchObject({ done: 1, counts: { new: 1, unchanged: 4 } });
});

test("with more memory, a member that did not fit is there when its archive is read again", async () => {
  await t.rows("update files set size = 0 where state = 'archive'");
  const tally = importTally();
  await importFolder(t.session, { source: t.source, maxBytes: 1 << 20 }, tally);
  expect(tally).toMatchObject({ failed: 0, counts: { new: 1, archives: 1 } });
});
