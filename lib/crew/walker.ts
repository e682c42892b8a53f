import type { Found } from "../files/walk.ts";

interface Answer {
  readonly batch: Found[];
  readonly done: boolean;
  readonly error?: string;
}

/** The entries below a folder in batches, listed by a thread of its own that stays one batch ahead. */
export async function* walkInThread(root: string): AsyncGenerator<readonly Found[]> {
  const worker = new Worker(new URL("./walk-worker.ts", import.meta.url).href);
  const ask = (message: { root?: string }) =>
    new Promise<Answer>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Answer>) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(`Cannot walk ${root}: ${event.message}`));
      worker.postMessage(message);
    });
  try {
    let pending = ask({ root });
    for (;;) {
      const { batch, done, error } = await pending;
      if (error) throw new Error(`Cannot walk ${root}: ${error}`);
      if (!done) pending = ask({});
      yield batch;
      if (done) return;
    }
  } finally {
    worker.terminate();
  }
}
