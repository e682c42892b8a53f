import { availableParallelism } from "node:os";
import type { BatchAnswer, BatchMessage } from "./worker.ts";

export interface CrewOptions {
  /** One a core by default. */
  readonly threads?: number;
  /** The longest one item may take; then its thread is ended and a new one takes over. */
  readonly itemTimeoutMs?: number;
  /** The worker's entry file. */
  readonly entry?: URL;
}

/** What became of an item: a result, the reason when it hung or killed its thread, or not begun before the stop. */
export type Outcome<R> = { readonly result: R } | { readonly lost: string } | { readonly skipped: true };

export interface Crew {
  readonly threads: number;
  /**
   * Works through `items` on one thread. An item that ends its thread is tried once more alone; its batch-mates are
   * worked on as if nothing had been. Once `stop` is aborted no further item is begun. Outcomes are in the order of
   * the items. Rejects with `JobFailed` when the job itself throws.
   */
  run<R>(kind: string, items: readonly unknown[], context: unknown, stop?: AbortSignal): Promise<Outcome<R>[]>;
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

/** A job that threw: the run can't go on (no room to write, or a fault of the program). */
export class JobFailed extends Error {
  override readonly name = "JobFailed";
  /** Whether what was thrown in the thread is meant for people. */
  readonly forPeople: boolean;

  constructor(message: string, stack: string | undefined, forPeople: boolean) {
    super(message);
    this.forPeople = forPeople;
    if (stack) this.stack = stack;
  }
}

interface Task {
  readonly kind: string;
  readonly items: readonly unknown[];
  readonly context: unknown;
  readonly stop: AbortSignal | undefined;
  readonly resolve: (end: BatchEnd) => void;
}

/** How a thread got on with a batch: all done, or it was lost at an item. */
type BatchEnd = { readonly answer: BatchAnswer } | { readonly lostAt: number; readonly reason: string };

/** Threads that work through batches, one batch a thread at a time, first come first served. */
export function createCrew(options: CrewOptions = {}): Crew {
  const size = options.threads ?? Math.max(1, availableParallelism());
  const timeout = options.itemTimeoutMs ?? 60_000;
  const entry = options.entry ?? new URL("./worker.ts", import.meta.url);
  const queue: Task[] = [];
  const idle: Thread[] = [];
  const began = performance.now();
  let busyMs = 0;
  let restarts = 0;
  let closed = false;
  const threads = new Set<Thread>();

  const hire = () => {
    const thread = new Thread(entry, timeout);
    threads.add(thread);
    return thread;
  };
  const next = () => {
    while (queue.length > 0 && (idle.length > 0 || threads.size < size)) {
      const thread = idle.pop() ?? hire();
      void work(thread, queue.shift()!);
    }
  };
  const work = async (thread: Thread, task: Task) => {
    const end = await thread.work(task);
    if ("answer" in end) {
      busyMs += end.answer.busyMs;
      idle.push(thread);
    } else {
      threads.delete(thread);
      if (!closed) restarts++;
    }
    task.resolve(end);
    next();
  };
  const submit = (task: Omit<Task, "resolve">) =>
    new Promise<BatchEnd>((resolve) => {
      queue.push({ ...task, resolve });
      next();
    });

  const attempt = async <R>(task: Omit<Task, "resolve">, retries: number): Promise<Outcome<R>[]> => {
    const { items } = task;
    if (items.length === 0) return [];
    if (task.stop?.aborted) return items.map(() => ({ skipped: true }));
    const end = await submit(task);
    if ("answer" in end) {
      const { error, results } = end.answer;
      if (error) throw new JobFailed(error.message, error.stack, error.forPeople);
      return items.map((_, i) => (i < results.length ? { result: results[i] as R } : { skipped: true }));
    }
    if (closed) throw new JobFailed("Cannot run a job: the crew is closed", undefined, false);
    if (items.length === 1) return retries > 0 ? attempt<R>(task, retries - 1) : [{ lost: end.reason }];
    const at = Math.min(end.lostAt, items.length - 1);
    return [
      ...(await attempt<R>({ ...task, items: items.slice(0, at) }, 1)),
      ...(await attempt<R>({ ...task, items: items.slice(at, at + 1) }, 0)),
      ...(await attempt<R>({ ...task, items: items.slice(at + 1) }, 1)),
    ];
  };

  return {
    threads: size,
    run: (kind, items, context, stop) => attempt({ kind, items, context, stop }, 1),
    stats: () => ({ threads: size, busyMs, wallMs: performance.now() - began, restarts }),
    close() {
      closed = true;
      queue.length = 0;
      for (const thread of threads) thread.end("the crew is closed");
      threads.clear();
    },
  };
}

/** One worker thread and the watch over it. */
class Thread {
  readonly #worker: Worker;
  readonly #timeout: number;
  /** [0] the number of the item in work, [1] whether to stop before the next one, [2] moves while a long item does. */
  readonly #progress = new Int32Array(new SharedArrayBuffer(12));
  #finish: ((end: BatchEnd) => void) | null = null;

  constructor(entry: URL, timeout: number) {
    this.#timeout = timeout;
    this.#worker = new Worker(entry.href, { ref: false } as WorkerOptions);
    this.#worker.onmessage = (event: MessageEvent<BatchAnswer>) => this.#end({ answer: event.data });
    this.#worker.onerror = (event) => this.end(lastLine(event.message) || "the thread failed");
    this.#worker.addEventListener("close", () => this.end("the thread ended"));
  }

  work(task: Task): Promise<BatchEnd> {
    return new Promise((resolve) => {
      let seen = "";
      let since = performance.now();
      const watch = setInterval(
        () => {
          const now = `${Atomics.load(this.#progress, 0)} ${Atomics.load(this.#progress, 2)}`;
          if (now !== seen) {
            seen = now;
            since = performance.now();
          } else if (performance.now() - since > this.#timeout) {
            this.end(`no result within ${this.#timeout / 1000} s`);
          }
        },
        Math.max(1, Math.min(1000, this.#timeout / 4)),
      );
      const { kind, items, context, stop } = task;
      const halt = () => Atomics.store(this.#progress, 1, 1);
      this.#finish = (end) => {
        clearInterval(watch);
        stop?.removeEventListener("abort", halt);
        this.#finish = null;
        resolve(end);
      };
      Atomics.store(this.#progress, 0, 0);
      Atomics.store(this.#progress, 1, 0);
      stop?.addEventListener("abort", halt, { once: true });
      if (stop?.aborted) halt();
      this.#worker.postMessage({ kind, items, context, progress: this.#progress } satisfies BatchMessage);
    });
  }

  /** Ends the thread; a batch in work is reported lost at its present item. */
  end(reason: string): void {
    this.#worker.terminate();
    this.#end({ lostAt: Atomics.load(this.#progress, 0), reason });
  }

  #end(end: BatchEnd): void {
    this.#finish?.(end);
  }
}

/** What was thrown, without the source lines that Bun puts before it. */
function lastLine(message: string): string {
  return message.split("\n").findLast((line) => /^\w*error/i.test(line)) ?? message;
}
