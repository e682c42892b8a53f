import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contentsFolder, storeContent, storedPath } from "../../lib/files/content-store.ts";
import { sha256 } from "../../lib/files/sha256.ts";
import { walk } from "../../lib/files/walk.ts";
import { temporaryFolder } from "../support/folder.ts";
import { song } from "../support/tunes.ts";

const dataDir = temporaryFolder("content-store");

test("storeContent keeps bytes under their hash, once, in a folder that an import leaves out", () => {
  const bytes = song(1);
  const path = storedPath(dataDir, sha256(bytes));
  storeContent(dataDir, sha256(bytes), bytes);
  expect(sha256(readFileSync(path))).toBe(sha256(bytes));
  const before = statSync(path).ino;
  storeContent(dataDir, sha256(bytes), bytes);
  expect(statSync(path).ino).toBe(before);
  expect(readdirSync(dirname(path))).toHaveLength(1);
  expect([...walk(dataDir)].map(({ kind, path }) => [kind, path])).toEqual([["parts", "contents/"]]);
});

test("storeContent puts right a copy that was torn", () => {
  const bytes = song(2);
  const path = storedPath(dataDir, sha256(bytes));
  storeContent(dataDir, sha256(bytes), bytes);
  truncateSync(path, 10);
  storeContent(dataDir, sha256(bytes), bytes);
  expect(sha256(readFileSync(path))).toBe(sha256(bytes));
});

test("storeContent says in one line what keeps it from writing", () => {
  const file = join(dataDir, "file");
  writeFileSync(file, "");
  expect(() => storeContent(file, sha256(song(1)), song(1))).toThrow(
    /^Cannot write .*: (no such file|a file stands where a folder is expected)$/,
  );
  expect(existsSync(contentsFolder(file))).toBe(false);
});
