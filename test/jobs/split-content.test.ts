import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CannotWrite } from "../../lib/files/cannot-write.ts";
import type { ContentItem } from "../../lib/files/content-bytes.ts";
import { storeParts } from "../../lib/files/parts-folder.ts";
import { PARTS_MARKER, walk } from "../../lib/files/walk.ts";
import { type SplitMode, splitBytes, variantOf } from "../../lib/jobs/split-bytes.ts";
import { splitContent } from "../../lib/jobs/split-content.ts";
import { readSmf } from "../midi/split/read-smf.ts";
import { midi } from "../support/midi-builder.ts";
import { manyVoices, sha256 } from "./split-songs.ts";

setDefaultTimeout(60_000);

let home: string;
let out: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "midiworks-split-"));
  out = join(home, "parts");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const duet = midi().track("Bass").note(0, 9, 40).track("Lead").channel(1).note(0, 9, 70).bytes();

/** Splits and stores at once, as `splitContent` does with the bytes it opens. */
function split(bytes: Uint8Array, name = "Duet", how: Partial<SplitMode> = {}) {
  const mode = { by: "auto", drumsByNote: false, ...how } as const;
  const parts = splitBytes(bytes, mode);
  const files = parts.map(({ fileName, bytes, sha256 }) => ({ name: fileName, bytes: bytes.slice(), sha256 }));
  const paths = storeParts(out, { name, sha256: sha256(bytes), variant: variantOf(mode) }, files);
  return parts.map((part, at) => ({ ...part, bytes: files[at]!.bytes, path: paths[at]! }));
}

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(folder, path)).isFile());
const midiFiles = (folder: string) =>
  files(folder)
    .filter((path) => path.endsWith(".mid"))
    .sort();
/** Which file stands under each name, and since when. */
const identities = (folder: string) =>
  files(folder).map((path) => [path, statSync(join(folder, path)).ino, statSync(join(folder, path)).mtimeMs]);

test("split stores the parts under the source's name and hash, and tells what they are", () => {
  const parts = split(duet);
  const tag = sha256(duet).slice(0, 8);
  expect(parts.map((part) => part.path)).toEqual([
    `${tag.slice(0, 2)}/Duet [${tag}]/01 Bass.mid`,
    `${tag.slice(0, 2)}/Duet [${tag}]/02 Lead.mid`,
  ]);
  for (const part of parts) {
    const bytes = readFileSync(join(out, part.path));
    expect(readSmf(bytes).tracks).toHaveLength(2);
    expect(bytes.equals(part.bytes)).toBe(true);
    expect(part).toMatchObject({ sha256: sha256(bytes), noteCount: 1, drum: false });
  }
  expect(parts.map(({ number, track, channel, name }) => [number, track, channel, name])).toEqual([
    [1, 0, 0, "Bass"],
    [2, 1, 1, "Lead"],
  ]);
});

test("split: a part without a track name takes its instrument's, and its channel where a track was cut", () => {
  const file = midi({ format: 0 }).track("My Song");
  file.program(0, 33).note(0, 9, 40).channel(9).note(0, 9, 36).channel(2).note(0, 9, 60);
  const names = split(file.bytes()).map((part) => part.path.split("/").at(-1));
  expect(names).toEqual(["01 Electric Bass (finger) ch1.mid", "02 Track 1 ch3.mid", "03 Drums ch10.mid"]);
});

test("split: names from the file are safe on every file system", () => {
  const track = (name: string) => midi().track(name).note(0, 9, 40).track("x").channel(1).note(0, 9, 40).bytes();
  const named = (name: string) => split(track(name))[0]!.path.split("/").at(-1)!;
  expect(named("../../etc/passwd")).toBe("01 etc passwd.mid");
  expect(named('a<b>:"c"|d?*\\\u0007e')).toBe("01 a b c d e.mid");
  expect(named("...")).toBe("01 Track 1.mid");
  expect(named("cafe\u0301")).toBe("01 caf\u00e9.mid");
  expect(named("\u202egnp.exe\u200b")).toBe("01 gnp.exe.mid");
  expect(Buffer.byteLength(named("ピアノ".repeat(200)))).toBeLessThanOrEqual(96);
  expect(named("👩🏽".repeat(40))).toMatch(/^01 (👩🏽)+\.mid$/u);
});

