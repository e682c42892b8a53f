import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFile, UnreadableFile } from "../../lib/files/read-file.ts";
import { temporaryFolder } from "../support/folder.ts";

const folder = temporaryFolder("read-file");
const file = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const fault = (path: string, maxBytes = 100) => {
  try {
    readFile(path, maxBytes);
  } catch (error) {
    if (error instanceof UnreadableFile) return [error.code, error.message];
    throw error;
  }
  return null;
};

test("readFile gives the bytes and the time they were changed", () => {
  const path = file("a", "hello");
  utimesSync(path, 10, 12.5);
  const { bytes, modifiedUs } = readFile(path, 100);
  expect(Buffer.from(bytes).toString()).toBe("hello");
  expect(modifiedUs).toBe(12_500_000);
});

test("readFile reads files of any size up to the limit, one after the other", () => {
  for (const size of [0, 1, 1 << 20, (1 << 20) + 1, 20 << 20, 7]) {
    const bytes = new Uint8Array(size).fill(size & 0xff);
    const path = file("size", bytes);
    expect(Bun.hash(readFile(path, 20 << 20).bytes)).toBe(Bun.hash(bytes));
  }
  expect(fault(file("large", "x".repeat(101)))).toEqual(["EFBIG", "101 bytes, more than the limit of 100"]);
});

test("readFile says what is wrong in one line, and never waits for a pipe", () => {
  expect(fault(join(folder, "none"))).toEqual(["ENOENT", "no such file"]);
  mkdirSync(join(folder, "dir"));
  expect(fault(join(folder, "dir"))![0]).toBe("EISDIR");
  Bun.spawnSync(["mkfifo", join(folder, "pipe")]);
  expect(fault(join(folder, "pipe"))).toEqual(["EISDIR", "not a regular file"]);
  symlinkSync("loop", join(folder, "loop"));
  expect(fault(join(folder, "loop"))).toEqual(["ELOOP", "too many links"]);
  expect(fault(join(folder, "x".repeat(300)))).toEqual(["ENAMETOOLONG", "the name is too long"]);
});

test("readFile opens names that are no UTF-8", () => {
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9)]), "x");
  expect(readFile(join(folder, "caf\uf7e9"), 100).bytes).toHaveLength(1);
});
