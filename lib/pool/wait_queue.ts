import type { Slot } from "./slot.ts";

/** One caller waiting for a connection. */
export interface Waiter {
  /** When it began to wait, by `performance.now()`. */
  readonly since: number;
  readonly grant: (slot: Slot, now: number) => void;
  readonly refuse: (error: unknown) => void;
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

  /** Adds a waiter at the end; the function returned takes it out again and tells whether it was still waiting. */
  push(waiter: Waiter): () => boolean {
    const node: Node = { waiter, previous: this.#tail, next: undefined, queued: true };
    if (this.#tail === undefined) this.#head = node;
    else this.#tail.next = node;
    this.#tail = node;
    this.#length++;
    return () => this.#remove(node);
  }

  /** As {@link push}, but before everybody. */
  unshift(waiter: Waiter): () => boolean {
    const node: Node = { waiter, previous: undefined, next: this.#head, queued: true };
    if (this.#head === undefined) this.#tail = node;
    else this.#head.previous = node;
    this.#head = node;
    this.#length++;
    return () => this.#remove(node);
  }

  shift(): Waiter | undefined {
    const node = this.#head;
    if (node === undefined) return undefined;
    this.#remove(node);
    return node.waiter;
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
