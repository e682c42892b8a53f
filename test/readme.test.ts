import { expect, test } from "bun:test";
import { generated, README } from "./support/readme.ts";

test("the README's usage blocks and field lists are those of the scripts", async () => {
  const text = await Bun.file(README).text();
  expect(await generated(text)).toBe(text);
});
