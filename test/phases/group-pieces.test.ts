import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { analysisTally, analyzeContents } from "../../lib/phases/analyze-contents.ts";
import { groupsOf } from "../../lib/phases/group-pieces.ts";
import { importFolder } from "../../lib/phases/import-folder.ts";
import { importTally } from "../../lib/phases/import-tally.ts";
import { createBell } from "../../lib/phases/wake-up.ts";
import { seeded } from "../../scripts/bench/mutate.ts";
import { midi } from "../support/midi-builder.ts";
import { openTestSession, type TestSession } from "./open-session.ts";

setDefaultTimeout(60_000);

let t: TestSession;
beforeAll(async () => {
  t = await openTestSession();
});
afterAll(() => t.close());

interface Hands {
  readonly transposed?: number;
  readonly stretched?: number;
  readonly jitter?: number;
}

/** A tune of 300 notes that `seed` makes up, over a bass, as other hands may play it. */
function tune(seed: number, { transposed = 0, stretched = 1, jitter = 0 }: Hands = {}): Uint8Array {
  const random = seeded(seed);
  const hand = seeded(seed + 1000);
  const shift = () => Math.round((hand() - 0.5) * jitter);
  const file = midi().track().program(0, 73);
  let pitch = 72;
  let tick = 480;
  for (let n = 0; n < 300; n++) {
    pitch = Math.max(60, Math.min(84, pitch + [-5, -4, -2, -1, 0, 1, 2, 3, 5, 7][Math.floor(random() * 10)]!));
    const length = [120, 240, 240, 480][Math.floor(random() * 4)]!;
    file.note(Math.round(tick * stretched) + shift(), Math.round(length * stretched * 0.8), pitch + transposed);
    if (n % 4 === 0)
      file.note(Math.round(tick * stretched), Math.round(400 * stretched), 48 + transposed - (n % 3) * 2);
    tick += length;
  }
  return file.bytes();
}

const put = (name: string, bytes: Uint8Array) => writeFileSync(join(t.source, name), bytes);

async function run(): Promise<void> {
  await importFolder(t.session, { source: t.source, maxBytes: 1 << 20 }, importTally());
  const options = { force: false, retryFailed: false, maxBytes: 1 << 20 };
  await analyzeContents(t.session, options, analysisTally(), { ended: true, bell: createBell() });
}

const groups = () =>
  t.rows("select array_agg(title order by title) as titles from library group by piece_group order by 1");
const titles = async () => (await groups()).map(({ titles }) => titles);

test("pieces in other hands share a group, other pieces do not", async () => {
  put("a.mid", tune(1));
  put("b.mid", tune(2));
  put("c.mid", tune(3));
  await run();
  expect(await titles()).toEqual([["a"], ["b"], ["c"]]);
  put("a higher.mid", tune(1, { transposed: 3 }));
  put("a slower.mid", tune(1, { stretched: 1.7 }));
  put("b played.mid", tune(2, { jitter: 14 }));
  await run();
  expect(await titles()).toEqual([["a", "a higher", "a slower"], ["b", "b played"], ["c"]]);
});

test("a group keeps its number as pieces come and go; what is gone is not shown", async () => {
  const before = await t.rows("select title, piece_group from library order by title");
  unlinkSync(join(t.source, "b played.mid"));
  put("a lower.mid", tune(1, { transposed: -4 }));
  await run();
  const after = await t.rows("select title, piece_group from library order by title");
  const still = before.filter(({ title }) => title !== "b played");
  expect(after.filter(({ title }) => title !== "a lower")).toEqual(still);
  const near = await t.rows("select contents from near_duplicates where same = 'piece'");
  expect(near).toEqual([]);
  expect(await t.rows("select contents from near_duplicates where same = 'tune'")).toEqual([{ contents: 4 }]);
});

test("groupsOf joins two groups under the smaller number when a piece is alike both", () => {
  const candidates = [
    { id: 9, other: 2, fingerprint: null, group: 2 },
    { id: 9, other: 5, fingerprint: null, group: 4 },
    { id: 10, other: 9, fingerprint: null, group: null },
  ];
  const { groups, merged } = groupsOf(
    new Map([
      [9, null],
      [10, null],
      [11, null],
    ]),
    candidates,
  );
  expect([...groups]).toEqual([
    [9, 2],
    [10, 2],
    [11, 11],
  ]);
  expect([...merged]).toEqual([[4, 2]]);
});
