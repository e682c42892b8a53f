let progress: Int32Array | null = null;

/** Where this thread shows that it moves. */
export function setPulse(shared: Int32Array): void {
  progress = shared;
}

/** Says that a long item is still being worked on: the time limit of an item counts from here. */
export function pulse(): void {
  if (progress) Atomics.add(progress, 2, 1);
}
