import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { storePartFile } from "../../lib/files/part-file.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { temporaryFolder } from "../support/folder.ts";

const home = temporaryFolder("part-file");
const fresh = (name: string) => {
  mkdirSync(join(home, name));
  return join(home, name);
};
const part = (text: string) => {
  const bytes = Buffer.from(text);
  return { name: "01 Bass.mid", bytes, sha256: sha256(bytes) };
};

test("storePartFile stores a part under its name, and again writes nothing", () => {
  const folder = fresh("own");
  expect(storePartFile(folder, part("one"))).toBe("01 Bass.mid");
  expect(storePartFile(folder, part("one"))).toBe("01 Bass.mid");
  expect(readdirSync(folder)).toEqual(["01 Bass.mid"]);
});

test("storePartFile puts its hash into the name where other contents stand under it, longer each time", () => {
  const folder = fresh("taken");
  const { sha256: hash } = part("ours");
  const names = ["01 Bass.mid", `01 Bass ${hash.slice(0, 8)}.mid`, `01 Bass ${hash}.mid`];
  for (const name of names) {
    expect(storePartFile(folder, part("ours"))).toBe(name);
    writeFileSync(join(folder, name), "somebody else's");
  }
  expect(() => storePartFile(folder, part("ours"))).toThrow("every name for it is taken");
  for (const name of names) expect(readFileSync(join(folder, name), "utf8")).toBe("somebody else's");
});

test("storePartFile replaces what a power cut left of the same file", () => {
  const folder = fresh("torn");
  for (const torn of ["", "hel", "hel\0\0\0", "\0\0\0\0\0"]) {
    writeFileSync(join(folder, "01 Bass.mid"), torn);
    expect(storePartFile(folder, part("hello, world"))).toBe("01 Bass.mid");
    expect(readFileSync(join(folder, "01 Bass.mid"), "utf8")).toBe("hello, world");
  }
});
