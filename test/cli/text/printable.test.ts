import { expect, test } from "bun:test";
import { printable, printableLines } from "../../../lib/cli/text/printable.ts";

test("printable: escapes, bells, separators and overrides of direction stand as escapes", () => {
  expect(printable("\x1b[31mred\x07")).toBe("\\x1b[31mred\\x07");
  expect(printable("a\nb\tc\x9bd")).toBe("a\\x0ab\\x09c\\x9bd");
  expect(printable("abc\u202egnp.dim")).toBe("abc\\u202egnp.dim");
  expect(printable("\u2066\u2069\u200f\ufeff\u2028")).toBe("\\u2066\\u2069\\u200f\\ufeff\\u2028");
  expect(printable("half \ud83c pair")).toBe("half \\ud83c pair");
  expect(printable("\u{e0041}")).toBe("\\u{e0041}");
});

test("printable: text of every script stays, with the joiners it needs", () => {
  const text = "Größe, Łódź, Привет, שלום, مرحبا, 日本語, हिन्दी, می‌خواهم, 👩‍🎤, 🎹";
  expect(printable(text)).toBe(text);
});

test("printable: a byte that is no text stands as its number", () => {
  expect(printable("\uf782\uf7b3.mid")).toBe("\\x82\\xb3.mid");
});

test("printableLines: line feeds and tabs stay", () => {
  expect(printableLines("one\n\ttwo\x1b")).toBe("one\n\ttwo\\x1b");
});
