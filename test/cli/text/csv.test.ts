import { expect, test } from "bun:test";
import { csvLine } from "../../../lib/cli/text/csv.ts";

test("csv: commas and quotes are quoted, numbers and words stay", () => {
  expect(csvLine(["a", "b, c", 'say "x"', "1.5", "-3", ""])).toBe('a,"b, c","say ""x""",1.5,-3,\n');
});

test("csv: what a spreadsheet would run gets an apostrophe, a number does not", () => {
  expect(csvLine(["=1+1", "+1+1", "-2+3", "@SUM(A1)", "+5", "-1e3"])).toBe("'=1+1,'+1+1,'-2+3,'@SUM(A1),+5,-1e3\n");
  expect(csvLine(['=HYPERLINK("x","y")'])).toBe('"\'=HYPERLINK(""x"",""y"")"\n');
});

test("csv: control characters do not reach the terminal", () => {
  expect(csvLine(["a\x1b[31m\nb"])).toBe("a\\x1b[31m\\x0ab\n");
});
