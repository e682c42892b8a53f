/** What the pool tells the log. Times in milliseconds. */
export type PoolEvent =
  | { readonly type: "opened"; readonly pid: number; readonly ms: number }
  | {
      readonly type: "lost";
      readonly pid: number;
      readonly reason: string;
      readonly error: unknown;
      readonly leased: boolean;
    }
  | { readonly type: "replaced"; readonly pid: number; readonly lostPid: number; readonly ms: number }
  | { readonly type: "prewarm-short"; readonly wanted: number; readonly got: number; readonly error: unknown }
  | { readonly type: "leak"; readonly pid: number; readonly ms: number; readonly stack: string }
  | { readonly type: "passed-over"; readonly words: readonly string[] }
  | { readonly type: "waiting"; readonly waiting: number; readonly ms: number; readonly error: unknown };

export type PoolEventHandler = (event: PoolEvent) => unknown;

/**
 * Wraps a log handler so that it cannot disturb the pool: it hears of what happened a moment later, when the pool is at
 * peace with itself and may be used; and its own failure, thrown or rejected, becomes a process warning.
 */
export function guardHandler(handler: PoolEventHandler | undefined): PoolEventHandler {
  if (handler === undefined) return () => {};
  const tell = async (event: PoolEvent): Promise<void> => {
    try {
      await handler(event);
    } catch (error) {
      process.emitWarning(`Cannot report pool event ${event.type}: ${String(error)}`);
    }
  };
  return (event) => queueMicrotask(() => void tell(event));
}
