/**
 * Playing order: by tick, at one tick in the given order. `indices` hold rising runs (one a track), so that merging
 * the runs, two and two, is all it takes. Sorts in place.
 */
export function byTick(indices: Uint32Array, tick: Uint32Array): Uint32Array {
  let runs = risingRuns(indices, tick);
  let from = indices;
  let to = runs.length > 2 ? new Uint32Array(indices.length) : indices;
  while (runs.length > 2) {
    const merged = [0];
    for (let r = 0; r + 1 < runs.length; r += 2) {
      const middle = runs[r + 1]!;
      const end = runs[r + 2] ?? middle;
      merge(from, to, tick, runs[r]!, middle, end);
      merged.push(end);
    }
    runs = merged;
    [from, to] = [to, from];
  }
  if (from !== indices) indices.set(from);
  return indices;
}

/** Starts of the runs and the end of the last. */
function risingRuns(indices: Uint32Array, tick: Uint32Array): number[] {
  const starts = [0];
  for (let k = 1; k < indices.length; k++) {
    if (tick[indices[k]!]! < tick[indices[k - 1]!]!) starts.push(k);
  }
  starts.push(indices.length);
  return starts;
}

function merge(from: Uint32Array, to: Uint32Array, tick: Uint32Array, start: number, middle: number, end: number) {
  let a = start;
  let b = middle;
  for (let k = start; k < end; k++) {
    if (b >= end || (a < middle && tick[from[a]!]! <= tick[from[b]!]!)) to[k] = from[a++]!;
    else to[k] = from[b++]!;
  }
}
