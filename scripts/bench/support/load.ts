import { createPool, type Pool, type PoolOptions } from "../../../lib/pool.ts";
import type { TestServer } from "./private-server.ts";

/** Waits until `condition` holds; the bound only turns a hang into a failure. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<number> {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > limitMs) throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
    await Bun.sleep(2);
  }
  return performance.now() - began;
}

/** Does `action` every `ms` until stopped; `stop` tells the sum of what it returned. */
export function repeat(ms: number, action: () => Promise<number>): { stop(): Promise<number> } {
  let running = true;
  const loop = async () => {
    let sum = 0;
    while (running) {
      await Bun.sleep(ms);
      if (running) sum += await action();
    }
    return sum;
  };
  const ended = loop();
  return {
    stop: () => {
      running = false;
      return ended;
    },
  };
}

/** What a load came to. `failed` holds the errors of operations that were not done. */
export interface Outcome {
  readonly done: number;
  readonly failed: unknown[];
  readonly failedByWorker: readonly number[];
}

/** `workers` callers that do `operation` one after the other, each with numbers nobody else has, until `go()` is false or the pool closed. */
export async function load(
  workers: number,
  go: () => boolean,
  operation: (id: number) => Promise<unknown>,
): Promise<Outcome> {
  const failed: unknown[] = [];
  const failedByWorker = new Array<number>(workers).fill(0);
  let done = 0;
  const work = async (worker: number) => {
    for (let id = worker; go(); id += workers) {
      try {
        await operation(id);
        done++;
      } catch (error) {
        failed.push(error);
        failedByWorker[worker]!++;
        // A test that failed closes the pool and leaves `go()` as it stands.
        if ((error as { code?: string }).code === "POOL_CLOSED") return;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return { done, failed, failedByWorker };
}

/** A condition that holds for `ms` from now. */
export function forMs(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() < end;
}

/** Runs `body` on a pool of 8 workers and closes it whatever happens. */
export async function withPool<T>(
  server: TestServer,
  options: Partial<PoolOptions>,
  body: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = await createPool({ ...server.target, workers: 8, ...options });
  try {
    return await body(pool);
  } finally {
    await pool.close({ timeoutMs: 1000 });
  }
}

/** The `code` an operation fails with; `"ok"` when it does not. */
export async function codeOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
    return "ok";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
