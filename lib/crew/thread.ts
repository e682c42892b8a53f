import type { AnyJobMap } from "../jobs/job-map.ts";
import { type BatchAnswer, type BatchMessage, Progress } from "./batch.ts";

/** How a thread got on with a batch: all done, or it was lost at an item. */
export type BatchEnd<R> = { readonly answer: BatchAnswer<R> } | { readonly lostAt: number; readonly reason: string };

/** One worker thread and the watch over it. It works on one batch at a time. */
export class Thread<M extends AnyJobMap<M>> {
  readonly #worker: Worker;
  readonly #timeout: number;
  readonly #progress = new Int32Array(new SharedArrayBuffer(12));
  #lose: ((lost: { lostAt: number; reason: string }) => void) | null = null;

  /** `timeout` is the longest one item may take without a beat, in milliseconds. */
  constructor(entry: URL, timeout: number) {
    this.#timeout = timeout;
    this.#worker = new Worker(entry.href, { ref: false } as WorkerOptions);
    this.#worker.onerror = (event) => this.end(lastLine(event.message) || "the thread failed");
    this.#worker.addEventListener("close", () => this.end("the thread ended"));
  }

  work<K extends keyof M>(
    batch: Omit<BatchMessage<M, K>, "progress">,
    stop: AbortSignal | undefined,
  ): Promise<BatchEnd<M[K]["result"]>> {
    return new Promise((resolve) => {
      const watch = this.#watch();
      const halt = () => Atomics.store(this.#progress, Progress.stop, 1);
      const finish = (end: BatchEnd<M[K]["result"]>) => {
        clearInterval(watch);
        stop?.removeEventListener("abort", halt);
        this.#lose = null;
        resolve(end);
      };
      this.#lose = finish;
      this.#worker.onmessage = (event: MessageEvent<BatchAnswer<M[K]["result"]>>) => finish({ answer: event.data });
      Atomics.store(this.#progress, Progress.item, 0);
      Atomics.store(this.#progress, Progress.stop, 0);
      stop?.addEventListener("abort", halt, { once: true });
      if (stop?.aborted) halt();
      this.#worker.postMessage({ ...batch, progress: this.#progress } satisfies BatchMessage<M, K>);
    });
  }

  /** Ends the thread; a batch in work is reported lost at its present item. */
  end(reason: string): void {
    this.#worker.terminate();
    this.#lose?.({ lostAt: Atomics.load(this.#progress, Progress.item), reason });
  }

  /** Ends the thread when it has not moved for too long. */
  #watch(): Timer {
    let seen = "";
    let since = performance.now();
    const look = () => {
      const now = `${Atomics.load(this.#progress, Progress.item)} ${Atomics.load(this.#progress, Progress.beat)}`;
      if (now !== seen) {
        seen = now;
        since = performance.now();
      } else if (performance.now() - since > this.#timeout) {
        this.end(`no result within ${this.#timeout / 1000} s`);
      }
    };
    return setInterval(look, Math.max(1, Math.min(1000, this.#timeout / 4)));
  }
}

/** What was thrown, without the source lines that Bun puts before it. */
function lastLine(message: string): string {
  return message.split("\n").findLast((line) => /^\w*error/i.test(line)) ?? message;
}
