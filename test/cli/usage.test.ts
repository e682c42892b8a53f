import { expect, test } from "bun:test";
import { defineScript } from "../../lib/cli/script.ts";
import { usage } from "../../lib/cli/usage.ts";

test("usage keeps to 80 columns; what describes a flag stays in its column", async () => {
  const words = "what it does in rather more words than a line of eighty columns holds";
  const flag = { type: "string", valueHint: "FORM", description: `${words}, and so on to a third line` } as const;
  const script = defineScript({ name: "example", description: words, flags: { form: flag }, run: async () => 0 });
  const lines = (await usage(script)).trimEnd().split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const [first, ...more] = lines.slice(lines.findIndex((line) => line.includes("--form")));
  expect(more.length).toBeGreaterThan(0);
  const column = first!.indexOf("what");
  for (const line of more) expect(line.search(/\S/)).toBe(column);
});
