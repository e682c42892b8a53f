/** The thread that walks: it lists the next entries of the source folder each time it is asked for them. */
import { PassedOver } from "../files/passed-over.ts";
import { type WalkEntry, walk } from "../files/walk.ts";
import type { WalkAnswer, WalkMessage } from "./walker.ts";

declare const self: Worker;

const BATCH = 1000;
const passed = new PassedOver();
let entries: Generator<WalkEntry> | null = null;

self.onmessage = (event: MessageEvent<WalkMessage>) => {
  const { begin } = event.data;
  try {
    if (begin) {
      const { root, sniff } = begin;
      entries = walk(root, { sniff, passed: (path) => passed.add(path, `${root}/${path}`) });
    }
    const batch: WalkEntry[] = [];
    while (entries && batch.length < BATCH) {
      const { value, done } = entries.next();
      if (done) entries = null;
      else batch.push(value);
    }
    const done = entries === null;
    self.postMessage({ batch, done, passed: done ? passed.kinds() : [] } satisfies WalkAnswer);
  } catch (error) {
    self.postMessage({ batch: [], done: true, passed: [], error: (error as Error).message } satisfies WalkAnswer);
  }
};
