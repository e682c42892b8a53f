import { createCrew, type Outcome } from "../threads/crew.ts";
import { type Look, lookJson } from "../threads/look.ts";
import { showPage } from "./show-page.ts";

export interface ShowOptions {
  /** One JSON object a line instead of a page a file. */
  readonly json: boolean;
  readonly stop: AbortSignal;
  /** Takes the text of one file; waited for, so that a slow reader slows the work and does not fill the memory. */
  write(text: string): Promise<void>;
}

/** Up to this many files are done before threads have started. */
const FEW = 24;
const BATCH = 16;

/** Says what the analysis finds in the files, in the order given. A file that cannot be read is said where its turn is. */
export async function show(paths: readonly string[], options: ShowOptions): Promise<void> {
  const lines = paths.length <= FEW ? here(paths) : inThreads(paths, options.stop);
  for await (const line of lines) {
    if (options.stop.aborted) return;
    await options.write(options.json ? `${line}\n` : showPage(JSON.parse(line) as Look));
  }
}

function* here(paths: readonly string[]): Generator<string> {
  for (const path of paths) yield lookJson(path);
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
          crew.run<string>("look", batch, null, stop).then((ends) => ends.flatMap((end, i) => told(batch[i]!, end))),
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
