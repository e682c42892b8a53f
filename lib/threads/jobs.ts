import { analyzeContent } from "./analyze.ts";
import { check } from "./check.ts";
import { splitContent } from "./split.ts";

/** What a thread can do to one item of a batch, by name. A job answers for every file; it throws only for the whole batch. */
// biome-ignore lint/suspicious/noExplicitAny: each job knows its own items; the crew's callers name the types.
export const jobs: Record<string, (item: any, context: any) => unknown> = {
  check,
  analyze: analyzeContent,
  split: splitContent,
};
