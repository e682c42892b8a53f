import type { AnyJobMap, Jobs } from "../jobs/job-map.ts";
import { type BatchAnswer, type BatchMessage, Progress, type ThrownError } from "./batch.ts";

declare const self: Worker;

/**
 * Makes this thread one of the crew. It gets whole batches, works through them item by item, and answers with one list.
 * Before each item it writes the item's number where the crew can see it, so that a file that hangs or ends the thread
 * is known.
 */
export function serveJobs<M extends AnyJobMap<M>>(jobs: Jobs<M>): void {
  self.onmessage = async (event: MessageEvent<BatchMessage<M, keyof M>>) => {
    self.postMessage(await work(jobs, event.data));
  };
}

async function work<M extends AnyJobMap<M>, K extends keyof M>(
  jobs: Jobs<M>,
  { job, items, context, progress }: BatchMessage<M, K>,
): Promise<BatchAnswer<M[K]["result"]>> {
  const start = performance.now();
  const results: M[K]["result"][] = [];
  const beat = () => {
    Atomics.add(progress, Progress.beat, 1);
  };
  try {
    const run = jobs[job];
    if (!run) throw new Error(`Cannot run ${String(job)}: no such job`);
    for (const [i, item] of items.entries()) {
      if (Atomics.load(progress, Progress.stop) !== 0) break;
      Atomics.store(progress, Progress.item, i);
      results.push(await run(item, context, beat));
    }
    return { results, busyMs: performance.now() - start };
  } catch (error) {
    return { results, busyMs: performance.now() - start, error: thrown(error as Error) };
  }
}

function thrown(error: Error): ThrownError {
  const { message, stack } = error;
  return { message, stack, forPeople: "forPeople" in error && error.forPeople === true };
}
