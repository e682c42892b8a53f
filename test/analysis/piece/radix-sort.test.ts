import { expect, test } from "bun:test";
import fc from "fast-check";
import { orderByTickAndPitch } from "../../../lib/analysis/piece/radix-sort.ts";
import { createPieceScratch } from "../../../lib/analysis/piece/scratch.ts";

const tick = fc.oneof(fc.nat(20), fc.nat(5000), fc.nat(0xffffffff), fc.constantFrom(2047, 2048, 0xffffffff));

const { sort } = createPieceScratch();

test("orderByTickAndPitch orders by tick, then pitch, then index", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(tick, fc.nat(127)), { maxLength: 200 }), (notes) => {
      const order = orderByTickAndPitch(
        Uint32Array.from(notes, ([t]) => t),
        Uint8Array.from(notes, ([, p]) => p),
        sort,
      );
      const wanted = notes
        .map((_, i) => i)
        .sort((a, b) => notes[a]![0] - notes[b]![0] || notes[a]![1] - notes[b]![1] || a - b);
      expect([...order]).toEqual(wanted);
    }),
  );
});
