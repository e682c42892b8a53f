import { expect, test } from "bun:test";
import { OrderedWork } from "../../lib/crew/ordered-work.ts";

test("what is begun first is written first, however long it takes", async () => {
  const work = new OrderedWork(3);
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<string>());
  const written: string[] = [];
  for (const gate of gates) {
    await work.begin(
      () => gate.promise,
      async (done) => void written.push(done),
    );
  }
  for (const i of [2, 1, 0]) gates[i]!.resolve(`${i}`);
  await work.finish();
  expect(written).toEqual(["0", "1", "2"]);
});

test("no more is in work than allowed", async () => {
  const work = new OrderedWork(2);
  let inWork = 0;
  let most = 0;
  for (let i = 0; i < 20; i++) {
    await work.begin(
      async () => {
        most = Math.max(most, ++inWork);
        await Promise.resolve();
        inWork--;
      },
      async () => {},
    );
  }
  await work.finish();
  expect(most).toBeLessThanOrEqual(3);
});

test("after the first trouble nothing is begun or written", async () => {
  const work = new OrderedWork(4);
  const written: number[] = [];
  const slow = Promise.withResolvers<void>();
  const write = async (done: number) => void written.push(done);
  await work.begin(async () => 1, write);
  await work.begin(() => slow.promise.then(() => 2), write);
  await work.begin(() => Promise.reject(new Error("the disk is full")), write);
  slow.resolve();
  await expect(work.finish()).rejects.toThrow("the disk is full");
  await expect(work.begin(async () => 4, write)).rejects.toThrow("the disk is full");
  expect(written).toEqual([1]);
});
