import { expect, test } from "bun:test";
import { samples } from "./samples.ts";

const folder = new URL("../songs/", import.meta.url).pathname;

test("test/songs holds what the builder writes, and nothing else", async () => {
  const found = [...new Bun.Glob("**/*").scanSync({ cwd: folder })].sort();
  expect(found).toEqual([...samples().keys()].sort());
  for (const [name, bytes] of samples()) {
    expect(Buffer.from(await Bun.file(folder + name).bytes())).toEqual(Buffer.from(bytes));
  }
});
