/** A thread whose items say what becomes of it. */
import { serveJobs } from "../../lib/crew/serve-jobs.ts";
import type { JobType } from "../../lib/jobs/job-map.ts";

export interface TestJobs {
  readonly shout: JobType<string, null, string>;
}

/** An error that says all to a person. */
class Full extends Error {
  readonly forPeople = true;
}

if (!Bun.isMainThread) {
  serveJobs<TestJobs>({
    shout(item) {
      if (item === "hang") for (;;);
      if (item === "exit") process.exit(3);
      if (item === "fail") throw new Full("the disk is full");
      if (item === "fault") throw new RangeError("out of reach");
      if (item !== "throw") return item.toUpperCase();
      setTimeout(() => {
        throw new RangeError("out of reach");
      }, 0);
      return new Promise<string>(() => {});
    },
  });
}
