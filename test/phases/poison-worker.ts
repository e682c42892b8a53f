/** A thread of the crew to which some files are poison: a check of `hang*` never ends, one of `crash*` ends the thread. */
import { basename } from "node:path";
import { jobs } from "../../lib/jobs/jobs.ts";
import "../../lib/crew/worker.ts";

const check = jobs.check!;
jobs.check = (item: { readonly path: string }, context: unknown) => {
  const name = basename(item.path);
  if (name.startsWith("hang")) for (;;);
  if (name.startsWith("crash")) process.exit(3);
  return check(item, context);
};
