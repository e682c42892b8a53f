/**
 * A thread of the crew. It gets whole batches, works through them item by item, and answers with one list. Before
 * each item it writes the item's number where the crew can see it, so that a file that hangs or kills a thread is known.
 */

import { setPulse } from "../files/item-heartbeat.ts";
import { jobs } from "../jobs/jobs.ts";

declare const self: Worker;

/** A batch for a thread: `items` of the job named `kind`, with what they have in common in `context`. */
export interface BatchMessage {
  readonly kind: string;
  readonly items: readonly unknown[];
  readonly context: unknown;
  /** Shared; [0] the number of the item in work, [1] set to stop before the next item, [2] moves while a long item does. */
  readonly progress: Int32Array;
}

export interface BatchAnswer {
  /** One per item worked on; fewer than the items after a stop. */
  readonly results: unknown[];
  /** Milliseconds at work. */
  readonly busyMs: number;
  readonly error?: { readonly message: string; readonly stack: string | undefined; readonly forPeople: boolean };
}

self.onmessage = async (event: MessageEvent<BatchMessage>) => {
  const { kind, items, context, progress } = event.data;
  const start = performance.now();
  const results: unknown[] = [];
  try {
    const job = jobs[kind];
    if (!job) throw new Error(`Cannot run ${kind}: no such job`);
    setPulse(progress);
    for (let i = 0; i < items.length && Atomics.load(progress, 1) === 0; i++) {
      Atomics.store(progress, 0, i);
      results.push(await job(items[i], context));
    }
    self.postMessage({ results, busyMs: performance.now() - start } satisfies BatchAnswer);
  } catch (error) {
    const { message, stack, forPeople = false } = error as Error & { readonly forPeople?: boolean };
    self.postMessage({ results, busyMs: performance.now() - start, error: { message, stack, forPeople } });
  }
};
