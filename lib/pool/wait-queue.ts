import { LONGEST_TIMER_MS } from "./connection/answer-timer.ts";
import type { Connection } from "./connection/connection.ts";
import { PoolError } from "./errors.ts";

/** One caller waiting for a connection. */
export interface Waiter {
  /** When it began to wait, by `performance.now()`. */
  readonly since: number;
  readonly grant: (connection: Connection, now: number) => void;
  readonly refuse: (error: unknown) => void;
}

/** What one caller wants, and how long it waits for it. */
export interface Request extends Omit<Waiter, "since"> {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** True to stand in front of everybody. */
  readonly first?: boolean;
  /** The error to refuse it with when its time has run out. */
  readonly timedOut: () => PoolError;
}

interface Node {
  readonly waiter: Waiter;
  previous: Node | undefined;
  next: Node | undefined;
  queued: boolean;
}

/** Callers in the order they came. One that gives up leaves at once, from wherever it stands. */
export class WaitQueue {
  #head: Node | undefined;
  #tail: Node | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The one that has waited longest. */
  get first(): Waiter | undefined {
    return this.#head?.waiter;
  }

  /**
   * Queues a request, in front of everybody when it says so. Its timeout and its signal take it out again at once.
   * Exactly one of `grant`, `refuse` and `timedOut` is called.
   */
  enter(request: Request): void {
    const { timeoutMs, signal, grant, refuse, timedOut } = request;
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    const waiter = {
      since: performance.now(),
      grant: (connection: Connection, now: number) => {
        settle();
        grant(connection, now);
      },
      refuse: (error: unknown) => {
        settle();
        refuse(error);
      },
    };
    const node = request.first ? this.#unshift(waiter) : this.#push(waiter);
    const abort = (): void => {
      if (this.#remove(node)) waiter.refuse(aborted(signal!));
    };
    const timer = setTimeout(
      () => {
        if (this.#remove(node)) waiter.refuse(timedOut());
      },
      Math.min(timeoutMs, LONGEST_TIMER_MS),
    );
    signal?.addEventListener("abort", abort);
  }

  shift(): Waiter | undefined {
    const node = this.#head;
    if (node === undefined) return undefined;
    this.#remove(node);
    return node.waiter;
  }

  #push(waiter: Waiter): Node {
    const node: Node = { waiter, previous: this.#tail, next: undefined, queued: true };
    if (this.#tail === undefined) this.#head = node;
    else this.#tail.next = node;
    this.#tail = node;
    this.#length++;
    return node;
  }

  #unshift(waiter: Waiter): Node {
    const node: Node = { waiter, previous: undefined, next: this.#head, queued: true };
    if (this.#head === undefined) this.#tail = node;
    else this.#head.previous = node;
    this.#head = node;
    this.#length++;
    return node;
  }

  #remove(node: Node): boolean {
    if (!node.queued) return false;
    node.queued = false;
    if (node.previous === undefined) this.#head = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#tail = node.previous;
    else node.next.previous = node.previous;
    this.#length--;
    return true;
  }
}

/** The error for a caller whose signal fired while it waited. */
export function aborted(signal: AbortSignal): PoolError {
  return new PoolError("ACQUIRE_ABORTED", "Cannot acquire a connection: the caller gave up", signal.reason);
}
