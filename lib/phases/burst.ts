/** Says what happens many times at once in one line. */
export interface Burst {
  /** Something happened: told with the next line. */
  add(text: string): void;
  /** Tells at once what is not told yet. */
  flush(): void;
}

const BURST_MS = 1000;

/** Gathers for a second from the first of a burst, then says the first text and how many there were. */
export function createBurst(say: (text: string, count: number) => void): Burst {
  let first = "";
  let count = 0;
  let timer: Timer | undefined;
  const flush = () => {
    clearTimeout(timer);
    if (count > 0) say(first, count);
    count = 0;
  };
  return {
    flush,
    add(text) {
      if (count++ > 0) return;
      first = text;
      timer = setTimeout(flush, BURST_MS);
      timer.unref();
    },
  };
}