test("split: a source's name makes a safe folder, also a device's or one that is no UTF-8", () => {
  const folder = (name: string) =>
    split(duet, name)[0]!
      .path.split("/")[1]!
      .replace(/ \[[0-9a-f]{8}\]$/, "");
  expect(folder("CON")).toBe("CON_");
  expect(folder("aux.old")).toBe("aux.old_");
  expect(folder("..")).toBe("untitled");
  expect(folder("Ren\uf7e9 \uf700")).toBe("René");
  expect(Buffer.byteLength(folder("ÄÖ".repeat(200)))).toBeLessThanOrEqual(102);
});

test("split: sources of one name, and ways to cut one source, have places of their own", () => {
  const other = midi().track("Bass").note(0, 9, 41).track("Lead").channel(1).note(0, 9, 70).bytes();
  const all = [
    split(duet),
    split(other),
    split(duet, "Duet", { by: "channel" }),
    split(duet, "Duet", { drumsByNote: true }),
  ];
  expect(new Set(all.flat().map((part) => part.path.toLowerCase())).size).toBe(8);
  expect(new Set(all.map((parts) => dirname(parts[0]!.path))).size).toBe(4);
});

test("split again writes nothing", () => {
  const first = split(duet);
  const before = identities(out);
  expect(split(duet)).toEqual(first);
  expect(identities(out)).toEqual(before);
});

test("split puts back what is missing and heals what a power cut tore", () => {
  const bytes = manyVoices(1);
  const parts = split(bytes);
  const at = (n: number) => join(out, parts[n]!.path);
  const whole = parts.map((_, n) => readFileSync(at(n)));
  rmSync(at(0));
  truncateSync(at(1), 30);
  truncateSync(at(2), 0);
  writeFileSync(at(3), Buffer.concat([whole[3]!.subarray(0, 30), Buffer.alloc(whole[3]!.length - 30)]));
  expect(split(bytes)).toEqual(parts);
  expect(parts.map((_, n) => readFileSync(at(n)))).toEqual(whole);
  expect(midiFiles(out)).toHaveLength(8);
});

test("split never touches a file, link or folder that is not ours", () => {
  const [bass, lead] = split(duet);
  writeFileSync(join(out, bass!.path), "somebody's own");
  rmSync(join(out, lead!.path));
  symlinkSync(join(home, "elsewhere.mid"), join(out, lead!.path));
  const again = split(duet);
  expect(again.map((part) => part.path)).toEqual([
    bass!.path.replace(".mid", ` ${bass!.sha256.slice(0, 8)}.mid`),
    lead!.path.replace(".mid", ` ${lead!.sha256.slice(0, 8)}.mid`),
  ]);
  expect(readFileSync(join(out, bass!.path), "utf8")).toBe("somebody's own");
  expect(existsSync(join(home, "elsewhere.mid"))).toBe(false);
  expect(again.map((part) => sha256(readFileSync(join(out, part.path))))).toEqual(again.map((part) => part.sha256));

  const folder = join(out, dirname(bass!.path));
  rmSync(folder, { recursive: true });
  mkdirSync(join(home, "elsewhere"));
  symlinkSync(join(home, "elsewhere"), folder);
  expect(dirname(split(duet)[0]!.path)).toEndWith(`[${sha256(duet).slice(0, 16)}]`);
  expect(readdirSync(join(home, "elsewhere"))).toEqual([]);
});

test("split: an import of a tree around the parts leaves them out, and nothing else", () => {
  writeFileSync(join(home, "song.mid"), duet);
  mkdirSync(out);
  writeFileSync(join(out, "original.mid"), duet);
  split(duet);
  const found = [...walk(home)].map(({ kind, path }) => `${kind} ${path}`).sort();
  const shelf = sha256(duet).slice(0, 2);
  expect(found).toEqual(["midi parts/original.mid", "midi song.mid", `parts parts/${shelf}/`]);
});

test("split refuses a folder that is not one of parts with one line", () => {
  mkdirSync(join(out, sha256(duet).slice(0, 2)), { recursive: true });
  expect(() => split(duet)).toThrow(/^Cannot write .*: no \.midiworks-parts in it, expected a folder of parts$/);
});

