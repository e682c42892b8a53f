import { type AnalyzeOptions, analysisTally, analyzeContents } from "./analyze-contents.ts";
import { type ImportOptions, importFolder, importTally } from "./import-folder.ts";
import type { Session } from "./session.ts";
import { type SplitOptions, splitContents, splitTally } from "./split-contents.ts";
import type { Tally } from "./tally.ts";
import { createBell } from "./wake-up.ts";

/** What to do; a phase that is left out is skipped. */
export interface Job {
  readonly import?: ImportOptions;
  readonly analysis?: AnalyzeOptions;
  readonly split?: SplitOptions;
}

/** The tallies of a job's phases, in the order of the phases. */
export function jobTallies(job: Job): Tally[] {
  return [
    ...(job.import ? [importTally()] : []),
    ...(job.analysis ? [analysisTally()] : []),
    ...(job.split ? [splitTally()] : []),
  ];
}

/**
 * Runs the phases of a job side by side over one pool and one crew. They meet only in the database: what the import
 * stores the others claim. A phase that cannot go on ends with its error in its tally; the others go on.
 */
export async function orchestrate(session: Session, job: Job, tallies: readonly Tally[]): Promise<void> {
  const bell = createBell();
  const feed = { ended: !job.import, bell };
  const tally = (phase: Tally["phase"]) => tallies.find((each) => each.phase === phase)!;
  const onNew = (analyse: number, split: number) => {
    if (job.analysis) tally("analysis").total += analyse;
    if (job.split) tally("split").total += split;
    bell.ring();
  };
  const phases: [Tally["phase"], () => Promise<void>][] = [];
  if (job.import) {
    const options = { ...job.import, onNew };
    const endFeed = () => {
      feed.ended = true;
      bell.ring();
    };
    phases.push(["import", () => importFolder(session, options, tally("import")).finally(endFeed)]);
  }
  const { analysis, split } = job;
  if (analysis) phases.push(["analysis", () => analyzeContents(session, analysis, tally("analysis"), feed)]);
  if (split) phases.push(["split", () => splitContents(session, split, tally("split"), feed)]);
  await Promise.all(
    phases.map(([phase, start]) =>
      start().catch((error: Error) => {
        tally(phase).error = error;
        tally(phase).endedMs ??= performance.now();
      }),
    ),
  );
}
