import { expect, test } from "bun:test";
import { parseRange, parseSeconds } from "../../../lib/cli/criteria/range-argument.ts";
import { UsageError } from "../../../lib/cli/script.ts";

test("parseRange reads closed, open and single values", () => {
  expect(parseRange("bpm", "118-124")).toEqual({ least: 118, most: 124 });
  expect(parseRange("bpm", "140-")).toEqual({ least: 140, most: null });
  expect(parseRange("bpm", "-90.5")).toEqual({ least: null, most: 90.5 });
  expect(parseRange("bpm", "120", 0.5)).toEqual({ least: 119.5, most: 120.5 });
  expect(parseRange("duration", "1:30-1:02:03", 0, parseSeconds)).toEqual({ least: 90, most: 3723 });
});

test.each(["", "-", "a", "124-118", "1-2-3", "1.2.3"])("parseRange refuses %p", (text) => {
  expect(() => parseRange("bpm", text)).toThrow(UsageError);
});
