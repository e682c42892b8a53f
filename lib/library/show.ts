import { createCrew, type Outcome } from "../crew/crew.ts";
import { analyzeFileJson } from "../jobs/analyze-file.ts";

export type { Features, FileAnalysis } from "../jobs/analyze-file.ts";

/** Up to this many files are done before threads have started. */
const FEW = 24;
const BATCH = 16;

/**
 * What the analysis finds in the files, a line of JSON each (a `FileAnalysis`), in the order given. A file that cannot
 * be read is said where its turn is. Ends early when `stop` is aborted.
 */
export async function* show(paths: readonly string[], stop: AbortSignal): AsyncGenerator<string> {
  for await (const line of paths.length <= FEW ? inThisThread(paths) : inThreads(paths, stop)) {
    if (stop.aborted) return;
    yield line;
  }
}

function* inThisThread(paths: readonly string[]): Generator<string> {
  for (const path of paths) yield analyzeFileJson(path);
}

/** Batches on all threads at once, handed out in order; two batches a thread are under way at most. */
async function* inThreads(paths: readonly string[], stop: AbortSignal): AsyncGenerator<string> {
  const crew = createCrew();
  const ahead: Promise<string[]>[] = [];
  try {
    for (let next = 0; next < paths.length || ahead.length > 0; ) {
      while (next < paths.length && ahead.length < 2 * crew.threads) {
        const batch = paths.slice(next, (next += BATCH));
        ahead.push(
          crew.run("analyzeFile", batch, null, stop).then((ends) => ends.flatMap((end, i) => told(batch[i]!, end))),
        );
      }
      yield* await ahead.shift()!;
    }
  } finally {
    crew.close();
  }
}

function told(path: string, end: Outcome<string>): string[] {
  if ("skipped" in end) return [];
  return ["result" in end ? end.result : JSON.stringify({ path, error: end.lost })];
}

/** Whether a line of `show` says that its file could not be read. */
export function isUnread(line: string): boolean {
  return /^\{"path":"(?:[^"\\]|\\.)*","error":/.test(line);
}
