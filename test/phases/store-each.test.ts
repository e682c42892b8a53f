import { expect, test } from "bun:test";
import fc from "fast-check";
import { storeEach } from "../../lib/phases/store-each.ts";

const refusal = (code: string) => Object.assign(new Error("numeric value out of range"), { code });

test("storeEach stores all that the server takes, in order, and names each that it refuses", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (bad) => {
      const stored: number[] = [];
      const refused: number[] = [];
      const store = async (some: readonly number[]) => {
        if (some.some((i) => bad[i])) throw refusal("22003");
        stored.push(...some);
      };
      await storeEach([...bad.keys()], store, async (item, reason) => {
        expect(reason).toBe("cannot be stored: numeric value out of range");
        refused.push(item);
      });
      expect(stored).toEqual([...bad.keys()].filter((i) => !bad[i]));
      expect(refused).toEqual([...bad.keys()].filter((i) => bad[i]));
    }),
  );
});

test("storeEach halves for faults of data only, also behind another error", async () => {
  const attempt = (error: Error) =>
    storeEach(
      [1],
      () => Promise.reject(error),
      async () => {},
    );
  for (const code of ["22P05", "23514", "54000"]) await attempt(refusal(code));
  await attempt(new Error("Cannot work with the library", { cause: refusal("22003") }));
  for (const code of ["53100", "57014", "42P01"]) await expect(attempt(refusal(code))).rejects.toThrow("out of range");
});
