import type { Outcome } from "../crew/crew.ts";
import { tooLargeForMemory } from "../crew/memory-budget.ts";
import type { JobMap } from "../jobs/job-map.ts";
import type { Session } from "./session.ts";

/** The jobs that read a file into memory. */
type ReadingJob = "check" | "analyze" | "split";

/**
 * Works on items whose sizes are known: ordinary ones in one batch, large ones alone, those that would not fit not at
 * all; they are lost with that reason. Outcomes are in the order of the items.
 */
export async function runWithinMemory<K extends ReadingJob>(
  { crew, memory, stop: sessionStop }: Session,
  job: K,
  items: readonly { readonly item: JobMap[K]["item"]; readonly size: number }[],
  context: JobMap[K]["context"] & { readonly maxBytes: number },
  stop: AbortSignal = sessionStop,
): Promise<(Outcome<JobMap[K]["result"]> | { readonly refused: string })[]> {
  // What is larger than is read at all costs nothing.
  const isLarge = (size: number) => size > memory.ordinaryBytes && size <= context.maxBytes;
  const ordinary = items.filter(({ size }) => !isLarge(size));
  const batch = await crew.run(
    job,
    ordinary.map(({ item }) => item),
    context,
    stop,
  );
  if (ordinary.length === items.length) return batch;
  const done = batch.values();
  const outcomes: (Outcome<JobMap[K]["result"]> | { readonly refused: string })[] = [];
  for (const { item, size } of items) {
    if (!isLarge(size)) outcomes.push(done.next().value ?? { skipped: true });
    else if (size > memory.largestBytes) outcomes.push({ refused: tooLargeForMemory(size, memory) });
    else outcomes.push(await crew.runAlone(job, item, context, stop));
  }
  return outcomes;
}
