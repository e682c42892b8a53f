import { expect, test } from "bun:test";
import fc from "fast-check";
import { safeName } from "../../lib/files/safe-name.ts";

test("safeName leaves a plain name as it is", () => {
  for (const name of ["Bass", "Für Elise (2)", "ピアノ伴奏", "Drums & 808's"])
    expect(safeName(name, 100, "x")).toBe(name);
});

test("safeName takes out what file systems refuse", () => {
  expect(safeName('a<b>:"c"|d?*\\e/f', 100, "x")).toBe("a b c d e f");
  expect(safeName(" ..name.. ", 100, "x")).toBe("name");
  expect(safeName("cafe\u0301", 100, "x")).toBe("caf\u00e9");
  expect(safeName("a\u202eb\u200bc\0d", 100, "x")).toBe("abc d");
  expect(safeName("\ud800", 100, "x")).toBe("x");
  expect(safeName("...", 100, "untitled")).toBe("untitled");
  for (const device of ["CON", "nul", "COM1", "lpt9.mid"]) expect(safeName(device, 100, "x")).toBe(`${device}_`);
});

test("safeName keeps whole characters within its bytes, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.integer({ min: 8, max: 60 }), (text, room) => {
      const name = safeName(text, room, "untitled");
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(Math.max(room, "untitled".length));
      expect(name.isWellFormed()).toBe(true);
      expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}]|^[. ]|[. ]$|^$/u);
    }),
  );
});