test("split: a folder of parts that went away is not made anew", () => {
  split(duet);
  renameSync(out, join(home, "unmounted"));
  expect(() => split(duet)).toThrow(new RegExp(`^Cannot write ${out}/..: the folder is gone$`));
  expect(existsSync(out)).toBe(false);
});

test("split: a file where the folder of parts should be", () => {
  writeFileSync(out, "");
  expect(() => split(duet)).toThrow(CannotWrite);
});

const canMount = process.platform === "linux" && process.getuid?.() === 0 && mountWorks();

function mountWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "midiworks-mount-"));
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "none", folder]).success;
  if (mounted) Bun.spawnSync(["umount", folder]);
  rmSync(folder, { recursive: true });
  return mounted;
}

test.skipIf(!canMount)(
  "split stops on a full disk with one line, leaves no half file, and goes on when there is room",
  () => {
    mkdirSync(out);
    expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=128k", "none", out]).success).toBe(true);
    try {
      const songs = Array.from({ length: 20 }, (_, n) => manyVoices(n));
      let stored = 0;
      expect(() => {
        for (const song of songs) {
          split(song);
          stored++;
        }
      }).toThrow(/^Cannot write .*: the disk is full$/);
      expect(midiFiles(out)).toHaveLength(stored * 8);
      expect(files(out).filter((path) => path.includes(".tmp"))).toEqual([]);
      expect(Bun.spawnSync(["mount", "-o", "remount,size=8m", out]).success).toBe(true);
      for (const song of songs) split(song);
      expect(midiFiles(out)).toHaveLength(160);
    } finally {
      Bun.spawnSync(["umount", out]);
    }
  },
);

test("split that is killed leaves whole sets of parts under final names", async () => {
  const worker = Bun.spawn([process.execPath, join(import.meta.dir, "split-worker.ts"), out, "0", "100000"], {
    stdout: "pipe",
  });
  const reader = worker.stdout.getReader();
  let said = "";
  while (said.split("\n").length < 50) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The worker ended before it was killed");
    said += new TextDecoder().decode(value);
  }
  worker.kill("SIGKILL");
  await worker.exited;
  const done = midiFiles(out).filter((path) => !path.includes(".tmp"));
  expect(done.length).toBeGreaterThanOrEqual(49 * 8);
  expect(done.length % 8).toBe(0);
  for (const path of done) readSmf(readFileSync(join(out, path)));
});

test("split: several processes on the same songs end with one set of parts", async () => {
  const run = () =>
    Bun.spawn([process.execPath, join(import.meta.dir, "split-worker.ts"), out, "0", "40"], { stdout: "ignore" })
      .exited;
  expect(await Promise.all([run(), run(), run()])).toEqual([0, 0, 0]);
  const expected = Array.from({ length: 40 }, (_, n) => split(manyVoices(n), `song ${n}`)).flat();
  expect(midiFiles(out)).toEqual(expected.map((part) => part.path).sort());
  expect(files(out).filter((path) => path.endsWith(PARTS_MARKER)).length).toBeLessThanOrEqual(40);
});

test("splitContent answers for every fault of a file", async () => {
  const item = (bytes: Uint8Array, changes: Partial<ContentItem> = {}) => {
    const path = join(home, "a file.mid");
    writeFileSync(path, bytes);
    const content = { id: 7, sha256: sha256(bytes), paths: [path], name: "a file.MID", archives: [], ...changes };
    return splitContent(content, { out, by: "auto", drumsByNote: false, maxBytes: 1 << 20 });
  };
  expect(await item(duet)).toMatchObject({
    id: 7,
    parts: [
      { number: 1, path: expect.stringContaining("/a file ["), size: expect.any(Number), noteCount: 1 },
      { number: 2 },
    ],
  });
  expect(await item(midi().track().note(0, 9, 60).bytes())).toEqual({ id: 7, parts: [] });
  const page = await item(Buffer.from("<html>"));
  expect(page).toMatchObject({ id: 7, missing: false, error: expect.stringContaining("HTML") });
  expect(await item(duet, { sha256: sha256(Buffer.from("changed")) })).toMatchObject({ id: 7, missing: true });
});
