import { expect, test } from "bun:test";
import { table } from "../../../lib/cli/text/table.ts";

const columns = [
  { title: "path", least: 6, keepEnd: true },
  { title: "bpm", right: true },
  { title: "what", least: 4 },
];

test("table aligns its columns", () => {
  expect(
    table(
      columns,
      [
        ["/a/b.mid", "120", "drums"],
        ["/c", "60.5", ""],
      ],
      80,
    ),
  ).toBe("path       bpm  what\n/a/b.mid   120  drums\n/c        60.5");
});

test("table keeps to the width, paths lose their start", () => {
  const text = table(columns, [["/music/long/name.mid", "120", "drums and bass"]], 26);
  expect(text.split("\n")[1]).toBe("…name.mid  120  drums and…");
});

test("table counts wide characters as the terminal does", () => {
  expect(
    table(
      [{ title: "a" }, { title: "b" }],
      [
        ["音楽", "x"],
        ["ab", "y"],
      ],
      80,
    ),
  ).toBe("a     b\n音楽  x\nab    y");
});

test("table lets no control character and no raw byte through", () => {
  expect(table([{ title: "a" }], [["\x1b[31m\n\uf7e9"]], 80)).toBe("a\n\\x1b[31m\\x0a\\xe9");
});

test("table keeps a column to its most, in columns of the terminal", () => {
  const text = table(
    [{ title: "name", most: 8 }, { title: "b" }],
    [
      ["ピアノ伴奏", "x"],
      ["abcdefghi", "y"],
    ],
    80,
  );
  expect(text).toBe("name      b\nピアノ…   x\nabcdefg…  y");
});
