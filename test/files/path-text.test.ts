import { expect, test } from "bun:test";
import fc from "fast-check";
import { comparePaths, pathOf, pathText, sortPaths } from "../../lib/files/path-text.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });

test("pathText + pathOf give back any name, byte for byte", () => {
  fc.assert(fc.property(bytes, (name) => Buffer.from(pathOf(pathText(name))).equals(Buffer.from(name))));
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      const name = Buffer.from(text);
      return Buffer.from(pathOf(pathText(name))).equals(name);
    }),
  );
});

test("pathText leaves UTF-8 as it is and escapes single bytes", () => {
  expect(pathText(Buffer.from("Für Elise 𝄞.mid"))).toBe("Für Elise 𝄞.mid");
  expect(pathText(Buffer.of(0x63, 0xe9))).toBe("c\uf7e9");
  expect(pathText(Buffer.from("\uf7e9"))).toBe("\uf7ef\uf79f\uf7a9");
});

test("comparePaths has the order of the bytes", () => {
  const text = fc.string({ unit: "binary", maxLength: 5 });
  fc.assert(
    fc.property(text, text, (a, b) => Math.sign(comparePaths(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});

test("sortPaths has the order of the bytes, with characters above U+FFFF and without", () => {
  for (const unit of ["binary", "binary-ascii"] as const) {
    const texts = fc.array(fc.string({ unit, maxLength: 5 }), { maxLength: 20 });
    fc.assert(
      fc.property(texts, (paths) => {
        const expected = paths.map((path) => Buffer.from(path)).sort(Buffer.compare);
        return Buffer.concat(sortPaths([...paths]).map((path) => Buffer.from(`${path}\0`))).equals(
          Buffer.concat(expected.flatMap((path) => [path, Buffer.of(0)])),
        );
      }),
    );
  }
  expect(sortPaths(["\u{1d11e}", "\uf8ff", "\ud7ff"])).toEqual(["\ud7ff", "\uf8ff", "\u{1d11e}"]);
});
