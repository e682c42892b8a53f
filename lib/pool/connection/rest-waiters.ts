/** Those who wait for a connection to come to rest. */
export class RestWaiters {
  readonly #waiters = new Set<(atRest: boolean) => void>();

  /** Resolves to what {@link tell} says next, or to false after `timeoutMs`. */
  wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (atRest: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve(atRest);
      };
      const timer = setTimeout(done, timeoutMs, false);
      this.#waiters.add(done);
    });
  }

  tell(atRest: boolean): void {
    if (this.#waiters.size > 0) for (const done of [...this.#waiters]) done(atRest);
  }
}
