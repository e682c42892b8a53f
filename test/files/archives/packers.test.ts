import { expect, setDefaultTimeout, test } from "bun:test";
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { archiveMembers } from "../../../lib/files/archives/archive-members.ts";
import { sha256 } from "../../../lib/files/sha256.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { rar } from "../../support/rar.ts";
import { song } from "../../support/tunes.ts";
import { zip } from "../../support/zip.ts";

setDefaultTimeout(60_000);

const home = temporaryFolder("packers");

/** What archives hold, by the machine's own packers: names of all kinds, links, files of one name. */
const LATIN1 = Buffer.concat([Buffer.from("in/caf"), Buffer.of(0xe9), Buffer.from(".mid")]);
const LONG = `in/${"long-".repeat(15)}/${"long-".repeat(15)}.mid`;
mkdirSync(join(home, "in", "deep er"), { recursive: true });
mkdirSync(dirname(join(home, LONG)));
writeFileSync(join(home, "in/a.mid"), song(1));
writeFileSync(join(home, "in/deep er/B.MID"), song(2));
writeFileSync(join(home, "in/ピアノ 🎹.kar"), song(3));
writeFileSync(join(home, LONG), song(4));
writeFileSync(Buffer.concat([Buffer.from(`${home}/`), LATIN1]), song(5));
writeFileSync(join(home, "in/readme.txt"), "no music");
linkSync(join(home, "in/a.mid"), join(home, "in/z hard.mid"));
symlinkSync("deep er/B.MID", join(home, "in/z soft.mid"));

const run = (command: string) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["bash", "-ec", command], { cwd: home, stdout: "pipe" });
  if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
  return stdout.toString("latin1");
};
const has = (packer: string) => Bun.which(packer) !== null;

interface Read {
  readonly members: [name: string, hash: string][];
  readonly passed: string[];
  readonly damaged: string[];
}

/** Members with the hashes of their bytes; links have those of what they lead to. */
async function read(name: string, more: { sniff?: boolean; maxBytes?: number } = {}): Promise<Read> {
  const hashes = new Map<string, string>();
  const passed: string[] = [];
  const damaged: string[] = [];
  const options = {
    maxBytes: 1 << 20,
    sniff: false,
    ...more,
    passed: (name: string) => void passed.push(name),
    damaged: (fault: string) => void damaged.push(fault),
    beat() {},
  };
  for await (const { name: member, bytes, error, sameAs } of archiveMembers(join(home, name), options)) {
    hashes.set(member, bytes ? sha256(bytes) : (error ?? hashes.get(sameAs!)!));
  }
  return { members: [...hashes].sort(), passed, damaged };
}

const everything = [
  ["in/a.mid", 1],
  ["in/deep er/B.MID", 2],
  ["in/ピアノ 🎹.kar", 3],
  [LONG, 4],
  ["in/caf\uf7e9.mid", 5],
  ["in/z hard.mid", 1],
  ["in/z soft.mid", 2],
]
  .map(([name, n]): [string, string] => [name as string, sha256(song(n as number))])
  .sort();

const TARS: readonly (readonly [string, string, string])[] = [
  ["gnu.tar", "tar --format=gnu -cf gnu.tar in", "tar"],
  ["pax.tar", "tar --format=posix -cf pax.tar in", "tar"],
  ["ustar.tar", "tar --format=ustar -cf ustar.tar in", "tar"],
  ["packed.tar.gz", "tar -czf packed.tar.gz in", "gzip"],
  ["packed.tgz", "tar -czf packed.tgz in", "gzip"],
  ["packed.tar.bz2", "tar -cjf packed.tar.bz2 in", "bzip2"],
  ["packed.tbz2", "tar -cjf packed.tbz2 in", "bzip2"],
  ["packed.tar.xz", "tar -cJf packed.tar.xz in", "xz"],
  ["packed.tar.zst", "tar --zstd -cf packed.tar.zst in", "zstd"],
  ["plain.tar.gz", "tar -cf plain.tar.gz in", "tar"],
  ["packed.tar", "tar -cf - in | gzip > packed.tar", "gzip"],
];

