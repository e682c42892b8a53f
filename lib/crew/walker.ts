import type { PassedOverKind } from "../files/passed-over.ts";
import type { WalkEntry } from "../files/walk.ts";

/** Asks the walking thread for the next entries; the first time it says where to begin. */
export interface WalkMessage {
  readonly begin?: { readonly root: string; readonly sniff: boolean };
}

export interface WalkAnswer {
  readonly batch: readonly WalkEntry[];
  readonly done: boolean;
  /** At the end, what is neither a MIDI file nor an archive. */
  readonly passed: readonly PassedOverKind[];
  readonly error?: string;
}

/** The entries below a folder in batches, listed by a thread of its own that stays one batch ahead. */
export async function* walkInThread(
  root: string,
  sniff: boolean,
): AsyncGenerator<Pick<WalkAnswer, "batch" | "passed">> {
  const worker = new Worker(new URL("./walk-worker.ts", import.meta.url).href);
  const ask = (message: WalkMessage) =>
    new Promise<WalkAnswer>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<WalkAnswer>) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(`Cannot walk ${root}: ${event.message}`));
      worker.postMessage(message);
    });
  try {
    let pending = ask({ begin: { root, sniff } });
    for (;;) {
      const { batch, done, passed, error } = await pending;
      if (error) throw new Error(`Cannot walk ${root}: ${error}`);
      if (!done) pending = ask({});
      yield { batch, passed };
      if (done) return;
    }
  } finally {
    worker.terminate();
  }
}
