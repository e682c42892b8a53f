/** Tells waiting lanes that there may be more to do. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `ms`, or when `stop` is aborted. */
  wait(ms: number, stop: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let waiting: (() => void)[] = [];
  const ring = () => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    ring,
    wait(ms, stop) {
      if (stop.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          stop.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        stop.addEventListener("abort", wake, { once: true });
        waiting.push(wake);
      });
    },
  };
}
