import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { isArchiveName, isMidiName } from "../../lib/files/formats.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { analysisTally, analyzeContents } from "../../lib/phases/analyze-contents.ts";
import { splitContents, splitTally } from "../../lib/phases/split-contents.ts";
import { createBell } from "../../lib/phases/wake-up.ts";
import { rar } from "../support/rar.ts";
import { tar } from "../support/tar.ts";
import { song } from "../support/tunes.ts";
import { zip } from "../support/zip.ts";
import { openTestSession, type TestSession } from "./open-session.ts";

/*
 * Folders of whatever may arrive, seeded: names, times, contents and archives that are whole or damaged. All phases end
 * in good order, every song that stands there whole is in the library, and everything bad is named. FUZZ_ROUNDS and
 * FUZZ_SEED try more.
 */

setDefaultTimeout(600_000);
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 2);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

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

/** Mulberry32. */
function dice(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return { below, of: <T>(all: readonly T[]): T => all[below(all.length)]!, odds: (share: number) => next() < share };
}
type Dice = ReturnType<typeof dice>;

const LETTERS = [
  "a",
  "Z",
  "é",
  "ß",
  "ピ",
  "🎹",
  "\u202e",
  "\x1b[31m",
  "'",
  '"',
  "%",
  "\\",
  " ",
  "..",
  "\n",
  "#",
  "\u0301",
];
const BYTES = [0x00, 0x82, 0xe9, 0xff, 0xfe, 0xc3, 0x5c, 0x83, 0x73];

/** A name in an archive, as bytes; now and then one that is very long, or holds what no text holds. */
function memberName({ below, of, odds }: Dice, ending: string): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i < 1 + below(6); i++) {
    parts.push(odds(0.3) ? Buffer.of(of(BYTES)) : Buffer.from(of(LETTERS)));
    if (odds(0.15)) parts.push(Buffer.from("/"));
  }
  if (odds(0.03)) parts.push(Buffer.from(Array.from({ length: 3500 }, () => 97 + below(26))));
  return Buffer.concat([Buffer.from(`${below(1e6)}`), ...parts, Buffer.from(ending)]);
}

/** A name for the disk: no NUL, no slash, not too long. */
const fileName = ({ below, of }: Dice, ending: string) =>
  `${below(1e6)}${Array.from({ length: below(5) }, () => of(LETTERS.filter((letter) => letter !== ".."))).join("")}${ending}`;

/** Bytes of a song that were cut, changed, or are something else. */
function damaged({ below, of }: Dice, bytes: Uint8Array): Uint8Array {
  const kind = below(5);
  if (kind === 0) return bytes.slice(0, below(bytes.length));
  if (kind === 1) return Buffer.from(of(["", "<html>", "GIF89a", "\0\0\0\0", "MThd", "RIFF\0\0\0\0RMID"]));
  if (kind === 2) return Uint8Array.from({ length: below(300) }, () => below(256));
  const copy = bytes.slice();
  for (let i = 0; i < 1 + below(8); i++) copy[below(copy.length)] = below(256);
  return copy;
}

const PACKERS = ["zip", "tar", "tgz", "rar"] as const;

function pack(
  kind: (typeof PACKERS)[number],
  members: readonly { name: Buffer; bytes: Uint8Array; modified: number }[],
) {
  if (kind === "zip") return zip(members);
  if (kind === "rar") return rar(members);
  return kind === "tar" ? tar(members) : gzipSync(tar(members));
}

for (let round = 0; round < ROUNDS; round++) {
  test(`whatever arrives, every whole song is imported and everything bad is named (seed ${SEED + round})`, async () => {
    const roll = dice(SEED + round);
    const { below, of, odds } = roll;
    const good = new Map<string, string>();
    let next = round * 100_000;
    for (let i = 0; i < 60; i++) {
      const whole = song(next++);
      if (odds(0.6)) {
        const isGood = odds(0.7);
        const name = fileName(roll, of([".mid", ".KAR", ".smf"]));
        t.put({ [`${of(["", "x/", "é/ü/"])}${name}`]: isGood ? whole : damaged(roll, whole) });
        if (isGood) good.set(sha256(whole), name);
        continue;
      }
      const kind = of(PACKERS);
      const members = Array.from({ length: 1 + below(12) }, () => {
        const name = memberName(roll, of([".mid", ".kar", ".txt", ""]));
        const isGood = odds(0.8);
        const bytes = song(next++);
        return { name, bytes: isGood ? bytes : damaged(roll, bytes), modified: of([0, 1e9, 2 ** 33, 2 ** 44]), isGood };
      });
      let bytes: Uint8Array = pack(kind, members);
      const broken = odds(0.25);
      if (broken) bytes = damaged(roll, bytes);
      const path = `${of(["", "packs/"])}${fileName(roll, `.${of([kind, "zip", "tar.gz"])}`)}`;
      t.put({ [path]: bytes });
      if (odds(0.2)) utimesSync(join(t.source, path), of([0, 2 ** 31, 2 ** 33]), of([0, 2 ** 31, 2 ** 33]));
      if (!broken) {
        for (const { name, bytes, isGood } of members) {
          const base = name.toString("latin1");
          if (isGood && isMidiName(base) && name.length < 2000 && !(kind !== "zip" && name.includes(0)))
            good.set(sha256(bytes), `${kind} ${JSON.stringify(base)}`);
        }
      }
    }
    const tally = await t.import();
    const stored = new Set((await t.rows("select encode(sha256, 'hex') as hash from contents")).map((row) => row.hash));
    expect([...good].filter(([hash]) => !stored.has(hash))).toEqual([]);
    expect(tally.done).toBeGreaterThanOrEqual(good.size);
    const unnamed = await t.rows(
      "select path, member from files where state not in ('present', 'part', 'archive') and coalesce(error, '') = ''",
    );
    expect(unnamed).toEqual([]);
    expect(await t.rows("select id from contents where status = 'rejected' and coalesce(error, '') = ''")).toEqual([]);
    const [files] = await t.rows("select count(*)::int as n from files where member = ''");
    const named = t.lines.length;
    const walked = [...new Bun.Glob("**/*").scanSync({ cwd: t.source, dot: false })].filter(
      (path) => isMidiName(path) || isArchiveName(path),
    );
    expect((files!.n as number) + named).toBeGreaterThanOrEqual(walked.length);
    const feed = () => ({ ended: true, bell: createBell() });
    const options = { force: false, retryFailed: false, maxBytes: 1 << 20 };
    await analyzeContents(t.session, options, analysisTally(), feed());
    await splitContents(t.session, { ...options, by: "auto", drumsByNote: false }, splitTally(), feed());
    const unended = "analysis_state in ('pending', 'claimed') or split_state in ('pending', 'claimed')";
    expect(await t.rows(`select id from contents where ${unended}`)).toEqual([]);
    const again = await t.import();
    expect(again).toMatchObject({ done: 0, counts: { new: 0, gone: 0 } });
  });
}
