import { type AnalyzeOptions, analysisTally, analyzeContents } from "./analyze-contents.ts";
import { type ImportOptions, importFolder } from "./import-folder.ts";
import { type ImportTally, importTally } from "./import-tally.ts";
import type { Session } from "./session.ts";
import { type SplitOptions, type SplitTally, splitContents, splitTally } from "./split-contents.ts";
import type { Tally } from "./tally.ts";
import { createBell } from "./wake-up.ts";

/** What to do; a phase that is left out is skipped. */
export interface Job {
  readonly import?: ImportOptions;
  readonly analysis?: AnalyzeOptions;
  readonly split?: SplitOptions;
}

/** The tallies of a job's phases; null for a phase that is left out. */
export interface JobTallies {
  readonly import: ImportTally | null;
  readonly analysis: Tally<never> | null;
  readonly split: SplitTally | null;
}

export function jobTallies(job: Job): JobTallies {
  return {
    import: job.import ? importTally() : null,
    analysis: job.analysis ? analysisTally() : null,
    split: job.split ? splitTally() : null,
  };
}

/** Those there are, in the order of the phases. */
export function tallyList(tallies: JobTallies): Tally[] {
  return [tallies.import, tallies.analysis, tallies.split].filter((tally) => tally !== null);
}

/**
 * Runs the phases of a job side by side over one pool and one crew. They meet only in the database: what the import
 * stores the others claim. A phase that cannot go on ends with its error in its tally; the others go on.
 */
export async function orchestrate(session: Session, job: Job, tallies: JobTallies): Promise<void> {
  const bell = createBell();
  const feed = { ended: !job.import, bell };
  const endFeed = () => {
    feed.ended = true;
    bell.ring();
  };
  const onNew = (analyse: number, split: number) => {
    if (tallies.analysis) tallies.analysis.total += analyse;
    if (tallies.split) tallies.split.total += split;
    bell.ring();
  };
  const phases: Promise<void>[] = [];
  if (job.import && tallies.import) {
    const importing = importFolder(session, { ...job.import, onNew }, tallies.import);
    phases.push(ending(tallies.import, importing.finally(endFeed)));
  }
  if (job.analysis && tallies.analysis) {
    phases.push(ending(tallies.analysis, analyzeContents(session, job.analysis, tallies.analysis, feed)));
  }
  if (job.split && tallies.split) {
    phases.push(ending(tallies.split, splitContents(session, job.split, tallies.split, feed)));
  }
  await Promise.all(phases);
}

/** The end of a phase, in good order or not. */
async function ending(tally: Tally, phase: Promise<void>): Promise<void> {
  try {
    await phase;
  } catch (error) {
    tally.error = error as Error;
    tally.endedMs ??= performance.now();
  }
}
