import { availableParallelism } from "node:os";
import type { AnyJobMap, JobMap } from "../jobs/job-map.ts";
import type { BatchMessage } from "./batch.ts";
import { JobFailed } from "./job-failed.ts";
import { type BatchEnd, Thread } from "./thread.ts";

export interface CrewOptions {
  /** One a core by default. */
  readonly threads?: number;
  /** The longest one item may take; then its thread is ended and a new one takes over. */
  readonly itemTimeoutMs?: number;
  /** The worker's entry file: it serves the jobs of the map. */
  readonly entry?: URL;
}

/** What became of an item: a result, the reason when it hung or killed its thread, or not begun before the stop. */
export type Outcome<R> = { readonly result: R } | { readonly lost: string } | { readonly skipped: true };

/** Threads that do the jobs of a map. */
export interface Crew<M extends AnyJobMap<M> = JobMap> {
  readonly threads: number;
  /**
   * Works through `items` on one thread. An item that ends its thread is tried once more alone; its batch-mates are
   * worked on as if nothing had been. Once `stop` is aborted no further item is begun. Outcomes are in the order of
   * the items. Rejects with `JobFailed` when the job itself throws.
   */
  run<K extends keyof M>(
    job: K,
    items: readonly M[K]["item"][],
    context: M[K]["context"],
    stop?: AbortSignal,
  ): Promise<Outcome<M[K]["result"]>[]>;
  /**
   * The same for one item that needs much memory: on a thread of its own, which is ended after it and gives all of it
   * back. One at a time; others wait for their turn.
   */
  runAlone<K extends keyof M>(
    job: K,
    item: M[K]["item"],
    context: M[K]["context"],
    stop?: AbortSignal,
  ): Promise<Outcome<M[K]["result"]>>;
  stats(): CrewStats;
  close(): void;
}

export interface CrewStats {
  readonly threads: number;
  /** Milliseconds at work, all threads together. */
  readonly busyMs: number;
  /** Milliseconds since the crew began. */
  readonly wallMs: number;
  readonly restarts: number;
}

type Batch<M extends AnyJobMap<M>, K extends keyof M> = Omit<BatchMessage<M, K>, "progress">;

/** Threads that work through batches, one batch a thread at a time, first come first served. */
export function createCrew<M extends AnyJobMap<M> = JobMap>(options: CrewOptions = {}): Crew<M> {
  const size = options.threads ?? Math.max(1, availableParallelism());
  const timeout = options.itemTimeoutMs ?? 60_000;
  const entry = options.entry ?? new URL("./worker.ts", import.meta.url);
  const queue: ((thread: Thread<M>) => Promise<void>)[] = [];
  const idle: Thread<M>[] = [];
  const began = performance.now();
  let busyMs = 0;
  let restarts = 0;
  let closed = false;
  const threads = new Set<Thread<M>>();

  const hire = () => {
    const thread = new Thread<M>(entry, timeout);
    threads.add(thread);
    return thread;
  };
  const next = () => {
    while (queue.length > 0 && (idle.length > 0 || threads.size < size)) {
      const thread = idle.pop() ?? hire();
      void queue.shift()!(thread);
    }
  };
  const submit = <K extends keyof M>(batch: Batch<M, K>, stop: AbortSignal | undefined) =>
    new Promise<BatchEnd<M[K]["result"]>>((resolve) => {
      queue.push(async (thread) => {
        const end = await thread.work(batch, stop);
        if ("answer" in end) {
          busyMs += end.answer.busyMs;
          idle.push(thread);
        } else {
          threads.delete(thread);
          if (!closed) restarts++;
        }
        resolve(end);
        next();
      });
      next();
    });

  let lone: Thread<M> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const alone = async <K extends keyof M>(
    batch: Batch<M, K>,
    stop: AbortSignal | undefined,
  ): Promise<Outcome<M[K]["result"]>> => {
    if (closed) throw new JobFailed(CLOSED);
    if (stop?.aborted) return { skipped: true };
    lone = new Thread<M>(entry, timeout);
    const end = await lone.work(batch, stop);
    lone.end("its work is done");
    lone = null;
    if ("answer" in end) busyMs += end.answer.busyMs;
    else if (!closed) restarts++;
    return outcomesOf(end, 1)[0]!;
  };

  const attempt = async <K extends keyof M>(
    batch: Batch<M, K>,
    stop: AbortSignal | undefined,
    retries: number,
  ): Promise<Outcome<M[K]["result"]>[]> => {
    const { items } = batch;
    if (items.length === 0) return [];
    if (stop?.aborted) return items.map(() => ({ skipped: true }));
    const end = await submit(batch, stop);
    if ("answer" in end) return outcomesOf(end, items.length);
    if (closed) throw new JobFailed(CLOSED);
    if (items.length === 1) return retries > 0 ? attempt(batch, stop, retries - 1) : [{ lost: end.reason }];
    const at = Math.min(end.lostAt, items.length - 1);
    return [
      ...(await attempt({ ...batch, items: items.slice(0, at) }, stop, 1)),
      ...(await attempt({ ...batch, items: items.slice(at, at + 1) }, stop, 0)),
      ...(await attempt({ ...batch, items: items.slice(at + 1) }, stop, 1)),
    ];
  };

  return {
    threads: size,
    run: (job, items, context, stop) => attempt({ job, items, context }, stop, 1),
    runAlone(job, item, context, stop) {
      const outcome = turn.then(() => alone({ job, items: [item], context }, stop));
      turn = outcome.catch(() => {});
      return outcome;
    },
    stats: () => ({ threads: size, busyMs, wallMs: performance.now() - began, restarts }),
    close() {
      closed = true;
      queue.length = 0;
      for (const thread of threads) thread.end("the crew is closed");
      lone?.end("the crew is closed");
      threads.clear();
    },
  };
}

/** What became of so many items of a batch. */
function outcomesOf<R>(end: BatchEnd<R>, count: number): Outcome<R>[] {
  if ("lostAt" in end) return Array.from({ length: count }, () => ({ lost: end.reason }));
  const { error, results } = end.answer;
  if (error) throw new JobFailed(error);
  return Array.from({ length: count }, (_, i) => (i < results.length ? { result: results[i]! } : { skipped: true }));
}

const CLOSED = {
  message: "Cannot run a job: the crew is closed",
  stack: undefined,
  forPeople: false,
};
