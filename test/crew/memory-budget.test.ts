import { expect, test } from "bun:test";
import { defaultMemory, memoryBudget, tooLargeForMemory } from "../../lib/crew/memory-budget.ts";

const MB = 2 ** 20;

test("memoryBudget: a large budget has a thread a core, and room for files of many MB beside them", () => {
  const budget = memoryBudget(8000 * MB, 8);
  expect(budget.threads).toBe(8);
  expect(budget.ordinaryBytes).toBe(4 * MB);
  expect(budget.largestBytes).toBeGreaterThan(64 * MB);
});

test("memoryBudget: a small one has fewer threads, and what is worked on never adds up to more", () => {
  expect(memoryBudget(512 * MB, 16)).toMatchObject({ threads: 1 });
  for (const mb of [256, 400, 700, 1000, 2000, 4000, 32_000]) {
    for (const cores of [1, 2, 8, 64]) {
      const { threads, ordinaryBytes, largestBytes } = memoryBudget(mb * MB, cores);
      expect(threads).toBeWithin(1, cores + 1);
      const beside = threads * ordinaryBytes * 28;
      const large = largestBytes > ordinaryBytes ? largestBytes * 28 : 0;
      expect(beside + large).toBeLessThanOrEqual(mb * MB);
    }
  }
});

test("tooLargeForMemory says what is needed and what the budget is", () => {
  expect(tooLargeForMemory(60 * MB, memoryBudget(1000 * MB, 2))).toBe(
    "62914560 bytes need up to 1680 MB of memory beside the rest, more than the 1000 MB of --memory leave",
  );
});

test("defaultMemory is a part of what the machine has", () => {
  expect(defaultMemory()).toBeWithin(64 * MB, 2 ** 50);
});
