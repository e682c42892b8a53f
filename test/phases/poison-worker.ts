/** A thread of the crew to which some files are poison: a check of `hang*` never ends, one of `crash*` ends the thread. */
import { basename } from "node:path";
import { serveJobs } from "../../lib/crew/serve-jobs.ts";
import type { JobMap } from "../../lib/jobs/job-map.ts";
import { jobs } from "../../lib/jobs/jobs.ts";

serveJobs<JobMap>({
  ...jobs,
  check(item, context, beat) {
    const name = basename(item.path);
    if (name.startsWith("hang")) for (;;);
    if (name.startsWith("crash")) process.exit(3);
    return jobs.check(item, context, beat);
  },
});
