import type { ContentItem } from "../files/content-bytes.ts";
import { tidy } from "../files/temporary.ts";
import { type Analysed, analyzeContent } from "./analyze-content.ts";
import { analyzeFileJson } from "./analyze-file.ts";
import { check, reject } from "./check-file.ts";
import { type SplitContext, type SplitResult, splitContent } from "./split-content.ts";
import { type UnpackContext, unpack } from "./unpack-archive.ts";

/** What a thread can do to one item of a batch, by name. A job answers for every file; it throws only for the whole batch. */
// biome-ignore lint/suspicious/noExplicitAny: each job knows its own items; the crew's callers name the types.
export const jobs: Record<string, (item: any, context: any) => unknown> = {
  check,
  reject,
  analyzeFile: analyzeFileJson,
  unpack,
  tidy,
  analyze: unpackingFirst<UnpackContext, Analysed>(analyzeContent),
  split: unpackingFirst<SplitContext & UnpackContext, SplitResult>(splitContent),
};

/** A job that, when a content's bytes are missing on this machine, takes them out of the archives that hold them. */
function unpackingFirst<C extends UnpackContext, R extends object>(job: (item: ContentItem, context: C) => R) {
  return async (item: ContentItem, context: C): Promise<R> => {
    const result = job(item, context);
    if (!("missing" in result && result.missing) || item.archives.length === 0) return result;
    for (const path of item.archives) await unpack({ path }, context);
    return job(item, context);
  };
}
