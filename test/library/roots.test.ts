import { expect, test } from "bun:test";
import { createRoots } from "../../lib/library/roots.ts";

test("roots translate folders between the library and this machine, by whole names", () => {
  const roots = createRoots({ "/data/midi": "/mnt/midi" });
  expect(roots.here("/data/midi")).toBe("/mnt/midi");
  expect(roots.here("/data/midi/pop")).toBe("/mnt/midi/pop");
  expect(roots.here("/data/midi2")).toBe("/data/midi2");
  expect(roots.stored("/mnt/midi/pop")).toBe("/data/midi/pop");
  expect(roots.stored("/home/midi")).toBe("/home/midi");
});
