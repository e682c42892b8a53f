/** The thread that walks: it lists the next entries of the source folder each time it is asked for them. */
import { type Found, walk } from "../files/walk.ts";

declare const self: Worker;

const BATCH = 1000;
let entries: Generator<Found> | null = null;

self.onmessage = (event: MessageEvent<{ root?: string }>) => {
  try {
    if (event.data.root !== undefined) entries = walk(event.data.root);
    const batch: Found[] = [];
    while (entries && batch.length < BATCH) {
      const { value, done } = entries.next();
      if (done) entries = null;
      else batch.push(value);
    }
    self.postMessage({ batch, done: entries === null });
  } catch (error) {
    self.postMessage({ batch: [], done: true, error: (error as Error).message });
  }
};
