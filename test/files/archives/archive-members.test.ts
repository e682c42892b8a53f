import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { archiveMembers } from "../../../lib/files/archives/archive-members.ts";
import { unpack } from "../../../lib/jobs/unpack-archive.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { song } from "../../support/tunes.ts";
import { type ZipEntry, zip } from "../../support/zip.ts";

setDefaultTimeout(60_000);

const folder = temporaryFolder("archive");

const options = { maxBytes: 100_000, sniff: false, passed() {}, damaged() {}, beat() {} };

async function members(bytes: Uint8Array, name = "pack.zip") {
  writeFileSync(join(folder, name), bytes);
  const found: [string, number | string][] = [];
  for await (const { name: member, bytes, error, sameAs } of archiveMembers(join(folder, name), options)) {
    found.push([member, error ?? bytes?.length ?? `= ${sameAs}`]);
  }
  return found;
}

const entry = (name: string | Uint8Array, more: Partial<ZipEntry> = {}) => ({ name, bytes: song(1), ...more });
const size = song(1).length;

test("archiveMembers hands out MIDI files and nothing else", async () => {
  const names = ["a.mid", "b/C.KAR", "b/readme.txt", "._a.mid", "__MACOSX/a.mid", ".git/a.mid", "d/"];
  expect(await members(zip(names.map((name) => entry(name))))).toEqual([
    ["a.mid", size],
    ["b/C.KAR", size],
  ]);
});

test("archiveMembers opens archives in archives, three deep", async () => {
  const nested = (depth: number): Uint8Array =>
    zip(depth === 0 ? [entry("x.mid")] : [{ name: "in.zip", bytes: nested(depth - 1) }]);
  expect(await members(nested(2))).toEqual([["in.zip!/in.zip!/x.mid", size]]);
  expect(await members(nested(3))).toEqual([["in.zip!/in.zip!/in.zip", "an archive inside 3 archives"]]);
});

test("archiveMembers names what it refuses: encrypted, too large", async () => {
  const large = { name: "large.mid", bytes: new Uint8Array(100_001) };
  expect(await members(zip([entry("locked.mid", { encrypted: true }), large, entry("x.mid")]))).toEqual([
    ["locked.mid", "encrypted"],
    ["large.mid", "100001 bytes, more than the limit of 100000"],
    ["x.mid", size],
  ]);
});

test("archiveMembers takes no more memory than a member states", async () => {
  const liar = { name: "liar.mid", bytes: new Uint8Array(1e6), statedSize: 100 };
  const [found] = await members(zip([liar]));
  expect(found![1]).toMatch(/^cannot unpack: .*bytes/);
});

test("archiveMembers gives members of one name a name each", async () => {
  const twins = [entry("a.mid"), entry("a.mid"), entry("a (2).mid"), entry("b/a.mid")];
  const names = (await members(zip(twins))).map(([name]) => name);
  expect(names).toEqual(["a.mid", "a (2).mid", "a (2) (2).mid", "b/a.mid"]);
});

test("archiveMembers hands out no member whose checksum is wrong, and those beside it", async () => {
  expect(await members(zip([entry("torn.mid", { statedCrc: 1 }), entry("x.mid")]))).toEqual([
    ["torn.mid", "cannot unpack: the checksum is wrong"],
    ["x.mid", size],
  ]);
});

test.each(["tar", "tar.gz", "zip"])("archiveMembers opens a .%s whose name is no UTF-8", async (extension) => {
  const bytes = extension === "zip" ? zip([entry("a.mid")]) : await tar({ "a.mid": song(1) }, extension === "tar.gz");
  writeFileSync(Buffer.from(join(folder, `caf\xe9.${extension}`), "latin1"), bytes);
  const found = await Array.fromAsync(archiveMembers(join(folder, `caf\uf7e9.${extension}`), options));
  expect(found.map(({ name, error }) => [name, error])).toEqual([["a.mid", null]]);
});

async function tar(files: Record<string, Uint8Array>, packed: boolean): Promise<Uint8Array> {
  const bytes = await new Bun.Archive(files).bytes();
  return packed ? Bun.gzipSync(bytes as Uint8Array<ArrayBuffer>) : bytes;
}

test("archiveMembers refuses a bomb by its ratio", async () => {
  const bomb = Array.from({ length: 800 }, (_, i) => ({ name: `${i}.mid`, bytes: new Uint8Array(100_000) }));
  await expect(members(zip(bomb))).rejects.toThrow("Cannot unpack: it grows more than 200-fold, as a bomb does");
});

test("archiveMembers takes names as they are: nothing is written by them", async () => {
  const odd = [entry("../../etc/x.mid"), entry("/abs.mid"), entry(Buffer.from("caf\xe9.mid", "latin1"))];
  expect((await members(zip(odd))).map(([name]) => name)).toEqual(["../../etc/x.mid", "/abs.mid", "café.mid"]);
});

test("archiveMembers says what is wrong with a broken archive", async () => {
  await expect(members(zip([entry("a.mid")]).subarray(0, 60))).rejects.toThrow(/^Cannot unpack: /);
  await expect(members(new Uint8Array(), "empty.tar.gz")).rejects.toThrow(/^Cannot unpack: /);
});

test("unpack tells an archive that is broken from one that cannot be read at the moment", async () => {
  writeFileSync(join(folder, "broken.zip"), "no zip");
  const context = { maxBytes: 100_000, sniff: false, dataDir: folder, checkedBytes: 1 << 20 };
  const broken = await unpack({ path: join(folder, "broken.zip") }, context, () => {});
  expect(broken).toMatchObject({ unreadable: false, error: expect.stringMatching(/^Cannot unpack: /) });
  for (const name of ["away.zip", "away.tar", "away.tgz", "caf\uf7e9.zip"]) {
    const away = await unpack({ path: join(folder, "away", name) }, context, () => {});
    expect(away).toMatchObject({ members: [], error: "no such file", unreadable: true });
  }
});
