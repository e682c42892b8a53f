import type { ContentItem } from "../files/content-bytes.ts";
import { openPartStore } from "../files/open-part-store.ts";
import { tidy } from "../files/temporary.ts";
import { analyzeContent } from "./analyze-content.ts";
import { analyzeFileJson } from "./analyze-file.ts";
import { check, reject } from "./check-file.ts";
import { drawContent } from "./draw-content.ts";
import type { JobMap, Jobs } from "./job-map.ts";
import { splitContent } from "./split-content.ts";
import { studyContent } from "./study-content.ts";
import { type UnpackContext, unpack } from "./unpack-archive.ts";

/** What a thread does to one item of a batch. A job answers for every file; it throws only for the whole batch. */
export const jobs: Jobs<JobMap> = {
  check,
  reject,
  unpack,
  analyze: unpackingFirst(analyzeContent),
  split: unpackingFirst(splitContent),
  analyzeFile: analyzeFileJson,
  draw: drawContent,
  study: studyContent,
  tidy({ folder }, _, beat) {
    tidy(folder, beat);
    return null;
  },
  async tidyParts({ out }, _, beat) {
    await openPartStore(out).tidy(beat);
    return null;
  },
};

/** What is wanted of an archive when bytes were lost: any of its members. */
type Lost = Omit<UnpackContext, "sniff" | "checkedBytes">;

/** A job that, when a content's bytes are missing on this machine, takes them out of the archives that hold them. */
function unpackingFirst<C, R extends object>(job: (item: ContentItem, context: C) => R | Promise<R>) {
  return async (item: ContentItem, context: C & Lost, beat: () => void): Promise<R> => {
    const result = await job(item, context);
    if (!("missing" in result && result.missing) || item.archives.length === 0) return result;
    for (const path of item.archives) await unpack({ path }, { ...context, sniff: true, checkedBytes: 0 }, beat);
    return await job(item, context);
  };
}
