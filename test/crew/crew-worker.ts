/** A thread whose items say what becomes of it. */
declare const self: Worker;

self.onmessage = (event: MessageEvent<{ items: string[]; progress: Int32Array }>) => {
  const { items, progress } = event.data;
  const results: string[] = [];
  for (const [i, item] of items.entries()) {
    if (Atomics.load(progress, 1) === 1) break;
    Atomics.store(progress, 0, i);
    if (item === "hang") for (;;);
    if (item === "exit") process.exit(3);
    if (item === "throw") {
      setTimeout(() => {
        throw new RangeError("out of reach");
      }, 0);
      return;
    }
    if (item === "fail") {
      self.postMessage({ results, busyMs: 0, error: { message: "the disk is full", forPeople: true } });
      return;
    }
    results.push(item.toUpperCase());
  }
  self.postMessage({ results, busyMs: 1 });
};
