import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publish, publishFolder } from "../../lib/files/publish.ts";
import { temporaryFolder } from "../support/folder.ts";

const folder = temporaryFolder("publish");
const bytes = (text: string) => new TextEncoder().encode(text);
const fresh = (name: string) => {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
};

test("publish puts a file there whole and leaves nothing beside it", () => {
  const home = fresh("new");
  expect(publish(join(home, "a"), bytes("one"), { replaces: false })).toBe(true);
  expect(readFileSync(join(home, "a"), "utf8")).toBe("one");
  expect(readdirSync(home)).toEqual(["a"]);
});

test("publish leaves what stands there unless it may replace it", () => {
  const home = fresh("taken");
  writeFileSync(join(home, "a"), "theirs");
  expect(publish(join(home, "a"), bytes("ours"), { replaces: false })).toBe(false);
  expect(readFileSync(join(home, "a"), "utf8")).toBe("theirs");
  expect(publish(join(home, "a"), bytes("ours"), { replaces: true })).toBe(true);
  expect(readFileSync(join(home, "a"), "utf8")).toBe("ours");
  expect(readdirSync(home)).toEqual(["a"]);
});

test("publish replaces a link, never what it leads to", () => {
  const home = fresh("link");
  writeFileSync(join(home, "victim"), "theirs");
  symlinkSync("victim", join(home, "a"));
  expect(publish(join(home, "a"), bytes("ours"), { replaces: false })).toBe(false);
  publish(join(home, "a"), bytes("ours"), { replaces: true });
  expect(readFileSync(join(home, "victim"), "utf8")).toBe("theirs");
});

test("publish throws what the system says, and nothing is there", () => {
  expect(() => publish(join(folder, "gone/a"), bytes("x"), { replaces: true })).toThrow("ENOENT");
});

test("publishFolder puts all files there at once, or none when something stands there", () => {
  const home = fresh("folders");
  const files = [
    { name: "1", bytes: bytes("one") },
    { name: "2", bytes: bytes("two") },
  ];
  expect(publishFolder(join(home, "set"), files)).toBe(true);
  expect(readdirSync(join(home, "set")).sort()).toEqual(["1", "2"]);
  expect(publishFolder(join(home, "set"), files.slice(1))).toBe(false);
  writeFileSync(join(home, "file"), "theirs");
  expect(publishFolder(join(home, "file"), files)).toBe(false);
  expect(() => publishFolder(join(home, "broken"), [{ name: "no/such", bytes: bytes("x") }])).toThrow("ENOENT");
  expect(readdirSync(home).sort()).toEqual(["file", "set"]);
});