for (const [name, command, packer] of TARS) {
  test.skipIf(!has(packer))(`${name}: every member that tar lists, with its bytes`, async () => {
    run(command);
    const { members, passed, damaged } = await read(name);
    expect(members).toEqual(everything);
    expect({ passed, damaged }).toEqual({ passed: ["in/readme.txt"], damaged: [] });
    const listed = run(`tar -tf ${name} --quoting-style=literal | grep -ci "\\.\\(mid\\|kar\\)$"`);
    expect(Number(listed)).toBe(members.length);
  });
}

test("files of one name are all there, as tar has them", async () => {
  run(
    "cp in/a.mid same.mid && tar -cf same.tar same.mid && cp 'in/deep er/B.MID' same.mid && tar -rf same.tar same.mid",
  );
  expect((await read("same.tar")).members).toEqual([
    ["same (2).mid", sha256(song(2))],
    ["same.mid", sha256(song(1))],
  ]);
  expect(run("tar -tf same.tar").split("\n").filter(Boolean)).toHaveLength(2);
});

test.skipIf(!has("zip"))("zip: every member that unzip lists, links too", async () => {
  run("zip -qry packed.zip in");
  const { members, passed } = await read("packed.zip");
  expect(members.map(([, hash]) => hash).sort()).toEqual(everything.map(([, hash]) => hash).sort());
  expect(members.map(([name]) => name)).toContain("in/ピアノ 🎹.kar");
  expect(passed).toEqual(["in/readme.txt"]);
  expect(Number(run('unzip -Z1 packed.zip | grep -ci "\\.\\(mid\\|kar\\)$"'))).toBe(members.length);
});

test.skipIf(!has("7z"))("7z: every member, solid or not", async () => {
  run("mkdir -p plain && cp in/a.mid in/*.kar in/readme.txt plain/ && 7z a -bso0 -bsp0 solid.7z plain");
  run("7z a -bso0 -bsp0 -ms=off -mhe=off apart.7z plain && 7z a -bso0 -bsp0 -psecret locked.7z plain");
  const expected: [string, string][] = [
    ["plain/a.mid", sha256(song(1))],
    ["plain/ピアノ 🎹.kar", sha256(song(3))],
  ];
  for (const name of ["solid.7z", "apart.7z"]) {
    expect(await read(name)).toEqual({ members: expected, passed: ["plain/readme.txt"], damaged: [] });
  }
  expect((await read("locked.7z")).members.map(([, said]) => said)).toEqual(["encrypted", "encrypted"]);
});

test("rar: every member, with names in the code pages of old", async () => {
  const entries = [
    { name: "songs\\a.mid", bytes: song(1) },
    { name: Buffer.from("caf\x82.mid", "latin1"), bytes: song(2) },
    { name: Buffer.from("837383418380.2e6d6964".replace(".", ""), "hex"), bytes: song(3) },
    { name: "readme.txt", bytes: Buffer.from("no music") },
  ];
  writeFileSync(join(home, "packed.rar"), rar(entries));
  const { members, passed } = await read("packed.rar");
  expect(members).toEqual([
    ["café.mid", sha256(song(2))],
    ["songs/a.mid", sha256(song(1))],
    ["ピアム.mid", sha256(song(3))],
  ]);
  expect(passed).toEqual(["readme.txt"]);
  const inFirst = 7 + 13 + 32 + "songs\\a.mid".length + 20;
  writeFileSync(join(home, "torn.rar"), rar(entries).subarray(0, inFirst));
  expect(JSON.stringify(await read("torn.rar").catch((error: Error) => error.message))).toMatch(/annot unpack: /);
});

test("single files that are compressed hold one member", async () => {
  run("cp in/a.mid one.mid && gzip -k one.mid && bzip2 -k one.mid && xz -k one.mid && zstd -q one.mid");
  for (const ending of ["gz", "bz2", "xz", "zst"]) {
    expect((await read(`one.mid.${ending}`)).members).toEqual([["one.mid", sha256(song(1))]]);
  }
  writeFileSync(join(home, "bomb.mid.gz"), Bun.gzipSync(new Uint8Array(3 << 20)));
  expect((await read("bomb.mid.gz")).members).toEqual([["bomb.mid", "more than the limit of 1048576 bytes"]]);
  writeFileSync(join(home, "other.tar.gz"), Bun.gzipSync(Buffer.from("<html>not found</html>")));
  await expect(read("other.tar.gz")).rejects.toThrow("Cannot unpack: no header of tar in it, expected a tar archive");
});

