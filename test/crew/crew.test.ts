import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { createCrew } from "../../lib/crew/crew.ts";
import type { TestJobs } from "./crew-worker.ts";

setDefaultTimeout(60_000);

const entry = new URL("./crew-worker.ts", import.meta.url);
const crew = createCrew<TestJobs>({ threads: 2, itemTimeoutMs: 300, entry });
afterAll(() => crew.close());

const run = async (...items: string[]) =>
  (await crew.run("shout", items, null)).map((outcome) => Object.values(outcome)[0]);

test("a crew answers in the order of the items", async () => {
  const batches = await Promise.all([run("a", "b"), run("c"), run("d", "e", "f"), run()]);
  expect(batches).toEqual([["A", "B"], ["C"], ["D", "E", "F"], []]);
});

test("an item that hangs is given up, its batch-mates are not", async () => {
  expect(await run("a", "hang", "b")).toEqual(["A", "no result within 0.3 s", "B"]);
});

test("an item that ends its thread is given up, its batch-mates are not", async () => {
  expect(await run("a", "exit", "b", "throw", "c")).toEqual([
    "A",
    "the thread ended",
    "B",
    expect.stringContaining("out of reach"),
    "C",
  ]);
  expect(crew.stats().restarts).toBeGreaterThan(1);
});

test("a job that fails rejects with the text of its error and says whether it is for people", async () => {
  const full = { message: "the disk is full", forPeople: true };
  await expect(run("a", "fail")).rejects.toMatchObject(full);
  await expect(run("a", "fault")).rejects.toMatchObject({ message: "out of reach", forPeople: false });
});

test("nothing is begun after a stop", async () => {
  const outcomes = await crew.run("shout", ["a", "b"], null, AbortSignal.abort());
  expect(outcomes).toEqual([{ skipped: true }, { skipped: true }]);
});
