import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openPartStore } from "../../lib/files/open-part-store.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { temporaryName } from "../../lib/files/temporary.ts";
import { PARTS_MARKER } from "../../lib/files/walk.ts";
import { temporaryFolder } from "../support/folder.ts";

const home = temporaryFolder("parts-folder");
const source = { name: "Song", sha256: sha256(Buffer.from("song")), variant: "" };
const files = ["01 Bass.mid", "02 Lead.mid"].map((name) => {
  const bytes = Buffer.from(name);
  return { name, bytes, sha256: sha256(bytes) };
});

test("the store of parts answers with the place of each, the same every time", async () => {
  const store = openPartStore(join(home, "parts"));
  const shelf = source.sha256.slice(0, 2);
  const places = files.map(({ name }) => `${shelf}/Song [${source.sha256.slice(0, 8)}]/${name}`);
  expect(await store.store(source, files)).toEqual(places);
  expect(await store.store(source, files)).toEqual(places);
  expect(readdirSync(join(home, "parts", shelf)).sort()).toEqual([PARTS_MARKER, `Song [${source.sha256.slice(0, 8)}]`]);
});

test("parts split another way stand in a folder of their own", async () => {
  const [first] = await openPartStore(join(home, "parts")).store({ ...source, variant: "by channel" }, files);
  expect(first).toContain(` [${source.sha256.slice(0, 8)} by channel]/`);
});

test("a link in the place of a two-digit folder is not followed, also one that is put there later", async () => {
  const out = join(home, "linked");
  const store = openPartStore(out);
  const shelf = source.sha256.slice(0, 2);
  const victim = join(home, "victim");
  mkdirSync(victim);
  writeFileSync(join(victim, PARTS_MARKER), "");
  mkdirSync(out);
  symlinkSync(victim, join(out, shelf));
  await expect(store.store(source, files)).rejects.toThrow(`Cannot write ${out}/${shelf}: it is no folder`);
  rmSync(join(out, shelf));
  await store.store(source, files);
  rmSync(join(out, shelf), { recursive: true });
  symlinkSync(victim, join(out, shelf));
  await expect(store.store(source, files)).rejects.toThrow(`Cannot write ${out}/${shelf}: it is no folder`);
  expect(readdirSync(victim)).toEqual([PARTS_MARKER]);
});

test("tidying the store leaves what a living process makes and says that it moves", async () => {
  const store = openPartStore(join(home, "parts"));
  const shelf = join(home, "parts", source.sha256.slice(0, 2));
  const ours = temporaryName();
  writeFileSync(join(shelf, ours), "half");
  let beats = 0;
  await store.tidy(() => beats++);
  expect(readdirSync(shelf)).toContain(ours);
  expect(beats).toBeGreaterThan(0);
});
