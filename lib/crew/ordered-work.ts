/**
 * Works on several things side by side and writes what came of them one after the other, in the order in which they
 * were begun. After the first trouble nothing more is begun or written.
 */
export class OrderedWork {
  readonly #most: number;
  readonly #inWork = new Set<Promise<void>>();
  #last: Promise<void> = Promise.resolve();
  #trouble: { readonly error: unknown } | null = null;

  /** At most this many are in work when `begin` returns. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Throws the first trouble of those begun before. */
  async begin<T>(work: () => Promise<T>, write: (done: T) => Promise<void>): Promise<void> {
    this.#complain();
    const item = this.#run(work, write, this.#last).finally(() => this.#inWork.delete(item));
    this.#last = item;
    this.#inWork.add(item);
    while (this.#inWork.size > this.#most) await Promise.race(this.#inWork);
  }

  /** Waits for all that was begun. Throws the first trouble. */
  async finish(): Promise<void> {
    await Promise.all(this.#inWork);
    this.#complain();
  }

  async #run<T>(work: () => Promise<T>, write: (done: T) => Promise<void>, before: Promise<void>): Promise<void> {
    try {
      const done = await work();
      await before;
      if (!this.#trouble) await write(done);
    } catch (error) {
      this.#trouble ??= { error };
    }
  }

  #complain(): void {
    if (this.#trouble) throw this.#trouble.error;
  }
}