test("archives in archives of the other kind are opened", async () => {
  run("mkdir -p nest && cp in/a.mid nest/ && tar -czf nest/in.tgz in && 7z a -bso0 -bsp0 nest/in.7z plain");
  writeFileSync(join(home, "nest/in.zip"), zip([{ name: "x.mid", bytes: song(7) }]));
  writeFileSync(join(home, "nest/bad.zip"), "no zip at all");
  run("tar -cf nest.tar nest");
  const { members } = await read("nest.tar");
  expect(members.map(([name]) => name)).toEqual(
    [
      "nest/a.mid",
      "nest/bad.zip",
      ...everything.map(([name]) => `nest/in.tgz!/${name}`),
      "nest/in.7z!/plain/a.mid",
      "nest/in.7z!/plain/ピアノ 🎹.kar",
      "nest/in.zip!/x.mid",
    ].sort(),
  );
  expect(Object.fromEntries(members)["nest/bad.zip"]).toMatch(/^cannot unpack: /);
});

test("with sniff, members of any name that begin as MIDI files do", async () => {
  run(
    "mkdir -p any && cp in/a.mid any/song && cp in/a.mid any/song.bin && cp in/readme.txt any/ && tar -cf any.tar any && zip -qr any.zip any",
  );
  for (const name of ["any.tar", "any.zip"]) {
    const { members, passed } = await read(name, { sniff: true });
    expect(members.map(([member]) => member)).toEqual(["any/song", "any/song.bin"]);
    expect(passed).toEqual(["any/readme.txt"]);
    expect((await read(name)).members).toEqual([]);
  }
});

test("a damaged header of tar is named, and what stands behind it is read", async () => {
  const bytes = readFileSync(join(home, "gnu.tar"));
  const whole = (await read("gnu.tar")).members.length;
  let lost = 0;
  for (let at = 0; at < bytes.length; at += 512) {
    if (bytes.toString("latin1", at + 257, at + 262) !== "ustar") continue;
    const torn = Buffer.from(bytes);
    torn[at + 148]! ^= 1;
    writeFileSync(join(home, "torn.tar"), torn);
    const { members, damaged } = await read("torn.tar");
    expect(damaged).toEqual([expect.stringMatching(new RegExp(`^damaged tar header at byte ${at}, `))]);
    lost = Math.max(lost, whole - members.length);
  }
  expect(lost).toBe(1);
});

test("an archive that ends too early gives what stands before", async () => {
  const bytes = readFileSync(join(home, "pax.tar"));
  for (const end of [bytes.length - 10_240, 5_000, 700]) {
    writeFileSync(join(home, "short.tar"), bytes.subarray(0, end));
    const said = await read("short.tar").catch((error: Error) => error.message);
    if (typeof said === "string") expect(said).toMatch(/^Cannot unpack: /);
  }
});

test("bombs of tar and gzip are refused", async () => {
  run("mkdir -p zeros && for i in 1 2 3 4; do truncate -s 20M zeros/$i.mid; done && tar -czf bomb.tgz zeros");
  await expect(read("bomb.tgz", { maxBytes: 64 << 20 })).rejects.toThrow("grows more than 200-fold, as a bomb does");
  run("tar -cjf bomb.tbz2 zeros && tar -cJf bomb.txz zeros && tar --zstd -cf bomb.tzst zeros");
  for (const name of ["bomb.tbz2", "bomb.txz", "bomb.tzst"]) {
    await expect(read(name, { maxBytes: 64 << 20 })).rejects.toThrow("grows more than 200-fold, as a bomb does");
  }
  run("7z a -bso0 -bsp0 bomb.7z zeros");
  await expect(read("bomb.7z", { maxBytes: 64 << 20 })).rejects.toThrow("grows more than 200-fold, as a bomb does");
});
